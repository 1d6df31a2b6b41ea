import { isFloat, type NumberArray, type NumericType } from '@hyperslab/array';
import { remembered, specialise } from '../specialise.ts';
import { gatherWeightedByKernel } from '../wasm/gather-weighted.ts';

/** A line of elements beside each other, with their mask and their weights; without weights all weigh 1. */
export interface WeightedLine {
  x: NumberArray;
  at: number;
  length: number;
  mask: Uint8Array | undefined;
  weights: Float64Array | undefined;
  weightsAt: number;
}

/** Sums of weight times value, and of weights, of the line that was gathered last. */
export const lineSums = new Float64Array(2);

/**
 * Sums a line, in four lanes, without what is masked or NaN or has such a weight: to `lineSums`. Answers 1 for NaN that was not masked, 2 for a number, 3
 * for both.
 */
export function gatherLine(dtype: NumericType, line: WeightedLine): number {
  const met = isFloat(dtype) ? gatherWeightedByKernel(dtype, line, lineSums) : undefined;
  if (met !== undefined) return met;
  const { x, at, length, mask, weights, weightsAt } = line;
  return plainLoop(dtype)(x, at, length, mask, weights, weightsAt, lineSums);
}

type PlainLoop = typeof gather;
const plainLoop = remembered(() => specialise(gather) as PlainLoop);

/** The plain loop; see `gatherLine`. */
export function gather(
  x: NumberArray,
  at: number,
  length: number,
  mask: Uint8Array | undefined,
  weights: Float64Array | undefined,
  weightsAt: number,
  sums: Float64Array,
): number {
  const lanes = [0, 0, 0, 0];
  const laneWeights = [0, 0, 0, 0];
  let met = 0;
  for (let i = 0; i < length; i++) {
    if (mask !== undefined && mask[at + i] !== 0) continue;
    const value = x[at + i];
    const weight = weights === undefined ? 1 : weights[weightsAt + i];
    if (Number.isNaN(value) || Number.isNaN(weight)) {
      met |= 1;
      continue;
    }
    met |= 2;
    lanes[i & 3] += value * weight;
    laneWeights[i & 3] += weight;
  }
  sums[0] = lanes[0] + lanes[1] + (lanes[2] + lanes[3]);
  sums[1] = laneWeights[0] + laneWeights[1] + (laneWeights[2] + laneWeights[3]);
  return met;
}
