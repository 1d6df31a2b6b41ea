import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as codecs from '@hyperslab/codecs';
import { describeBothWays, hasPython, runPython, withTemporaryDirectory } from '@hyperslab/testing';
import { compareValues, indexPath, type ReferenceVariable, variablesOf } from './reference.ts';

const foreign = join(import.meta.dirname, 'foreign');
const filters = ['szip', 'scaleoffset', 'lzf', 'blosc', 'lz4', 'bitshuffle', 'zstd', 'bzip2'];
const libraries = ['libdeflate', 'liblz4', 'libzstd', 'libaec'];
const calling = ['szip', 'blosc', 'lz4', 'bitshuffle', 'zstd'];
const count = 60;

type Described = Record<string, ReferenceVariable & { what: string }>;

/** Compares the values of a file that a script writes with those that it prints. */
async function compareWritten(script: string, ...parameters: string[]): Promise<void> {
  await withTemporaryDirectory(async (folder) => {
    const path = join(folder, 'random.h5');
    const seed = Date.now() % 2 ** 31;
    const [described] = runPython<Described>(join(foreign, script), path, seed, count, ...parameters);
    const indexed = await indexPath(path);
    const variables = variablesOf(indexed.index.root);
    assert.equal(Object.keys(described).length, count);
    for (const [name, expected] of Object.entries(described)) {
      const what = `seed ${seed}, ${name}: ${expected.what}`;
      const variable = variables.get(name);
      assert.equal(variable?.notComputable, '', what);
      if (expected.dtype !== undefined) assert.equal(variable.dtype, expected.dtype, what);
      await compareValues(indexed, variable, expected, what);
    }
  });
}

const title = 'hdf5: random datasets as h5py reads them (needs Python, h5py and hdf5plugin)';

describeBothWays(title, codecs, libraries, (way) => {
  for (const filter of way === 'portable' ? filters : calling) {
    it(`with the filter ${filter}`, async function () {
      if (!hasPython('h5py', 'hdf5plugin')) this.skip();
      await compareWritten('write-filtered.py', filter);
    });
  }
});

describe('hdf5: random datasets as h5py reads them (needs Python and h5py)', () => {
  it('of numbers that are no whole integers and no IEEE singles or doubles, also with nbit', async function () {
    if (!hasPython('h5py')) this.skip();
    await compareWritten('write-types.py');
  });
});
