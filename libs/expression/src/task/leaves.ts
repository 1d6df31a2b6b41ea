import { cellCount, composeRanges, type IndexRange, ravel } from '@hyperslab/array';
import type { PlanNode, PlanRead } from '@hyperslab/proto/expression';
import { ruleOf } from '../operations/block-rules.ts';
import { type Box, combinations, intersectBoxes, projectBox, touchedCells } from './box.ts';
import { type Leaf, PartMap } from './part-map.ts';
import type { PreparedPlan } from './prepared-plan.ts';

/** Everything that must be read to evaluate parts of nodes, each part once; with what `isKnown` says of a node, down to that. */
export function leavesOf(
  nodes: readonly PlanNode[],
  roots: readonly Leaf[],
  isKnown: (node: number) => boolean = () => false,
): Leaf[] {
  const isEnd = (node: number) => isLeaf(nodes[node]) || isKnown(node);
  return [...partsBelow(nodes, roots, isEnd)].filter(({ node }) => isEnd(node));
}

/** Parts of nodes that are evaluated and neither read nor known, each once. */
export function* evaluatedParts(
  nodes: readonly PlanNode[],
  roots: readonly Leaf[],
  isKnown: (node: number) => boolean,
): Generator<Leaf> {
  const isEnd = (node: number) => isLeaf(nodes[node]) || isKnown(node);
  for (const leaf of partsBelow(nodes, roots, isEnd)) if (!isEnd(leaf.node)) yield leaf;
}

/** Parts of nodes and all that they need, down to where it ends, each once. */
function* partsBelow(
  nodes: readonly PlanNode[],
  roots: readonly Leaf[],
  isEnd: (node: number) => boolean,
): Generator<Leaf> {
  const seen = new PartMap<true>();
  const pending = [...roots].reverse();
  for (let leaf = pending.pop(); leaf !== undefined; leaf = pending.pop()) {
    if (seen.get(leaf) !== undefined) continue;
    seen.add(leaf, true);
    yield leaf;
    if (!isEnd(leaf.node)) pending.push(...partsOf(nodes, nodes[leaf.node], leaf.box).reverse());
  }
}

/** Whether values are read or made by an earlier stage. */
function isLeaf({ kind }: PlanNode): boolean {
  return kind?.$case === 'read' || kind?.$case === 'reduce' || kind?.$case === 'exchange';
}

/** The parts of nodes that a task evaluates for a box of the first: of the others, which align by name, what they have of it. */
export function alignedParts(
  nodes: readonly PlanNode[],
  [first, ...others]: readonly number[],
  box: Box,
): Leaf[] {
  const aligned = (node: number) => ({
    node,
    box: projectBox(box, nodes[first].dimensions, nodes[node].dimensions),
  });
  return [{ node: first, box }, ...others.map(aligned)];
}

/** The parts of its inputs that a call, operation or join needs for a part of itself, in order. */
export function partsOf(nodes: readonly PlanNode[], node: PlanNode, box: Box): Leaf[] {
  if (node.kind?.$case === 'call') {
    return node.kind.value.arguments.map((input) => ({
      node: input,
      box: projectBox(box, node.dimensions, nodes[input].dimensions),
    }));
  }
  if (node.kind?.$case === 'operation') {
    const { inputs } = node.kind.value;
    const { rule, parameters } = ruleOf(node.kind.value);
    const needs = rule.needs(
      parameters,
      node,
      inputs.map((input) => nodes[input]),
      box,
    );
    return needs.map((need) => ({ node: inputs[need.input], box: need.box }));
  }
  if (node.kind?.$case !== 'concatenate') return [];
  const { inputs, axis } = node.kind.value;
  const parts: Leaf[] = [];
  let begin = 0;
  for (const input of inputs) {
    const { shape } = nodes[input];
    const own = { origin: shape.map((_, i) => (i === axis ? begin : 0)), shape };
    const overlap = intersectBoxes(box, own);
    if (overlap !== undefined) {
      const origin = overlap.origin.with(axis, overlap.origin[axis] - begin);
      parts.push({ node: input, box: { origin, shape: overlap.shape } });
    }
    begin += shape[axis];
  }
  return parts;
}

/** Ranges of a source, one for each of its dimensions, that a part of a read node stands for. */
export function sourceRanges(read: PlanRead, box: Box): IndexRange[] {
  let axis = 0;
  return read.ranges.map((range, stored) => {
    if (read.droppedDimensions.includes(stored)) return range;
    const inner = { start: box.origin[axis], count: box.shape[axis], step: 1 };
    axis++;
    return composeRanges(range, inner);
  });
}

/** Tasks of the stage that made a reduction or an exchange whose blocks hold a part of it. */
export function blocksOf({ made }: PreparedPlan, { node, box }: Leaf): { stage: number; tasks: number[] } {
  const { stage, grid } = made.get(node)!;
  const cells = grid.map((runs, axis) => touchedCells(runs, box.origin[axis], box.shape[axis]));
  const shape = grid.map(cellCount);
  return { stage, tasks: [...combinations(cells)].map((index) => ravel(index, shape)) };
}
