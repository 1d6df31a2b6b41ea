import type { Dataset } from '../hdf5/dataset.ts';
import type { ObjectTree } from '../hdf5/object-tree.ts';
import { isDimensionOnly, type ScaleMarks } from './dimension-scales.ts';
import { attributeNames } from './reserved-attributes.ts';

/**
 * Whether a file was written as NetCDF-4: it says so in its root group (since netCDF-C 4.4.1), or has dimension scales as
 * netCDF writes them, numbered, or named as their dataset is.
 */
export function isNetcdf4(root: ObjectTree, marksOf: ReadonlyMap<Dataset, ScaleMarks>): boolean {
  const names: string[] = [attributeNames.properties, attributeNames.strict];
  if (root.attributes.some(({ name }) => names.includes(name))) return true;
  return [...marksOf].some(
    ([dataset, marks]) =>
      marks.dimensionId !== undefined ||
      isDimensionOnly(marks) ||
      (marks.isScale && marks.scaleName === dataset.name),
  );
}
