import type { Dataset } from '../hdf5/dataset.ts';
import { elementTypeOf } from '../hdf5/element-type.ts';

const foreignClasses = ['array', 'bitfield', 'reference', 'time', 'complex'];

/** Whether netCDF-C makes a variable of a dataset: its type is one of netCDF's own or can be a user-defined one. */
export function hasNetcdfType({ type }: Dataset): boolean {
  if (type.class === 'integer' || type.class === 'float') return elementTypeOf(type).reason === '';
  return !foreignClasses.includes(type.class);
}
