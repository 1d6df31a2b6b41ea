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
