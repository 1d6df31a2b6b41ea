import { elementCount, type MaskedArray } from '@hyperslab/array';
import {
  type Allocator,
  applyChain,
  areChained,
  broadcast,
  elementwise,
  hearCancel,
  type Operand,
} from '@hyperslab/kernels';
import type { PlanNode } from '@hyperslab/proto/expression';
import { ruleOf } from '../operations/block-rules.ts';
import { joinArrays } from '../resolve/coordinate-data.ts';
import { literalOf } from '../resolve/node-table.ts';
import { chainOf } from './chains.ts';
import { partsOf } from './leaves.ts';
import type { Leaf, PartMap } from './part-map.ts';

/**
 * Evaluates parts of nodes from the parts that were read for them, which are known. What functions make becomes known, too, and is in
 * `memory`, intermediate results too.
 */
export function evaluate(
  nodes: readonly PlanNode[],
  roots: readonly Leaf[],
  known: PartMap<MaskedArray>,
  memory: Allocator,
): MaskedArray[] {
  const visit = (leaf: Leaf): MaskedArray => {
    let array = known.get(leaf);
    if (array === undefined) {
      hearCancel();
      array = evaluateChain(leaf) ?? evaluateOne(nodes, leaf, visit, memory);
      known.add(leaf, array);
    }
    return array;
  };
  const evaluateChain = (leaf: Leaf): MaskedArray | undefined => {
    if (!areChained(elementCount(leaf.box.shape))) return undefined;
    const chain = chainOf(nodes, leaf, (part) => known.get(part) !== undefined);
    if (chain === undefined) return undefined;
    const { dimensions } = nodes[leaf.node];
    const operands = chain.operands.map((operand) => {
      if (typeof operand !== 'object') return operand;
      const axes = nodes[operand.node].dimensions.map((name) => dimensions.indexOf(name));
      return { array: visit(operand), axes };
    });
    return applyChain({ ...chain, operands }, leaf.box.shape, memory);
  };
  return roots.map(visit);
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
  if (node.kind?.$case === 'operation') {
    const { rule, parameters } = ruleOf(node.kind.value);
    const inputs = node.kind.value.inputs.map((input) => nodes[input]);
    return rule.compute(parameters, node, box, parts.map(visit), memory, inputs);
  }
  const literal = literalOf(node);
  if (typeof literal === 'bigint') return { dtype: 'int64', shape: [], values: BigInt64Array.of(literal) };
  if (literal !== undefined) return { dtype: 'float64', shape: [], values: Float64Array.of(literal) };
  if (node.kind?.$case !== 'call') throw new Error(`node ${number} was not read`);
  const operands = parts.map((part): Operand => {
    const input = nodes[part.node];
    const literal = literalOf(input);
    if (literal !== undefined) return literal;
    const axes = input.dimensions.map((name) => node.dimensions.indexOf(name));
    return broadcast(visit(part), axes, box.shape, memory);
  });
  return elementwise(node.kind.value.function, operands, box.shape, memory);
}
