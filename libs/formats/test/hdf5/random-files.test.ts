import assert from 'node:assert/strict';
import { basename, join } from 'node:path';
import { hasPython, runPython, skip, withRandomSeed, withTemporaryDirectory } from '@hyperslab/testing';
import { assertAsH5py, assertAsNetcdf } from './as-reference.ts';
import { indexPath, type Reference, variablesOf } from './reference.ts';

const script = join(import.meta.dirname, 'foreign/write-random.py');

type Written = Record<string, Reference & { what: string }>;

/** Writes random files and calls for each of them; a failure says which it was. */
async function eachWritten(
  kind: 'h5py' | 'netcdf',
  count: number,
  body: (path: string, reference: Reference) => Promise<void>,
): Promise<void> {
  await withTemporaryDirectory((folder) =>
    withRandomSeed(async (seed) => {
      const [written] = runPython<Written>(script, folder, seed, count, kind);
      assert.equal(Object.keys(written).length, count);
      for (const [path, { what, ...reference }] of Object.entries(written)) {
        await body(path, reference).catch((error) => {
          console.log(`      in ${basename(path)}: ${what}`);
          throw error;
        });
      }
    }),
  );
}

/** Nothing that these files hold is only described. */
function allComputable(root: Parameters<typeof variablesOf>[0]): void {
  for (const [path, { notComputable }] of variablesOf(root)) assert.equal(notComputable, '', path);
}

describe('hdf5: random files (needs Python, h5py and netCDF4)', function () {
  this.timeout(120_000);

  it('of h5py: groups, limits, chunk indexes, fill values, user blocks', async function () {
    if (!hasPython('h5py', 'netCDF4')) skip(this, 'no h5py and netCDF4; "npm test" installs them');
    await eachWritten('h5py', 30, async (path, { h5py }) => {
      const indexed = await indexPath(path);
      allComputable(indexed.index.root);
      await assertAsH5py(indexed, h5py);
    });
  });

  it('of netCDF4-python: both models, groups, unlimited dimensions, texts', async function () {
    if (!hasPython('h5py', 'netCDF4')) skip(this, 'no h5py and netCDF4; "npm test" installs them');
    await eachWritten('netcdf', 40, async (path, { h5py, netcdf }) => {
      const indexed = await indexPath(path);
      assert.equal(indexed.index.format, 'netcdf4');
      assert.equal(netcdf!.error, undefined);
      allComputable(indexed.index.root);
      await assertAsH5py(indexed, h5py);
      await assertAsNetcdf(indexed, netcdf!);
    });
  });
});
