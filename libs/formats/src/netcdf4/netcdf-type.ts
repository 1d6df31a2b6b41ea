import type { Dataset } from '../hdf5/dataset.ts';
import { elementTypeOf } from '../hdf5/element-type.ts';

const foreignClasses = ['array', 'bitfield', 'reference', 'time', 'complex'];

/** Whether netCDF-C makes a variable of a dataset: its type is one of netCDF's own or can be a user-defined one. */
export function hasNetcdfType({ type }: Dataset): boolean {
  // Numbers that are not stored as one of its own types are none for netCDF-C: they take a further step to decode.
  if (type.class === 'integer' || type.class === 'float')
    return elementTypeOf(type).stored.codecs.length === 1;
  return !foreignClasses.includes(type.class);
}
