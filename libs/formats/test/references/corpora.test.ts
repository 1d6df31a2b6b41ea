import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isHyperslabError } from '@hyperslab/errors';
import { sharedCorpora } from '@hyperslab/testing';
import { valuesOf, withStore } from '../zarr/reference.ts';

/** What each of the references describes: a field of a run that began at 2024-06-13T12:00Z, on this grid. */
const start = Date.UTC(2024, 5, 13, 12) / 1000;
const steps = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i / 4);
const latitudes = steps(39, 29);
const longitudes = steps(12, 37);

describe('references that kerchunk made of GRIB (need ../shared/corpora)', () => {
  before(function () {
    if (sharedCorpora() === undefined) this.skip();
  });

  it('hold the coordinates of their fields, which are named without a file that is not there', async () => {
    const folder = join(sharedCorpora()!, 'xarray-data/references');
    const files = readdirSync(folder).sort();
    assert.equal(files.length, 10);
    for (const [i, file] of files.entries()) {
      const name = ['u10', 'v10', 'gust'][i % 3];
      await withStore(join(folder, file), async (store) => {
        assert.equal(store.index.format, 'references');
        const numbers = async (path: string) =>
          Array.from((await valuesOf(store, store.variables.get(path)!)).values, Number);
        const hours = Math.floor(i / 3);
        assert.deepEqual(await numbers('/latitude'), latitudes, file);
        assert.deepEqual(await numbers('/longitude'), longitudes, file);
        assert.deepEqual(await numbers('/time'), [start], file);
        assert.deepEqual(await numbers('/step'), [hours], file);
        assert.deepEqual(await numbers('/valid_time'), [start + 3600 * hours], file);
        assert.deepEqual(await numbers(name === 'gust' ? '/surface' : '/heightAboveGround'), [
          name === 'gust' ? 0 : 10,
        ]);
        const field = store.variables.get(`/${name}`)!;
        assert.deepEqual(
          [field.shape, field.dimensions],
          [
            [29, 37],
            ['/latitude', '/longitude'],
          ],
          file,
        );
        await assert.rejects(
          valuesOf(store, field),
          (error) =>
            isHyperslabError(error, 'OBJECT_NOT_FOUND') && /references\/example\.grb/.test(error.message),
        );
      });
    }
  });
});
