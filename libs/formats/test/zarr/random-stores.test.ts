import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { encodeValues } from '@hyperslab/array';
import { hasPython, runPython, skip, withRandomSeed, withTemporaryDirectory } from '@hyperslab/testing';
import { type IndexedStore, valuesOf, withStore } from './reference.ts';

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
  this.timeout(120_000);

  for (const [version, store, root] of [
    [2, 'random.zarr', 'random.zarr/.zgroup'],
    [3, 'random.zarr', 'random.zarr/zarr.json'],
    [2, 'random.zarr.zip', 'random.zarr.zip'],
    [3, 'random.zarr.zip', 'random.zarr.zip'],
  ] as const) {
    it(`v${version}, ${store}: values of every type, order, codec and fill`, async function () {
      if (!hasPython('zarr', 'numcodecs')) skip(this, 'no zarr; "npm test" installs it');
      await withTemporaryDirectory((folder) =>
        withRandomSeed(async (seed) => {
          const [described] = runPython<Record<string, Described>>(
            script,
            join(folder, store),
            version,
            seed,
            60,
          );
          await withStore(join(folder, root), async (indexed) => {
            assert.equal(indexed.variables.size, 60);
            for (const [name, expected] of Object.entries(described))
              await compare(indexed, name, expected, store.endsWith('.zip'));
          });
        }),
      );
    });
  }
});

async function compare(
  store: IndexedStore,
  name: string,
  expected: Described,
  isZip: boolean,
): Promise<void> {
  const what = `${name}: ${expected.what}, ${expected.first}`;
  const variable = store.variables.get(`/${name}`);
  // Inner chunks can't be located in what is compressed as a whole.
  if (isZip && variable?.notComputable === 'its shards are compressed as members of a zip archive') return;
  assert.equal(variable?.notComputable, '', what);
  assert.deepEqual(variable.shape, expected.shape, what);
  const values = await valuesOf(store, variable);
  if (expected.strings !== undefined) assert.deepEqual(values.values, expected.strings, what);
  else {
    const hash = createHash('sha256').update(encodeValues(values)).digest('hex');
    assert.equal(hash, expected.sha256, `${what}: ${[...values.values].slice(0, 4)}`);
  }
}
