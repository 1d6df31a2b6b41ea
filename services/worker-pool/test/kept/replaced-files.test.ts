import assert from 'node:assert/strict';
import { chmod, rename, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { FileIndex } from '@hyperslab/proto/index';
import { ReadArrayRequest } from '@hyperslab/proto/worker';
import { readArray } from '@hyperslab/reader';
import { publish, withEnvironment } from '../tasks/run-publish.ts';
import { timesFile } from '../tasks/times-file.ts';

/** The first hour that an index holds. */
function firstHour({ root }: FileIndex): number {
  const time = root?.variables.find(({ name }) => name === 'time');
  return Buffer.from(time!.inlineValues!.data).readDoubleLE();
}

/** Long enough for a change after it to have a time of its own. */
const tickMs = 40;

describe('a file that is replaced by one of the same size and time', () => {
  const modified = new Date('2026-11-01T00:00:00Z');
  const ways: Record<string, (path: string, content: Buffer) => Promise<void>> = {
    async 'beside it and moved, as by rsync --times'(path, content) {
      await writeFile(`${path}.new`, content);
      await utimes(`${path}.new`, modified, modified);
      await rename(`${path}.new`, path);
    },
    async 'in its place, as by cp --preserve'(path, content) {
      await writeFile(path, content);
      await utimes(path, modified, modified);
    },
  };
  for (const [way, write] of Object.entries(ways))
    it(`is indexed anew: ${way}`, () =>
      withEnvironment(async (environment, folder) => {
        const path = join(folder, 'a.nc');
        const urls = [path];
        await write(path, timesFile([0, 1, 2]));
        await delay(tickMs);
        const old = await publish(environment, { urls });
        assert.equal(firstHour(old.files[0]), 0);
        const again = await publish(environment, { urls });
        assert.deepEqual([again.dataset.provenance?.bytesRead, firstHour(again.files[0])], [0, 0]);
        const { size, mtimeMs } = await stat(path);
        await write(path, timesFile([700, 701, 702]));
        assert.deepEqual([(await stat(path)).size, (await stat(path)).mtimeMs], [size, mtimeMs]);
        await delay(tickMs);
        const replaced = await publish(environment, { urls });
        assert.equal(firstHour(replaced.files[0]), 700);
        assert.ok(replaced.dataset.provenance!.bytesRead > 0);
        assert.equal((await publish(environment, { urls })).dataset.provenance?.bytesRead, 0);
      }));

  it('is read by the version that is made of it, though a worker holds chunks of the one before', () =>
    withEnvironment(async (environment, folder) => {
      const path = join(folder, 'a.nc');
      const { signal } = new AbortController();
      for (const hours of [
        [0, 1, 2],
        [700, 701, 702],
      ]) {
        await ways['in its place, as by cp --preserve'](path, timesFile(hours, 't'));
        await delay(tickMs);
        const { dataset } = await publish(environment, { urls: [path] });
        const wanted = ReadArrayRequest.fromPartial({
          variable: dataset.variables.find(({ name }) => name === 't'),
          manifest: dataset.manifest,
        });
        // Twice, from the file and from memory.
        for (const from of ['file', 'memory']) {
          const before = environment.counts().storageBytes;
          const { values } = await readArray(await environment.readRequest(wanted, signal));
          assert.deepEqual([...values], hours);
          assert.equal(environment.counts().storageBytes > before, from === 'file');
        }
      }
    }));

  it('is no other state to those who read it when only its permissions change', () =>
    withEnvironment(async (environment, folder) => {
      const path = join(folder, 'a.nc');
      await writeFile(path, timesFile([0, 1]));
      await utimes(path, modified, modified);
      await delay(tickMs);
      const source = environment.storage.open(path);
      const { file, ...expect } = await source.stat();
      assert.ok(file !== undefined && file.inode === String((await stat(path)).ino));
      await chmod(path, 0o600);
      await delay(tickMs);
      const now = await source.stat();
      assert.notEqual(now.file?.changedUs, file.changedUs);
      for (const state of [expect, { ...expect, file }])
        assert.equal((await source.read([{ offset: 0, length: 3 }], { expect: state })).length, 1);
    }));
});

describe('a publish that wants all fresh', () => {
  it('uses no kept index, and keeps those that it makes', () =>
    withEnvironment(async (environment, folder) => {
      const path = join(folder, 'a.nc');
      await writeFile(path, timesFile([0, 1]));
      await utimes(path, 1e9, 1e9);
      await delay(tickMs);
      const bytes = async (fresh: boolean) =>
        (await publish(environment, { urls: [path], fresh })).dataset.provenance!.bytesRead;
      const read = await bytes(false);
      assert.ok(read > 0);
      assert.deepEqual([await bytes(false), await bytes(true), await bytes(false)], [0, read, 0]);
    }));
});
