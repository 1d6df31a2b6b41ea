import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { decodeValues, encodeValues } from '@hyperslab/array';
import { hasPython, runPython, withTemporaryDirectory } from '@hyperslab/testing';
import { valuesOf, withStore } from '../zarr/reference.ts';

const script = join(import.meta.dirname, 'foreign/write-sidecar.py');

/** A variable as h5py reads it: texts, or a hash of little-endian values in row-major order. */
interface Described {
  shape: number[];
  strings?: string[];
  sha256?: string;
}

describe('dmrpp: sidecars of random HDF5 files (needs Python and h5py)', function () {
  this.timeout(60_000);

  for (let round = 0; round < 6; round++) {
    it(`values of all kinds of storage (${round})`, async function () {
      if (!hasPython('h5py')) this.skip();
      await withTemporaryDirectory(async (folder) => {
        const seed = Number(process.env.SEED ?? (Date.now() % 2 ** 31) + round);
        const [described] = runPython<Record<string, Described>>(script, folder, seed);
        await withStore(join(folder, 'data.nc.dmrpp'), async (store) => {
          assert.equal(store.index.format, 'dmrpp');
          assert.deepEqual([...store.variables.keys()].sort(), Object.keys(described).sort());
          for (const [path, expected] of Object.entries(described)) {
            const what = `seed ${seed}, ${path}`;
            const variable = store.variables.get(path)!;
            assert.equal(variable.notComputable, '', what);
            assert.deepEqual(variable.shape, expected.shape, what);
            assert.deepEqual(variable.attributes[0].strings, ['K']);
            if (expected.strings !== undefined) {
              const texts = decodeValues('string', variable.inlineValues!.data, expected.strings.length);
              assert.deepEqual(texts, expected.strings, what);
              continue;
            }
            const values = await valuesOf(store, variable);
            const hash = createHash('sha256').update(encodeValues(values)).digest('hex');
            assert.equal(hash, expected.sha256, `${what}: ${[...values.values].slice(0, 4)}`);
          }
        });
      });
    });
  }
});
