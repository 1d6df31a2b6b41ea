import type { DataType } from '@hyperslab/array';

/** Generations of the classic format: of 64-bit offsets (CDF-2), and of 64-bit data (CDF-5). */
export type ClassicVersion = 2 | 5;

/** nc_type of the netCDF classic format specification; from 7 on of CDF-5 alone. */
export const classicTypes: Readonly<Record<Exclude<DataType, 'string'>, number>> = {
  int8: 1,
  char: 2,
  int16: 3,
  int32: 4,
  float32: 5,
  float64: 6,
  uint8: 7,
  uint16: 8,
  uint32: 9,
  int64: 10,
  uint64: 11,
};

/** Whether a type is one of CDF-5 alone. */
export function needsCdf5(dtype: string): boolean {
  return dtype !== 'string' && classicTypes[dtype as Exclude<DataType, 'string'>] >= 7;
}
