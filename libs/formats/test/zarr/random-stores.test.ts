import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { encodeValues } from '@hyperslab/array';
import { hasPython, runPython, withTemporaryDirectory } from '@hyperslab/testing';
import { valuesOf, withStore } from './reference.ts';

const script = join(import.meta.dirname, 'foreign/write-stores.py');

/** An array as zarr-python reads it: texts, or a hash of little-endian values in row-major order. */
interface Described {
  shape: number[];
  what: string;
  strings?: string[];
  sha256?: string;
  first?: string[];
}

describe('zarr: random stores that zarr-python wrote (needs Python and zarr)', function () {
  this.timeout(60_000);

  for (const [version, root] of [
    [2, '.zgroup'],
    [3, 'zarr.json'],
  ] as const) {
    it(`v${version}: values of every type, order, codec and fill`, async function () {
      if (!hasPython('zarr', 'numcodecs')) this.skip();
      await withTemporaryDirectory(async (folder) => {
        const path = join(folder, 'random.zarr');
        const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
        const [described] = runPython<Record<string, Described>>(script, path, version, seed, 60);
        await withStore(join(path, root), async (store) => {
          assert.equal(store.variables.size, 60);
          for (const [name, expected] of Object.entries(described)) {
            const what = `seed ${seed}, ${name}: ${expected.what}, ${expected.first}`;
            const variable = store.variables.get(`/${name}`);
            assert.equal(variable?.notComputable, '', what);
            assert.deepEqual(variable.shape, expected.shape, what);
            const values = await valuesOf(store, variable);
            if (expected.strings !== undefined) assert.deepEqual(values.values, expected.strings, what);
            else {
              const hash = createHash('sha256').update(encodeValues(values)).digest('hex');
              assert.equal(hash, expected.sha256, `${what}: ${[...values.values].slice(0, 4)}`);
            }
          }
        });
      });
    });
  }
});
