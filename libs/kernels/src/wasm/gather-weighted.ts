import type { NumberArray } from '@hyperslab/array';
import type { WeightedLine } from '../reductions/weighted-line.ts';
import type { Float } from './kernels.ts';
import { readySimd } from './simd.ts';
import { cellSlot, maskSlot, meanSlot, xSlot } from './slots.ts';

/** Sums a line with weights to `sums`; undefined where there is no kernel for it, or what lies elsewhere is longer than what is brought at a time. */
export function gatherWeightedByKernel(
  dtype: Float,
  { x, at, length, mask, weights, weightsAt }: WeightedLine,
  sums: Float64Array,
): number | undefined {
  const simd = readySimd(length);
  if (simd === undefined) return undefined;
  const { stage, kernels } = simd;
  if (stage.blockOf(length, x, mask, weights) < length) return undefined;
  const to = stage.view(cellSlot, 'float64', 2) as Float64Array;
  const met = kernels[`gatherWeighted_${dtype}`](
    stage.bring(xSlot, x, at, length),
    mask === undefined ? 0 : stage.bring(maskSlot, mask, at, length),
    weights === undefined ? 0 : stage.bring(meanSlot, weights, weightsAt, length),
    length,
    to.byteOffset,
  );
  sums[0] = to[0];
  sums[1] = to[1];
  return met;
}

/** Rows of `length` elements behind each other from `at` on, each with one weight. */
export interface WeightedRows {
  x: NumberArray;
  at: number;
  length: number;
  factors: Float64Array;
}

/**
 * Adds rows to two sums, as `gatherWeightedByKernel` would one by one, times their factors. Answers 1 where nothing but NaN was met and 2 where a number was;
 * undefined, and nothing done, where there is no kernel for it or they lie elsewhere.
 */
export function gatherRowsByKernel(
  dtype: Float,
  { x, at, length, factors }: WeightedRows,
  sums: Float64Array,
): number | undefined {
  const rows = factors.length;
  const simd = readySimd(length);
  if (simd === undefined) return undefined;
  const { stage, kernels } = simd;
  if (stage.blockOf(rows * length, x) < rows * length || stage.blockOf(rows, factors) < rows)
    return undefined;
  const to = stage.view(cellSlot, 'float64', 4) as Float64Array;
  to.set(sums);
  const from = stage.bring(xSlot, x, at, rows * length);
  const weights = stage.bring(meanSlot, factors, 0, rows);
  const met = kernels[`gatherWeightedRows_${dtype}`](from, rows, length, weights, to.byteOffset);
  sums.set(to.subarray(0, 2));
  return met;
}
