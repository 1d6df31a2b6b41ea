import { type Cumulation, cumulate, gather } from '@hyperslab/kernels';
import type { PlanNode } from '@hyperslab/proto/expression';
import type { Box } from '../../task/box.ts';
import type { BlockRule } from '../block-rule.ts';

export interface CumulateParameters {
  operation: Cumulation;
  dimension: string;
  /** Extent of a section; if there are several, the second input is what each comes to. */
  section: number;
}

/** Sums and extremes of all up to each element. */
export const cumulateRule: BlockRule<CumulateParameters> = {
  along: ({ dimension }) => [dimension],
  // A section is read from its beginning for any part of it.
  uncut: ({ dimension }) => [dimension],
  whole: ({ dimension, section }, node) =>
    node.shape[node.dimensions.indexOf(dimension)] <= section ? [dimension] : [],
  needs(parameters, node, _inputs, box) {
    const { axis, begin } = placeOf(parameters, node, box);
    const { origin, shape } = box;
    const end = origin[axis] + shape[axis];
    const section = { origin: origin.with(axis, begin), shape: shape.with(axis, end - begin) };
    // Up to the last section of the box, which any part of it may be computed from.
    const sections = Math.max(0, Math.floor((end - 1) / parameters.section));
    const before = { origin: origin.with(axis, 0), shape: shape.with(axis, sections) };
    return [{ input: 0, box: section }, ...(sections > 0 ? [{ input: 1, box: before }] : [])];
  },
  compute(parameters, node, box, [part, before], memory) {
    const { axis, own, begin } = placeOf(parameters, node, box);
    const carries = Array.from({ length: own }, (_, section) => {
      const { shape, ...row } = gather(before, axis, [section], memory);
      return { ...row, shape: shape.toSpliced(axis, 1) };
    });
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
