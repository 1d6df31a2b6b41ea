import { decodeChunk } from '@hyperslab/codecs';
import type { ElementType } from './element-type.ts';
import type { FieldCursor } from './field-cursor.ts';

/** Numbers of a type that a double holds exactly, or 64-bit integers in decimal. */
export type Numbers = { numbers: number[]; integers: string[] };

/** Reads the next `count` elements of a numeric type. */
export function readNumbers(cursor: FieldCursor, type: ElementType, count: number): Numbers {
  const bytes = cursor.bytes(count * type.width);
  const values = decodeChunk(bytes, type.stored, count, 0);
  return values instanceof BigInt64Array || values instanceof BigUint64Array
    ? { numbers: [], integers: Array.from(values, String) }
    : { numbers: Array.from(values), integers: [] };
}
