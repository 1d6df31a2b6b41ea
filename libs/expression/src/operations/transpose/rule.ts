import { broadcast } from '@hyperslab/kernels';
import type { PlanNode } from '@hyperslab/proto/expression';
import { projectBox } from '../../task/box.ts';
import type { BlockRule } from '../block-rule.ts';

/** The order of the dimensions, which the rule finds in what it gets. */
export interface TransposeParameters {
  /** Dimensions of the input, in its order. */
  from: string[];
}

/** Dimensions in another order: a part is one of as much. */
export const transposeRule: BlockRule<TransposeParameters> = {
  byElement: true,
  along: () => [],
  needs: (_parameters, node, [input], box) => [
    { input: 0, box: projectBox(box, node.dimensions, input.dimensions) },
  ],
  compute({ from }, node, { shape }, [part], memory) {
    return { ...broadcast(part, axesOf(from, node), shape, memory), shape: [...shape] };
  },
};

/** Dimension of the node for each of the input; some of those may have been selected away. */
function axesOf(from: readonly string[], node: PlanNode): number[] {
  return from.map((name) => node.dimensions.indexOf(name)).filter((axis) => axis >= 0);
}
