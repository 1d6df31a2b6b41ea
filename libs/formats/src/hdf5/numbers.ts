import type { ElementType } from './element-type.ts';
import type { FieldCursor } from './field-cursor.ts';

/** Numbers of a type that a double holds exactly, or 64-bit integers in decimal. */
export type Numbers = { numbers: number[]; integers: string[] };

/** Reads the next `count` elements of a numeric type. */
export function readNumbers(cursor: FieldCursor, type: ElementType, count: number): Numbers {
  const bytes = cursor.bytes(count * type.width);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = !type.bigEndian;
  const read = readers[type.dtype];
  const result: Numbers = { numbers: [], integers: [] };
  for (let i = 0; i < count; i++) {
    const value = read(view, i * type.width, little);
    if (typeof value === 'bigint') result.integers.push(String(value));
    else result.numbers.push(value);
  }
  return result;
}

/** Whether elements of a data type are read by `readNumbers`. */
export function isNumberType(dtype: string): boolean {
  return Object.hasOwn(readers, dtype);
}

const readers: Record<string, (view: DataView, at: number, little: boolean) => number | bigint> = {
  int8: (view, at) => view.getInt8(at),
  uint8: (view, at) => view.getUint8(at),
  int16: (view, at, little) => view.getInt16(at, little),
  uint16: (view, at, little) => view.getUint16(at, little),
  int32: (view, at, little) => view.getInt32(at, little),
  uint32: (view, at, little) => view.getUint32(at, little),
  int64: (view, at, little) => view.getBigInt64(at, little),
  uint64: (view, at, little) => view.getBigUint64(at, little),
  float32: (view, at, little) => view.getFloat32(at, little),
  float64: (view, at, little) => view.getFloat64(at, little),
};
