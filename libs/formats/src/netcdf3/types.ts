import type { NumericType } from '@hyperslab/array';
import type { ByteCursor } from '../byte-cursor.ts';

/** A data type of the file. */
export interface ExternalType {
  dtype: NumericType | 'char';
  /** Bytes of a value. */
  width: number;
}

/** By nc_type; those from 7 on are CDF-5's. */
const types: readonly (ExternalType | undefined)[] = [
  undefined,
  { dtype: 'int8', width: 1 },
  { dtype: 'char', width: 1 },
  { dtype: 'int16', width: 2 },
  { dtype: 'int32', width: 4 },
  { dtype: 'float32', width: 4 },
  { dtype: 'float64', width: 8 },
  { dtype: 'uint8', width: 1 },
  { dtype: 'uint16', width: 2 },
  { dtype: 'uint32', width: 4 },
  { dtype: 'int64', width: 8 },
  { dtype: 'uint64', width: 8 },
];

/** Reads an nc_type. Throws FORMAT_CORRUPT for a number that the version does not know. */
export function readType(cursor: ByteCursor, version: number): ExternalType {
  const highest = version === 5 ? 11 : 6;
  const number = cursor.uint32();
  const type = number <= highest ? types[number] : undefined;
  if (type !== undefined) return type;
  cursor.position -= 4;
  throw cursor.corrupt(`a data type from 1 to ${highest}`, String(number));
}
