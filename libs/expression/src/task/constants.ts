import { elementCount, type MaskedArray } from '@hyperslab/array';
import { type Allocator, ordinaryMemory } from '@hyperslab/kernels';
import { takeRanges } from '../resolve/coordinate-data.ts';
import { literalOf } from '../resolve/node-table.ts';
import { evaluate } from './evaluate.ts';
import { leavesOf, sourceRanges } from './leaves.ts';
import { type Leaf, PartMap } from './part-map.ts';
import { inlineSource, type PreparedPlan } from './prepared-plan.ts';
import { partOfArray } from './tile-parts.ts';

/** Elements that all constants of a plan may have together; what has no room is made part by part. */
const mostElements = 2 ** 17;

/**
 * Whether the values of a node are made of nothing but coordinates that the plan carries, as the weights of latitudes: all tiles need the same, and a few
 * numbers would cost each tile as much as its thousands.
 */
export function isConstant(prepared: PreparedPlan, number: number): boolean {
  const { constants, plan } = prepared;
  const known = constants.values.get(number);
  if (known !== undefined) return known !== 'none';
  const { kind, shape, dtype } = plan.nodes[number];
  const isMade =
    kind?.$case === 'read' && dtype !== 'string'
      ? inlineSource(prepared, kind.value.source) !== undefined
      : kind?.$case === 'call' &&
        kind.value.arguments.every(
          (argument) => literalOf(plan.nodes[argument]) !== undefined || isConstant(prepared, argument),
        );
  const isKept = isMade && constants.elements + elementCount(shape) <= mostElements;
  if (isKept) constants.elements += elementCount(shape);
  constants.values.set(number, isKept ? 'later' : 'none');
  return isKept;
}

/** A part of a constant node, which is computed whole when it is first asked for. */
export function constantPart(prepared: PreparedPlan, { node, box }: Leaf, memory: Allocator): MaskedArray {
  let whole = prepared.constants.values.get(node);
  if (typeof whole !== 'object') {
    whole = computeWhole(prepared, node);
    prepared.constants.values.set(node, whole);
  }
  return partOfArray(whole, box, memory);
}

/** What is to be read before parts of nodes can be evaluated in a tile, and the constants that they need. */
export function tileLeaves(prepared: PreparedPlan, parts: readonly Leaf[]): Leaf[] {
  return leavesOf(prepared.plan.nodes, parts, (node) => isConstant(prepared, node));
}

function computeWhole(prepared: PreparedPlan, number: number): MaskedArray {
  const { nodes } = prepared.plan;
  const { shape } = nodes[number];
  const root = { node: number, box: { origin: shape.map(() => 0), shape } };
  const known = new PartMap<MaskedArray>();
  for (const leaf of leavesOf(nodes, [root])) {
    const { kind } = nodes[leaf.node];
    if (kind?.$case !== 'read') throw new Error(`node ${leaf.node} is no constant`);
    const carried = inlineSource(prepared, kind.value.source)!;
    known.add(leaf, takeRanges(carried, sourceRanges(kind.value, leaf.box), kind.value.droppedDimensions));
  }
  return evaluate(nodes, [root], known, ordinaryMemory)[0];
}
