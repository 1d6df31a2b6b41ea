import assert from 'node:assert/strict';
import { join } from 'node:path';
import { hasPython, runPython, withTemporaryDirectory } from '@hyperslab/testing';
import { compareValues, indexPath, type ReferenceVariable, variablesOf } from './reference.ts';

const script = join(import.meta.dirname, 'foreign/write-filtered.py');
const filters = ['szip', 'scaleoffset', 'lzf', 'blosc', 'lz4', 'bitshuffle', 'zstd', 'bzip2'];

type Described = Record<string, ReferenceVariable & { what: string }>;

describe('hdf5: filters of random datasets (needs Python, h5py and hdf5plugin)', function () {
  this.timeout(60_000);

  for (const filter of filters) {
    it(`${filter}: values as h5py reads them`, async function () {
      if (!hasPython('h5py', 'hdf5plugin')) this.skip();
      await withTemporaryDirectory(async (folder) => {
        const path = join(folder, `${filter}.h5`);
        const seed = Date.now() % 2 ** 31;
        const [described] = runPython<Described>(script, path, seed, 60, filter);
        const indexed = await indexPath(path);
        const variables = variablesOf(indexed.index.root);
        for (const [name, expected] of Object.entries(described)) {
          const what = `seed ${seed}, ${name}: ${expected.what}`;
          const variable = variables.get(name);
          assert.equal(variable?.notComputable, '', what);
          await compareValues(indexed, variable, expected, what);
        }
      });
    });
  }
});
