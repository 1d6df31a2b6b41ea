import assert from 'node:assert/strict';
import { copyFile, readFile, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isHyperslabError } from '@hyperslab/errors';
import type { Dataset } from '@hyperslab/proto/cube';
import { repository, sharedData } from '@hyperslab/testing';
import { publish, withEnvironment } from './run-publish.ts';

const shared = sharedData();
const messages = [
  'grib1/era5-levels-members.grib',
  'grib1/multi_param_on_multi_dims.grib',
  'grib2/nam.t00z.awp21100.tm00.grib2',
];

function contentOf({ provenance, ...dataset }: Dataset) {
  return { ...dataset, notes: provenance?.notes, leftOut: provenance?.leftOut };
}

/** Copies a file, as nobody has written it for a while. */
async function place(from: string, to: string): Promise<number> {
  await copyFile(from, to);
  const before = new Date(Date.now() - 60_000);
  await utimes(to, before, before);
  // Longer than a tick of the clock that tells when that was.
  await delay(40);
  return (await readFile(to)).length;
}

describe('large files of messages (needs ../shared/data)', function () {
  this.timeout(60_000);

  before(function () {
    if (shared === undefined) this.skip();
  });

  for (const path of messages)
    it(`are published in parts as they are in one: ${path}`, () =>
      withEnvironment(async (environment, folder) => {
        const size = await place(join(shared!, path), join(folder, basename(path)));
        const urls = [`${folder}/`];
        const whole = await publish({ ...environment, maker: '' }, { urls, partBytes: 0 });
        assert.deepEqual([whole.tasks, whole.large], [1, []]);
        const partBytes = Math.floor(size / 6.5);
        const parted = await publish(environment, { urls, partBytes });
        assert.deepEqual(parted.large, [{ object: 0, firstTask: 1, parts: 7 }]);
        assert.equal(parted.tasks, 8);
        assert.deepEqual(contentOf(parted.dataset), contentOf(whole.dataset));
        // Its index is kept, and then there is nothing to gather.
        const again = await publish(environment, { urls, partBytes });
        assert.deepEqual([again.tasks, again.large], [1, []]);
        assert.equal(again.dataset.provenance?.bytesRead, 0);
        assert.deepEqual(contentOf(again.dataset), contentOf(whole.dataset));
      }));

  it('keep their place among others, and files of other formats are none', () =>
    withEnvironment(async (environment, folder) => {
      const sizes: number[] = [];
      for (const [i, path] of messages.entries())
        sizes.push(await place(join(shared!, path), join(folder, `${i}.grib`)));
      await place(join(repository, 'fixtures/netcdf3/cdf1_every_type.nc'), join(folder, '1a.nc'));
      const urls = [`${folder}/`];
      const partBytes = Math.floor(Math.min(...sizes) / 2);
      const merges = async (bytes: number) => {
        const made = await publish({ ...environment, maker: '' }, { urls, partBytes: bytes }).catch(
          (error) => {
            if (!isHyperslabError(error, 'MERGE_CONFLICT')) throw error;
            return error.message as string;
          },
        );
        return typeof made === 'string' ? { conflict: made } : { content: contentOf(made.dataset), ...made };
      };
      const [whole, parted] = [await merges(0), await merges(partBytes)];
      if ('conflict' in whole) assert.deepEqual(parted, whole);
      else {
        assert.ok('content' in parted);
        assert.deepEqual(parted.content, whole.content);
        assert.deepEqual(
          parted.large.map(({ object }) => object),
          [0, 1, 3],
        );
        assert.equal(parted.listed, 4);
      }
    }));

  it('that are cut off are refused, or left for later by a follower', () =>
    withEnvironment(async (environment, folder) => {
      const bytes = await readFile(join(shared!, messages[0]));
      const cut = join(folder, 'cut.grib2');
      await writeFile(cut, bytes.subarray(0, bytes.length - 10));
      await place(join(shared!, messages[0]), join(folder, 'whole.grib2'));
      const partBytes = Math.floor(bytes.length / 3);
      const urls = [`${folder}/`];
      await assert.rejects(publish(environment, { urls, partBytes }), { reason: 'FORMAT_CORRUPT' });
      const { dataset } = await publish(environment, { urls, partBytes, following: { settleMs: 0 } });
      assert.deepEqual(
        dataset.provenance?.leftOut.map(({ url, reason }) => [basename(url), reason]),
        [['cut.grib2', 'FORMAT_CORRUPT']],
      );
      assert.equal(dataset.provenance?.objects, 1);
    }));
});
