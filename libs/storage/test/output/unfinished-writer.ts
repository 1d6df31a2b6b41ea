/**
 * Begins `a.bin` in a folder. With a length it writes so many bytes and says what came of it, else it waits to be killed.
 *
 *     node unfinished-writer.ts FOLDER LENGTH
 */
import { join } from 'node:path';
import { asHyperslabError } from '@hyperslab/errors';
import { createAtomicFile } from '../../src/file/atomic-file.ts';

const [folder, length] = process.argv.slice(2);
const file = await createAtomicFile(join(folder, 'a.bin'));
if (Number(length) < 0) {
  process.stdout.write('begun\n');
  setInterval(() => {}, 1000);
} else {
  try {
    await file.write(new Uint8Array(Number(length)), 0);
    await file.commit(Number(length));
    process.stdout.write('written\n');
  } catch (error) {
    const { reason, message } = asHyperslabError(error);
    process.stdout.write(`${reason} ${message}\n`);
    await file.discard();
  }
}
