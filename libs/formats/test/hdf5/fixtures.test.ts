import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repository } from '@hyperslab/testing';
import { assertAsH5py, assertAsNetcdf } from './as-reference.ts';
import { indexPath, type Reference } from './reference.ts';

const folder = join(repository, 'fixtures/hdf5');
const references = JSON.parse(await readFile(join(folder, 'expected.json'), 'utf8')) as Record<
  string,
  Reference
>;

describe('hdf5 fixtures', () => {
  for (const [name, reference] of Object.entries(references)) {
    it(`${name}: datasets, types, attributes and values as h5py reads them`, async () =>
      assertAsH5py(await indexPath(join(folder, name)), reference.h5py));

    const { netcdf } = reference;
    if (netcdf === undefined || netcdf.error !== undefined) continue;
    it(`${name}: dimensions and variables as netCDF-C presents them`, async () =>
      assertAsNetcdf(await indexPath(join(folder, name)), netcdf));
  }
});
