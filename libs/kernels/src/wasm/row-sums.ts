import type { loops } from '../reduce/loops.ts';
import type { Float } from './kernels.ts';
import { spreadCounts } from './row-counts.ts';
import { readySimd } from './simd.ts';
import { cellSlot, maskSlot, xSlot } from './slots.ts';

/*
 * Loops of `reduce/loops.ts` by kernels, with the same parameters and the same results to the bit. Rows that are too short for them, or all
 * where there are none, are left to the plain loop.
 */

type Loops = typeof loops;

/** Sums to a row of cells. */
export function spreadSum(dtype: Float, plain: Loops['spreadSum']): Loops['spreadSum'] {
  const name = `spreadSum_${dtype}` as const;
  return (x, at, length, sums, cell) => {
    const simd = readySimd(length);
    if (simd === undefined) return plain(x, at, length, sums, cell);
    const { stage, kernels } = simd;
    const block = stage.blockOf(length, x, sums);
    let nan = 0;
    for (let i = 0; i < length; i += block) {
      const count = Math.min(block, length - i);
      const to = stage.bring(cellSlot, sums, cell + i, count);
      nan |= kernels[name](stage.bring(xSlot, x, at + i, count), count, to);
      stage.take(cellSlot, sums, cell + i, count);
    }
    return nan === 0 ? 0 : Number.NaN;
  };
}

/** Sums to one cell: the lanes by a kernel, what is left of a row to the plain loop. */
export function gatherSum(dtype: Float, plain: Loops['gatherSum']): Loops['gatherSum'] {
  const name = `gatherSum_${dtype}` as const;
  return (x, at, length, sums, cell) => {
    const simd = readySimd(length);
    if (simd === undefined) return plain(x, at, length, sums, cell);
    const { stage, kernels } = simd;
    const whole = length - (length % 4);
    const lanes = stage.view(cellSlot, 'float64', 4) as Float64Array;
    lanes.fill(0);
    const block = stage.blockOf(whole, x);
    let nan = 0;
    for (let i = 0; i < whole; i += block) {
      const count = Math.min(block, whole - i);
      nan |= kernels[name](stage.bring(xSlot, x, at + i, count), count, lanes.byteOffset);
    }
    let total = lanes[0] + lanes[1] + (lanes[2] + lanes[3]);
    for (let i = at + whole; i < at + length; i++) {
      const value = x[i];
      if (Number.isNaN(value)) nan = 1;
      total += Number.isNaN(value) ? 0 : value;
    }
    sums[cell] += total;
    return nan === 0 ? 0 : Number.NaN;
  };
}

/** Sums to a row of cells, without what is masked. */
export function spreadSumMasked(dtype: Float, plain: Loops['spreadSumMasked']): Loops['spreadSumMasked'] {
  const name = `spreadSumMasked_${dtype}` as const;
  return (x, at, length, sums, cell, nan, mask, missing) => {
    const simd = readySimd(length);
    if (simd === undefined) {
      plain(x, at, length, sums, cell, nan, mask, missing);
      return;
    }
    const { stage, kernels } = simd;
    const block = stage.blockOf(length, x, sums, mask);
    for (let i = 0; i < length; i += block) {
      const count = Math.min(block, length - i);
      const from = stage.bring(xSlot, x, at + i, count);
      const masked = stage.bring(maskSlot, mask, at + i, count);
      const to = stage.bring(cellSlot, sums, cell + i, count);
      const anyNan = kernels[name](from, masked, count, to);
      stage.take(cellSlot, sums, cell + i, count);
      spreadCounts(simd, anyNan === 0 ? undefined : dtype, from, masked, count, cell + i, nan, missing);
    }
  };
}

/** Sums to one cell, without what is masked. */
export function gatherSumMasked(dtype: Float, plain: Loops['gatherSumMasked']): Loops['gatherSumMasked'] {
  const name = `gatherSumMasked_${dtype}` as const;
  const countNan = `countNan_${dtype}` as const;
  return (x, at, length, sums, cell, nan, mask, missing) => {
    const simd = readySimd(length);
    if (simd === undefined) {
      plain(x, at, length, sums, cell, nan, mask, missing);
      return;
    }
    const { stage, kernels } = simd;
    const block = stage.blockOf(length, x, mask);
    const total = stage.view(cellSlot, 'float64', 1) as Float64Array;
    total[0] = 0;
    let [absent, skipped] = [0, 0];
    for (let i = 0; i < length; i += block) {
      const count = Math.min(block, length - i);
      const from = stage.bring(xSlot, x, at + i, count);
      const masked = stage.bring(maskSlot, mask, at + i, count);
      const anyNan = kernels[name](from, masked, count, total.byteOffset);
      absent += kernels.countMissing(masked, count);
      if (anyNan !== 0) skipped += kernels[countNan](from, masked, count);
    }
    sums[cell] += total[0];
    missing[cell] += absent;
    if (skipped > 0) nan[cell] += skipped;
  };
}
