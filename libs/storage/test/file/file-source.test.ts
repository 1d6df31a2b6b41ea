import assert from 'node:assert/strict';
import { readdir, rename, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withTemporaryDirectory } from '@hyperslab/testing';
import { createStorage } from '../../src/index.ts';
import { patternBytes, rejectsWith } from '../store-contract.ts';

describe('files', () => {
  const range = { offset: 0, length: 10 };

  it('that another took the place of are noticed, though the old one is still open', async () => {
    await withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'a.nc');
      await writeFile(path, patternBytes(100));
      const storage = createStorage({ roots: [folder] });
      const source = storage.open(path);
      const expect = await source.stat();
      await source.read([range], { expect });
      await writeFile(join(folder, 'new'), patternBytes(100));
      // The kernel's clock ticks every few milliseconds; the two files may have been written within one tick.
      await utimes(join(folder, 'new'), 1e9, 1e9);
      await rename(join(folder, 'new'), path);
      await rejectsWith('OBJECT_CHANGED', source.read([range], { expect }), /last modification/);
      await storage.close();
    });
  });

  it('that are cut off while they are read are not taken for whole', async () => {
    await withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'a.nc');
      await writeFile(path, patternBytes(100));
      const storage = createStorage({ roots: [folder] });
      const source = storage.open(path);
      const expect = await source.stat();
      await truncate(path, 5);
      await rejectsWith(
        'OBJECT_CHANGED',
        source.read([range], { expect }),
        /expected 100 bytes, found 5 bytes/,
      );
      await rejectsWith('SHORT_READ', source.read([range]), /expected 10 bytes, found 5/);
      await storage.close();
    });
  });

  it('are compared by the microsecond', async () => {
    await withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'a.nc');
      await writeFile(path, patternBytes(100));
      const storage = createStorage({ roots: [folder] });
      const source = storage.open(path);
      await utimes(path, 1e9, 1e9 + 0.000_001);
      const expect = await source.stat();
      await utimes(path, 1e9, 1e9 + 0.000_003);
      await rejectsWith('OBJECT_CHANGED', source.read([range], { expect }));
      await storage.close();
    });
  });

  it('by the hundred are read with few of them open', async () => {
    await withTemporaryDirectory(async (folder) => {
      const paths = Array.from({ length: 1000 }, (_, i) => join(folder, `${i}.nc`));
      await Promise.all(paths.map((path) => writeFile(path, path.padEnd(200))));
      const storage = createStorage({ roots: [folder] });
      let most = 0;
      const found = await Promise.all(
        paths.map(async (path, i) => {
          const [bytes] = await storage.open(path).read([{ offset: 0, length: 200 }]);
          if (i % 50 === 0) most = Math.max(most, (await readdir('/proc/self/fd').catch(() => [])).length);
          return Buffer.from(bytes).toString().trimEnd();
        }),
      );
      assert.deepEqual(found, paths);
      assert.ok(most < 400, `${most} open files`);
      await storage.close();
    });
  });
});
