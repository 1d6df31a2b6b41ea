import { type Cumulation, cumulate } from '@hyperslab/kernels';
import type { PlanNode } from '@hyperslab/proto/expression';
import type { Box } from '../../task/box.ts';
import type { BlockRule } from '../block-rule.ts';

export interface CumulateParameters {
  operation: Cumulation;
  dimension: string;
  /** Extent of a section; inputs after the first are what sections but the last come to. */
  section: number;
}

/** Sums and extremes of all up to each element. */
export const cumulateRule: BlockRule<CumulateParameters> = {
  along: ({ dimension }) => [dimension],
  // A section is read from its beginning for any part of it.
  whole: ({ dimension, section }, node) =>
    node.shape[node.dimensions.indexOf(dimension)] <= section ? [dimension] : [],
  needs(parameters, node, _inputs, box) {
    const { axis, own, begin } = placeOf(parameters, node, box);
    const { origin, shape } = box;
    const before = { origin: origin.toSpliced(axis, 1), shape: shape.toSpliced(axis, 1) };
    const end = origin[axis] + shape[axis];
    return [
      { input: 0, box: { origin: origin.with(axis, begin), shape: shape.with(axis, end - begin) } },
      ...Array.from({ length: own }, (_, i) => ({ input: 1 + i, box: before })),
    ];
  },
  compute(parameters, node, box, [part, ...carries], memory) {
    const { axis, begin } = placeOf(parameters, node, box);
    return cumulate(parameters.operation, part, axis, box.origin[axis] - begin, carries, memory);
  },
};

/** The section in which a box begins: its number and first index. */
function placeOf(
  { dimension, section }: CumulateParameters,
  node: PlanNode,
  { origin }: Box,
): { axis: number; own: number; begin: number } {
  const axis = node.dimensions.indexOf(dimension);
  const own = Math.floor(origin[axis] / section);
  return { axis, own, begin: own * section };
}
