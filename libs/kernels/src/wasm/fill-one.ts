import { itemSize, type NumericType, type NumericValues } from '@hyperslab/array';
import type { Simd } from './simd.ts';
import { valueSlot } from './slots.ts';

/** Offset of 16 bytes that are full of a value of a type: the first such, or the second. */
export function fillOne(
  { stage }: Simd,
  dtype: NumericType,
  which: number,
  value: NumericValues[number],
): number {
  const lanes = 16 / itemSize(dtype);
  const places = stage.view(valueSlot, dtype, 2 * lanes);
  (places as { fill(value: unknown, start: number, end: number): unknown }).fill(
    value,
    which * lanes,
    (which + 1) * lanes,
  );
  return places.byteOffset + 16 * which;
}
