import type { DataType } from '@hyperslab/array';
import type { Compression } from '../formats.ts';

/** Generations of Zarr. */
type ZarrFormat = 2 | 3;

/** How the chunks of a store are encoded. */
export interface ZarrEncoding {
  format: ZarrFormat;
  compression: Extract<Compression, 'none' | 'zstd' | 'gzip'>;
  level: number;
  /** Only in format 2: the third has no such codec. */
  shuffle: boolean;
}

/** Characters are texts of one character here: Zarr has no type for them. */
export function isText(dtype: DataType): boolean {
  return dtype === 'string' || dtype === 'char';
}

/** Types of format 2 as numpy writes them (Zarr v2 specification, "Data type encoding"). */
export const zarr2Types: Readonly<Record<DataType, string>> = {
  int8: '|i1',
  uint8: '|u1',
  int16: '<i2',
  uint16: '<u2',
  int32: '<i4',
  uint32: '<u4',
  int64: '<i8',
  uint64: '<u8',
  float32: '<f4',
  float64: '<f8',
  char: '|O',
  string: '|O',
};
