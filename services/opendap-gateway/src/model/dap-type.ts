import type { DataType } from '@hyperslab/array';

/** Atomic types of DAP2 (ESE-RFC-004, section 4.1). */
export type DapType = 'Byte' | 'Int16' | 'UInt16' | 'Int32' | 'UInt32' | 'Float32' | 'Float64' | 'String';

/**
 * The DAP2 type that holds all values of a type. DAP2 has no signed byte, hence Int16, and no 64-bit integers, hence
 * Float64, where a number that it can't hold exactly is refused when it comes.
 */
const dapTypes: Readonly<Record<DataType, DapType>> = {
  int8: 'Int16',
  uint8: 'Byte',
  int16: 'Int16',
  uint16: 'UInt16',
  int32: 'Int32',
  uint32: 'UInt32',
  int64: 'Float64',
  uint64: 'Float64',
  float32: 'Float32',
  float64: 'Float64',
  char: 'String',
  string: 'String',
};

/** The type of a name out of a message; undefined for what DAP2 has no type for. */
export function dapTypeOf(dtype: string): DapType | undefined {
  return Object.hasOwn(dapTypes, dtype) ? dapTypes[dtype as DataType] : undefined;
}
