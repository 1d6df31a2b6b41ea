import type { MaskedArray } from '@hyperslab/array';
import { type Allocator, broadcast, elementwise, type Operand } from '@hyperslab/kernels';
import type { PlanNode } from '@hyperslab/proto/expression';
import { joinArrays } from '../resolve/coordinate-data.ts';
import { literalOf } from '../resolve/node-table.ts';
import { type Leaf, leafKey, partsOf } from './leaves.ts';

/**
 * Evaluates a part of a node from the parts that were read for it, which it takes from `loaded` by `leafKey`. What functions make is in
 * `memory`, intermediate results too.
 */
export function evaluate(
  nodes: readonly PlanNode[],
  root: Leaf,
  loaded: ReadonlyMap<string, MaskedArray>,
  memory: Allocator,
): MaskedArray {
  const done = new Map<string, MaskedArray>(loaded);
  const visit = (leaf: Leaf): MaskedArray => {
    const key = leafKey(leaf);
    let array = done.get(key);
    if (array === undefined) {
      array = evaluateOne(nodes, leaf, visit, memory);
      done.set(key, array);
    }
    return array;
  };
  return visit(root);
}

function evaluateOne(
  nodes: readonly PlanNode[],
  { node: number, box }: Leaf,
  visit: (leaf: Leaf) => MaskedArray,
  memory: Allocator,
): MaskedArray {
  const node = nodes[number];
  const parts = partsOf(nodes, node, box);
  if (node.kind?.$case === 'concatenate') return joinArrays(parts.map(visit), node.kind.value.axis);
  const literal = literalOf(node);
  if (typeof literal === 'bigint') return { dtype: 'int64', shape: [], values: BigInt64Array.of(literal) };
  if (literal !== undefined) return { dtype: 'float64', shape: [], values: Float64Array.of(literal) };
  if (node.kind?.$case !== 'call') throw new Error(`node ${number} was not read`);
  const operands = parts.map((part): Operand => {
    const input = nodes[part.node];
    const literal = literalOf(input);
    if (literal !== undefined) return literal;
    const axes = input.dimensions.map((name) => node.dimensions.indexOf(name));
    return broadcast(visit(part), axes, box.shape);
  });
  return elementwise(node.kind.value.function, operands, box.shape, memory);
}
