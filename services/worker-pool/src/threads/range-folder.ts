import { mkdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type KeptRangesShare, openKeptRanges } from '@hyperslab/reader';
import { isAlive } from '../blocks/is-alive.ts';

/** Workers of one machine that share a state folder have a folder each, at most so many. */
const mostFolders = 1024;

/** Opens the first folder of kept ranges below a folder that no other process has, with what is there from a process that is gone. */
export async function openRangeFolder(
  below: string,
  limitBytes: number,
): Promise<KeptRangesShare | undefined> {
  await mkdir(below, { recursive: true });
  for (let number = 0; number < mostFolders; number++) {
    if (await claim(join(below, `${number}.pid`)))
      return openKeptRanges(join(below, String(number)), limitBytes);
  }
  return undefined;
}

/** Writes our process into a file, if none that lives is in it. */
async function claim(path: string): Promise<boolean> {
  if (await writeOwn(path)) return true;
  const owner = Number(await readFile(path, 'utf8').catch(() => ''));
  if (owner !== process.pid && owner > 0 && isAlive(owner)) return false;
  // Of several that find it dead, one can rename it.
  const aside = `${path}.${process.pid}`;
  const isOurs = await rename(path, aside).then(
    () => true,
    () => false,
  );
  if (!isOurs) return false;
  await unlink(aside);
  return writeOwn(path);
}

function writeOwn(path: string): Promise<boolean> {
  return writeFile(path, String(process.pid), { flag: 'wx' }).then(
    () => true,
    () => false,
  );
}
