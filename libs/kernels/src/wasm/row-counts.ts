import { isFloat, type NumericType } from '@hyperslab/array';
import type { loops } from '../reduce/loops.ts';
import type { Float } from './kernels.ts';
import { readySimd, type Simd } from './simd.ts';
import { maskSlot, missingSlot, nanSlot, xSlot } from './slots.ts';

type Loops = typeof loops;

/**
 * Adds to the counts of a row of cells what is left out of `count` elements, which with their mask, or 0, are in the arena. Without a
 * type NaN is not counted.
 */
export function spreadCounts(
  { stage, kernels }: Simd,
  dtype: Float | undefined,
  x: number,
  mask: number,
  count: number,
  cell: number,
  nan: Float64Array,
  missing: Float64Array,
): void {
  if (mask !== 0) {
    kernels.spreadMissing(mask, count, stage.bring(missingSlot, missing, cell, count));
    stage.take(missingSlot, missing, cell, count);
  }
  if (dtype === undefined) return;
  kernels[`spreadNan_${dtype}`](x, mask, count, stage.bring(nanSlot, nan, cell, count));
  stage.take(nanSlot, nan, cell, count);
}

/** Whether any of `count` elements from `at` on is masked. */
export function anyMasked(mask: Uint8Array, at: number, count: number): boolean {
  const simd = readySimd(count);
  if (simd?.arena.holds(mask)) return simd.kernels.countMissing(mask.byteOffset + at, count) > 0;
  for (let i = at; i < at + count; i++) if (mask[i] !== 0) return true;
  return false;
}

/** Counts to a row of cells. */
export function spreadCount(dtype: NumericType, plain: Loops['spreadCount']): Loops['spreadCount'] {
  return (x, at, length, cell, nan, mask, missing) => {
    const simd = readySimd(length);
    if (simd === undefined) {
      plain(x, at, length, cell, nan, mask, missing);
      return;
    }
    const { stage } = simd;
    const block = stage.blockOf(length, x, mask);
    for (let i = 0; i < length; i += block) {
      const count = Math.min(block, length - i);
      const masked = mask === undefined ? 0 : stage.bring(maskSlot, mask, at + i, count);
      const from = isFloat(dtype) ? stage.bring(xSlot, x, at + i, count) : 0;
      spreadCounts(simd, isFloat(dtype) ? dtype : undefined, from, masked, count, cell + i, nan, missing);
    }
  };
}

/** Counts to one cell. */
export function gatherCount(dtype: NumericType, plain: Loops['gatherCount']): Loops['gatherCount'] {
  return (x, at, length, cell, nan, mask, missing) => {
    const simd = readySimd(length);
    if (simd === undefined) {
      plain(x, at, length, cell, nan, mask, missing);
      return;
    }
    const { stage, kernels } = simd;
    const block = stage.blockOf(length, x, mask);
    let [absent, skipped] = [0, 0];
    for (let i = 0; i < length; i += block) {
      const count = Math.min(block, length - i);
      const masked = mask === undefined ? 0 : stage.bring(maskSlot, mask, at + i, count);
      if (masked !== 0) absent += kernels.countMissing(masked, count);
      if (isFloat(dtype))
        skipped += kernels[`countNan_${dtype}`](stage.bring(xSlot, x, at + i, count), masked, count);
    }
    if (absent > 0) missing[cell] += absent;
    if (skipped > 0) nan[cell] += skipped;
  };
}
