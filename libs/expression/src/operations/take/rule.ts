import { gather } from '@hyperslab/kernels';
import type { PlanNode } from '@hyperslab/proto/expression';
import { joinArrays } from '../../resolve/coordinate-data.ts';
import type { Box } from '../../task/box.ts';
import type { BlockRule } from '../block-rule.ts';
import { indicesOf, type Runs, runsOf, type Stretch, stretchesOf } from './indices.ts';

/** Indices along a dimension, in any order. */
export interface TakeParameters {
  dimension: string;
  runs: Runs;
  /** Indices that lie less apart are read with what is between them: they are often in one chunk. */
  reach: number;
}

/** Scattered indices: what lies between them is not read. */
export const takeRule: BlockRule<TakeParameters> = {
  byElement: true,
  along: ({ dimension }) => [dimension],
  needs(parameters, node, _inputs, box) {
    const { axis, stretches } = partOf(parameters, node, box);
    return stretches.map(({ start, count }) => ({
      input: 0,
      box: { origin: box.origin.with(axis, start), shape: box.shape.with(axis, count) },
    }));
  },
  compute(parameters, node, box, parts, memory) {
    const { axis, indices, stretches } = partOf(parameters, node, box);
    const joined = joinArrays(parts, axis);
    return gather(joined, axis, placesWithin(indices, stretches), memory);
  },
  slice({ dimension, runs, reach }, node, { range, drop, ...slice }) {
    if (drop || slice.dimension !== dimension) return undefined;
    const indices = indicesOf(runs);
    const taken = Array.from({ length: range.count }, (_, i) => indices[range.start + i * range.step]);
    const axis = node.dimensions.indexOf(dimension);
    return {
      parameters: { dimension, runs: runsOf(taken), reach },
      dimensions: node.dimensions,
      shape: node.shape.with(axis, range.count),
    };
  },
};

function partOf(
  { dimension, runs, reach }: TakeParameters,
  node: PlanNode,
  { origin, shape }: Box,
): { axis: number; indices: Float64Array; stretches: Stretch[] } {
  const axis = node.dimensions.indexOf(dimension);
  const indices = indicesOf(runs).subarray(origin[axis], origin[axis] + shape[axis]);
  return { axis, indices, stretches: stretchesOf(indices, reach) };
}

/** Places of indices in the stretches, one after the other. */
function placesWithin(indices: Float64Array, stretches: readonly Stretch[]): Float64Array {
  const begins: number[] = [];
  let begin = 0;
  for (const { count } of stretches) {
    begins.push(begin);
    begin += count;
  }
  return indices.map((index) => {
    let [low, high] = [0, stretches.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (stretches[middle].start <= index) low = middle;
      else high = middle - 1;
    }
    return begins[low] + index - stretches[low].start;
  });
}
