import { differences } from '@hyperslab/kernels';
import type { BlockRule } from '../block-rule.ts';

interface DiffParameters {
  dimension: string;
  /** How often differences are taken. */
  n: number;
}

/** Differences of neighbours: n more elements of the input than of the result. */
export const diffRule: BlockRule<DiffParameters> = {
  byElement: true,
  along: ({ dimension }) => [dimension],
  needs({ dimension, n }, node, _inputs, { origin, shape }) {
    const axis = node.dimensions.indexOf(dimension);
    return [{ input: 0, box: { origin, shape: shape.with(axis, shape[axis] + n) } }];
  },
  compute: ({ dimension, n }, node, _box, [part], memory) =>
    differences(part, node.dimensions.indexOf(dimension), n, memory),
};
