import { type Rolling, rolling } from '@hyperslab/kernels';
import type { BlockRule } from '../block-rule.ts';

export interface RollingParameters {
  operation: Rolling;
  dimension: string;
  /** Elements of a window before and after the one that it is of. */
  before: number;
  after: number;
  /** Length of the dimension. */
  extent: number;
  /** Fewest values of a window that has one. */
  least: number;
}

/** Moving windows: a part needs what its first and its last window reach. */
export const rollingRule: BlockRule<RollingParameters> = {
  along: ({ dimension }) => [dimension],
  needs({ dimension, before, after, extent }, node, _inputs, { origin, shape }) {
    const axis = node.dimensions.indexOf(dimension);
    const start = Math.max(0, origin[axis] - before);
    const end = Math.min(extent, origin[axis] + shape[axis] + after);
    return [{ input: 0, box: { origin: origin.with(axis, start), shape: shape.with(axis, end - start) } }];
  },
  compute({ operation, dimension, before, after, extent, least }, node, { origin, shape }, [part], memory) {
    const axis = node.dimensions.indexOf(dimension);
    const start = Math.max(0, origin[axis] - before);
    const windows = { before, after, extent, start, first: origin[axis], count: shape[axis], least };
    return rolling(operation, part, axis, windows, memory);
  },
};
