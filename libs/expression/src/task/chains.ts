import { elementCount, isFloat } from '@hyperslab/array';
import { type Chain, chainStep } from '@hyperslab/kernels';
import type { PlanNode } from '@hyperslab/proto/expression';
import { literalOf } from '../resolve/node-table.ts';
import { partsOf } from './leaves.ts';
import type { Leaf } from './part-map.ts';

/** A chain of functions whose operands are literals and parts of nodes. */
export interface PlannedChain {
  dtype: Chain['dtype'];
  operands: (number | bigint | Leaf)[];
  steps: Chain['steps'];
}

/** Longer ones are computed in pieces. */
const mostSteps = 32;

/** Whether a node is a function that can be a step of a chain. */
export function isChained(nodes: readonly PlanNode[], number: number): boolean {
  return stepOf(nodes, nodes[number]) !== undefined;
}

/**
 * The chain of functions that makes a part of a node: all that are of its type and extents, down to what `isKnown` or is none of them. Undefined where there is
 * none.
 */
export function chainOf(
  nodes: readonly PlanNode[],
  root: Leaf,
  isKnown: (leaf: Leaf) => boolean,
): PlannedChain | undefined {
  const { dtype } = nodes[root.node];
  const count = elementCount(root.box.shape);
  const chain: PlannedChain = { dtype: dtype as Chain['dtype'], operands: [], steps: [] };
  // Of a node the part is the same wherever it is needed.
  const values = new Map<number, number>();
  let begun = 0;
  const numberOf = (leaf: Leaf): number => {
    let value = values.get(leaf.node);
    if (value === undefined) {
      value = addValue(leaf);
      values.set(leaf.node, value);
    }
    return value;
  };
  const addValue = (leaf: Leaf): number => {
    const node = nodes[leaf.node];
    const step = node.dtype === dtype ? stepOf(nodes, node) : undefined;
    const isStep = step !== undefined && elementCount(leaf.box.shape) === count && !isKnown(leaf);
    if (!isStep || begun++ >= mostSteps) return chain.operands.push(literalOf(node) ?? leaf) - 1;
    const parts = partsOf(nodes, node, leaf.box);
    const [x, y] = [step.x, step.y].map((argument) => numberOf(parts[argument]));
    return ~(chain.steps.push({ name: step.name, x, y }) - 1);
  };
  return numberOf(root) < 0 ? chain : undefined;
}

function stepOf(nodes: readonly PlanNode[], { kind, dtype }: PlanNode): ReturnType<typeof chainStep> {
  if (kind?.$case !== 'call' || !isFloat(dtype)) return undefined;
  const operands = kind.value.arguments.map((argument) => {
    const { dtype, shape } = nodes[argument];
    return literalOf(nodes[argument]) ?? { dtype: dtype as 'float64', shape, values: new Float64Array() };
  });
  return chainStep(kind.value.function, operands);
}
