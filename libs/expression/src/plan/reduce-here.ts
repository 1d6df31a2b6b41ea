import { elementCount } from '@hyperslab/array';
import type { PlanNode, PlanReduce, PlanSource } from '@hyperslab/proto/expression';
import type { ReduceHere } from '../operations/reduce-here/rule.ts';
import { fusedInputs } from './fused-reads.ts';
import { largestCell } from './run-lengths.ts';
import { stageGeometry } from './stage-geometry.ts';

/**
 * The nodes with reductions that need no stage of their own turned to operations: of an anomaly such as `z - mean(z, time)` the tasks that take
 * in the difference read all times anyway, so they compute the mean, too, of what they have decoded. That needs blocks of all of the reduced
 * dimensions, which may take `mostBytes`.
 */
export function reduceHere(
  nodes: readonly PlanNode[],
  sources: readonly PlanSource[],
  mostBytes: number,
): PlanNode[] {
  const planned = [...nodes];
  const last = nodes.length - 1;
  nodes.forEach(({ kind }, number) => {
    if (kind?.$case !== 'reduce' || number === last || kind.value.groupings.length > 0) return;
    const [consumer, another] = consumersOf(planned, number);
    if (consumer === undefined || another !== undefined) return;
    const turned = planned.with(number, asOperation(planned, number, kind.value));
    if (fits(turned, sources, consumer, nodes[kind.value.input], mostBytes)) planned[number] = turned[number];
  });
  return planned;
}

/** What is evaluated in one pass with a reduction's values: each by its nodes, of which blocks have the dimensions of the first. */
function consumersOf(nodes: readonly PlanNode[], reduction: number): number[][] {
  const last = nodes.length - 1;
  const passes = nodes.flatMap(({ kind }, number) => {
    if (kind?.$case === 'reduce') return [[kind.value.input, ...kind.value.others]];
    return number === last ? [[number]] : [];
  });
  return passes.filter((roots) => fusedInputs(nodes, roots).made.includes(reduction));
}

function asOperation(nodes: readonly PlanNode[], number: number, reduce: PlanReduce): PlanNode {
  const { operation, input, others, axes, parameters } = reduce;
  const here: ReduceHere = {
    operation,
    dimensions: axes.map((axis) => nodes[input].dimensions[axis]),
    parameters: parameters === '' ? {} : JSON.parse(parameters),
  };
  const value = { name: 'reduce-here', inputs: [input, ...others], parameters: JSON.stringify(here) };
  return { ...nodes[number], kind: { $case: 'operation', value } };
}

/**
 * Whether what takes it in has just the dimensions of its input, and a block of all of those that are reduced there, by others too, takes no more than it
 * may.
 */
function fits(
  nodes: readonly PlanNode[],
  sources: readonly PlanSource[],
  roots: readonly number[],
  own: PlanNode,
  mostBytes: number,
): boolean {
  const root = nodes[roots[0]];
  const lengthOf = (name: string) => root.shape[root.dimensions.indexOf(name)];
  if (root.dimensions.length !== own.dimensions.length || elementCount(own.shape) === 0) return false;
  if (own.dimensions.some((name, axis) => lengthOf(name) !== own.shape[axis])) return false;
  // Blocks of earlier stages have no grid yet; they are no larger than what is read.
  const { chunks, bytes, whole } = stageGeometry(nodes, sources, roots, new Map());
  const extents = root.shape.map((length, axis) =>
    whole.includes(axis) ? length : Math.min(length, largestCell(chunks[axis])),
  );
  return bytes(extents) <= mostBytes;
}
