/**
 * Data types of array elements, under the names of the Zarr v3 core specification ("Data types"), and the two
 * text types of netCDF: `char` (one byte) and `string` (UTF-8 of any length).
 */
export type NumericType =
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'float32'
  | 'float64';

export type DataType = NumericType | 'char' | 'string';

export type NumberArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

export type BigIntArray = BigInt64Array | BigUint64Array;

/** Values of one numeric type, or of `char` (as its bytes). */
export type NumericValues = NumberArray | BigIntArray;

type Constructor = new (buffer: ArrayBufferLike, byteOffset: number, length: number) => NumericValues;

const constructors: Record<Exclude<DataType, 'string'>, Constructor> = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  float32: Float32Array,
  float64: Float64Array,
  char: Uint8Array,
};

const widths: Record<Exclude<DataType, 'string'>, number> = {
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  uint64: 8,
  float32: 4,
  float64: 8,
  char: 1,
};

/** True for the names of types whose elements have a fixed width: all but `string`. */
export function isFixedWidth(dtype: string): dtype is Exclude<DataType, 'string'> {
  return Object.hasOwn(widths, dtype);
}

/** True for the names of types that can be computed with. */
export function isNumeric(dtype: string): dtype is NumericType {
  return isFixedWidth(dtype) && dtype !== 'char';
}

/** True for int64 and uint64, whose values are bigints in JavaScript. */
export function isBigInt(dtype: string): dtype is 'int64' | 'uint64' {
  return dtype === 'int64' || dtype === 'uint64';
}

/** True for float32 and float64. */
export function isFloat(dtype: string): dtype is 'float32' | 'float64' {
  return dtype === 'float32' || dtype === 'float64';
}

/** Bytes of one element. Throws RangeError for `string` and for names that are no fixed-width type. */
export function itemSize(dtype: string): number {
  if (!isFixedWidth(dtype)) throw new RangeError(`data type "${dtype}" has no fixed width`);
  return widths[dtype];
}

/** A view of `length` elements over little-endian bytes. The offset must be a multiple of the width. */
export function viewValues(
  dtype: string,
  buffer: ArrayBufferLike,
  byteOffset: number,
  length: number,
): NumericValues {
  if (!isFixedWidth(dtype)) throw new RangeError(`data type "${dtype}" has no typed array`);
  return new constructors[dtype](buffer, byteOffset, length);
}

/** `length` zeros of a fixed-width type. */
export function allocateValues(dtype: string, length: number): NumericValues {
  return viewValues(dtype, new ArrayBuffer(length * itemSize(dtype)), 0, length);
}
