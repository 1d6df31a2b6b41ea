import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repository } from '@hyperslab/testing';
import {
  compareAttributes,
  compareValues,
  dimensionsOf,
  indexPath,
  type Reference,
  type ReferenceVariable,
  variablesOf,
} from './reference.ts';

const folder = join(repository, 'fixtures/hdf5');
const references = JSON.parse(await readFile(join(folder, 'expected.json'), 'utf8')) as Record<
  string,
  Reference
>;

describe('hdf5 fixtures', () => {
  for (const [name, { h5py, netcdf }] of Object.entries(references)) {
    it(`${name}: datasets, types, attributes and values as h5py reads them`, async () => {
      const indexed = await indexPath(join(folder, name));
      const variables = variablesOf(indexed.index.root);
      compareAttributes(indexed.index.root!.attributes, h5py.attributes, '/');
      const dimensions = dimensionsOf(indexed.index.root!).map(([path]) => path);
      for (const [path, expected] of Object.entries(h5py.datasets)) {
        const variable = variables.get(path.replace('_nc4_non_coord_', ''));
        if (variable === undefined) {
          assert.ok(dimensions.includes(path), `${path} is a variable or a dimension`);
          continue;
        }
        compareType(variable.dtype, variable.notComputable, expected, path);
        compareAttributes(variable.attributes, expected.attributes, path);
        // Where an unlimited dimension is longer than the dataset, netCDF's values are compared below.
        if (JSON.stringify(variable.shape) !== JSON.stringify(expected.shape)) continue;
        await compareValues(indexed, variable, expected, path);
      }
    });

    if (netcdf === undefined || netcdf.error !== undefined) continue;
    it(`${name}: dimensions and variables as netCDF-C presents them`, async () => {
      const indexed = await indexPath(join(folder, name));
      const variables = variablesOf(indexed.index.root);
      assert.deepEqual(dimensionsOf(indexed.index.root!), netcdf.dimensions);
      for (const expected of netcdf.variables) {
        const path = expected.path!;
        const variable = variables.get(path);
        assert.ok(variable, path);
        assert.deepEqual(variable.dimensions, expected.dimensions, path);
        assert.deepEqual(variable.shape, expected.shape, path);
        // Never written and never filled: netCDF gives whatever is in memory.
        if (path === '/never') continue;
        await compareValues(indexed, variable, expected, path);
      }
    });
  }
});

const describedOnly = ['opaque', 'compound', 'vlen', 'reference'];

function compareType(dtype: string, reason: string, expected: ReferenceVariable, path: string): void {
  if (describedOnly.includes(expected.dtype!)) assert.notEqual(reason, '', path);
  else assert.equal(dtype, expected.dtype, path);
}
