import assert from 'node:assert/strict';
import { join } from 'node:path';
import { hasPython, runPython, withTemporaryDirectory } from '@hyperslab/testing';
import { valuesOf, withStore } from '../zarr/reference.ts';

const script = join(import.meta.dirname, 'foreign/write-parquet.py');

describe('references in Parquet', function () {
  this.timeout(120_000);

  for (const engine of ['fastparquet', 'pyarrow']) {
    it(`that fsspec writes of NetCDF-4 and GRIB by ${engine} (needs Python, kerchunk and ${engine})`, async function () {
      if (!hasPython('kerchunk', 'netCDF4', 'eccodes', 'fastparquet', engine)) this.skip();
      for (let round = 0; round < 3; round++) {
        const seed = (Date.now() + round) % 2 ** 31;
        await withTemporaryDirectory(async (folder) => {
          const [expected] = runPython<Record<string, number[]>>(script, folder, seed, engine);
          const options = { roots: [folder] };
          const read = async (store: Parameters<typeof valuesOf>[0]) => {
            assert.equal(store.index.format, 'references');
            for (const [name, values] of Object.entries(expected)) {
              const variable = store.variables.get(name)!;
              assert.equal(variable.notComputable, '');
              const found = [...(await valuesOf(store, variable)).values].map(Number);
              assert.deepEqual(found, values, `seed ${seed}, ${engine}, ${name}`);
            }
          };
          await withStore(join(folder, 'refs.parquet/.zmetadata'), read, options);
        });
      }
    });
  }
});
