import assert from 'node:assert/strict';
import {
  compareAttributes,
  compareValues,
  dimensionsOf,
  type Indexed,
  type Reference,
  type ReferenceVariable,
  variablesOf,
} from './reference.ts';

/** Asserts that a file has the datasets that h5py reads in it: types, attributes and values. */
export async function assertAsH5py(indexed: Indexed, h5py: Reference['h5py']): Promise<void> {
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
    // Where an unlimited dimension is longer than the dataset, netCDF's values are compared.
    if (JSON.stringify(variable.shape) !== JSON.stringify(expected.shape)) continue;
    await compareValues(indexed, variable, expected, path);
  }
}

/** Asserts that a file has the dimensions and variables that netCDF-C presents, with their values. */
export async function assertAsNetcdf(
  indexed: Indexed,
  netcdf: NonNullable<Reference['netcdf']>,
): Promise<void> {
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
}

const describedOnly = ['opaque', 'compound', 'vlen', 'reference'];

function compareType(dtype: string, reason: string, expected: ReferenceVariable, path: string): void {
  if (describedOnly.includes(expected.dtype!)) assert.notEqual(reason, '', path);
  else assert.equal(dtype, expected.dtype, path);
}
