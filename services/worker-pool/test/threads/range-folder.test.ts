import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KeptRanges } from '@hyperslab/reader';
import { withTemporaryDirectory } from '@hyperslab/testing';
import { openRangeFolder } from '../../src/threads/range-folder.ts';

const plain = (length: number) => new Uint8Array(length);

describe('the folder of kept ranges', () => {
  it('is that of a process that is gone, with what it kept', () =>
    withTemporaryDirectory(async (folder) => {
      const before = new KeptRanges((await openRangeFolder(folder, 2 ** 20))!, 1);
      await before.write('a', Uint8Array.of(1, 2, 3));
      const child = spawn(process.execPath, ['--eval', '']);
      await once(child, 'exit');
      await writeFile(join(folder, '0.pid'), String(child.pid));
      const after = new KeptRanges((await openRangeFolder(folder, 2 ** 20))!, 1);
      assert.deepEqual(await after.read('a', 3, plain), Uint8Array.of(1, 2, 3));
      assert.equal(await readFile(join(folder, '0.pid'), 'utf8'), String(process.pid));
    }));

  it('is another one while that of a process that lives is there', () =>
    withTemporaryDirectory(async (folder) => {
      await openRangeFolder(folder, 2 ** 20);
      await writeFile(join(folder, '0.pid'), String(process.ppid));
      const share = await openRangeFolder(folder, 2 ** 20);
      assert.equal(share?.folder, join(folder, '1'));
    }));
});
