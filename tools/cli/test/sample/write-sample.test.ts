import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isHyperslabError } from '@hyperslab/errors';
import { withTemporaryDirectory } from '@hyperslab/testing';
import { writeSample } from '../../src/sample/write-sample.ts';

const mebibyte = 2 ** 20;

async function hashes(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).sort();
  const files = await Promise.all(names.map((name) => readFile(join(folder, name))));
  return Object.fromEntries(
    files.map((bytes, i) => [names[i], createHash('sha256').update(bytes).digest('hex')]),
  );
}

describe('writeSample', function () {
  this.timeout(60_000);

  for (const size of [mebibyte, 3 * mebibyte, 10 * mebibyte])
    it(`writes ${size / mebibyte} MiB, give or take a tenth`, () =>
      withTemporaryDirectory(async (folder) => {
        const seen: number[] = [];
        const written = await writeSample(folder, { size, onProgress: ({ files }) => seen.push(files) });
        const sizes = await Promise.all(
          (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size),
        );
        const bytes = sizes.reduce((sum, each) => sum + each, 0);
        assert.deepEqual(written, { files: sizes.length, bytes });
        assert.ok(Math.abs(bytes - size) < 0.1 * size, `${bytes} of ${size}`);
        assert.deepEqual(
          seen,
          sizes.map((_, i) => i + 1),
        );
      }));

  it('writes the same bytes for the same seed, and others for another', () =>
    withTemporaryDirectory(async (folder) => {
      const [first, second, other] = ['first', 'second', 'other'].map((name) => join(folder, name));
      await writeSample(first, { size: mebibyte, seed: 5 });
      await writeSample(second, { size: mebibyte, seed: 5 });
      await writeSample(other, { size: mebibyte, seed: 6 });
      assert.deepEqual(await hashes(second), await hashes(first));
      assert.notDeepEqual(await hashes(other), await hashes(first));
    }));

  it('writes as many steps as are asked for', () =>
    withTemporaryDirectory(async (folder) => {
      assert.equal((await writeSample(folder, { size: mebibyte, times: 3 })).files, 3);
      assert.deepEqual((await readdir(folder)).sort(), ['run_000.nc', 'run_001.nc', 'run_002.nc']);
    }));

  it('refuses a folder with steps of a longer run', () =>
    withTemporaryDirectory(async (folder) => {
      await writeSample(folder, { size: mebibyte, times: 5 });
      await assert.rejects(
        writeSample(folder, { size: mebibyte, times: 3 }),
        (error) => isHyperslabError(error, 'INVALID_ARGUMENT') && /run_00[34]\.nc/.test(error.message),
      );
    }));

  it('leaves only whole files when it is cancelled', () =>
    withTemporaryDirectory(async (folder) => {
      const cancel = new AbortController();
      const onProgress = () => cancel.abort();
      await assert.rejects(
        writeSample(folder, { size: 20 * mebibyte, onProgress, signal: cancel.signal }),
        (error) => isHyperslabError(error, 'CANCELLED'),
      );
      for (const name of await readdir(folder)) assert.match(name, /^run_\d{3}\.nc$/);
    }));

  it('refuses sizes that hold no run', async () => {
    for (const size of [0, mebibyte - 1, Number.NaN])
      await assert.rejects(writeSample('unused', { size }), (error) =>
        isHyperslabError(error, 'INVALID_ARGUMENT'),
      );
  });
});
