import { elementCount } from '@hyperslab/array';
import { type Plan, type PlanNode, type Stage, StageKind } from '@hyperslab/proto/expression';
import { inputsOf } from '../node-inputs.ts';
import { largestCell } from '../run-lengths.ts';
import { type MadeGrids, stageGeometry, widthOf } from '../stage-geometry.ts';
import { exchangeGrid } from './exchange-grid.ts';
import { projectGrid } from './part-grid.ts';
import { type ReadOfNode, readByBlocks } from './read-again.ts';

/** Values that move through an exchange are written, sent and read once more: that is worth it for so many decodings less. */
const leastTimes = 4;
/** What is decoded more than once is in the cache as long as it is little: so many bytes more have to be decoded, at least. */
const leastBytes = 128 * 2 ** 20;

/** A node whose values are to be exchanged. */
export interface WantedExchange {
  node: number;
  /** Nodes that take its values from the exchange; -1 for what asks for the result of the plan. */
  consumers: Set<number>;
  /** Dimensions along which parts are longer than chunks, and so blocks should be. */
  long: number[];
}

/**
 * What stages would decode again and again, as their blocks need little of each of many chunks, or blocks of an earlier stage. Of what
 * functions make of it, the values are exchanged, if they are no more than those that they are made of.
 */
export function findExchanges(
  { nodes, sources, stages }: Plan,
  made: MadeGrids,
  targetBytes: number,
  leastExtra = leastBytes,
): WantedExchange[] {
  const wanted = new Map<number, WantedExchange>();
  for (const stage of stages) {
    const evaluated = rootsOf(nodes, stage);
    if (evaluated === undefined) continue;
    const { roots, consumer } = evaluated;
    const reads = readByBlocks(nodes, sources, made, roots, stage.blockGrid);
    const again = new Map([...reads].filter(([, read]) => isTooMuch(read, leastExtra)));
    if (again.size === 0) continue;
    for (const { node, parents } of outermost(nodes, roots, consumer, again)) {
      const known = wanted.get(node);
      if (known !== undefined) for (const parent of parents) known.consumers.add(parent);
      else {
        const grid = projectGrid(nodes[roots[0]], stage.blockGrid, nodes[node]);
        const { chunks } = stageGeometry(nodes, sources, [node], made);
        const long = [...grid.keys()].filter((axis) => largestCell(grid[axis]) > largestCell(chunks[axis]));
        const blocks = exchangeGrid(nodes, sources, made, node, long, targetBytes);
        // Of chunks that are larger than blocks may be, an exchange would decode each for many blocks, too.
        const instead = readByBlocks(nodes, sources, made, [node], blocks);
        if (isLess(instead, again)) wanted.set(node, { node, consumers: parents, long });
      }
    }
  }
  return [...wanted.values()].sort((a, b) => a.node - b.node);
}

/** The nodes that a stage evaluates, and which node takes them in; undefined where none is. */
function rootsOf(
  nodes: readonly PlanNode[],
  { kind, node }: Stage,
): { roots: number[]; consumer: number } | undefined {
  if (kind === StageKind.STAGE_KIND_EVALUATE) return { roots: [node], consumer: -1 };
  if (kind !== StageKind.STAGE_KIND_REDUCE_PARTIAL) return undefined;
  return { roots: inputsOf(nodes[node]), consumer: node };
}

function isTooMuch({ needed, decoded }: ReadOfNode, leastExtra: number): boolean {
  return decoded >= leastTimes * needed && decoded - needed >= leastExtra;
}

function isLess(instead: ReadonlyMap<number, ReadOfNode>, now: ReadonlyMap<number, ReadOfNode>): boolean {
  const sum = (reads: ReadonlyMap<number, ReadOfNode>) =>
    [...reads].reduce((all, [node, { decoded }]) => all + (now.has(node) ? decoded : 0), 0);
  return sum(now) >= leastTimes * sum(instead);
}

/** The nodes highest above what is read again that nothing but functions make of it, with those that take them in. */
function outermost(
  nodes: readonly PlanNode[],
  roots: readonly number[],
  consumer: number,
  again: ReadonlyMap<number, ReadOfNode>,
): { node: number; parents: Set<number> }[] {
  const found = new Map<number, Set<number>>();
  const visit = (number: number, parent: number): void => {
    const reads = readsBelow(nodes, number);
    if (reads !== undefined && !reads.some((read) => again.has(read))) return;
    if (
      reads !== undefined &&
      isNoLarger(
        nodes,
        number,
        reads.filter((read) => again.has(read)),
      )
    ) {
      const parents = found.get(number) ?? new Set();
      found.set(number, parents.add(parent));
      return;
    }
    for (const input of inputsOf(nodes[number])) visit(input, number);
  };
  for (const root of roots) visit(root, consumer);
  return [...found].map(([node, parents]) => ({ node, parents }));
}

/** What is read for a node that functions make; undefined where operations have a part in it. */
function readsBelow(nodes: readonly PlanNode[], number: number): number[] | undefined {
  const { kind } = nodes[number];
  if (kind?.$case === 'read' || kind?.$case === 'reduce') return [number];
  if (kind?.$case === 'constant' || kind?.$case === 'integer') return [];
  if (kind?.$case !== 'call' && kind?.$case !== 'concatenate') return undefined;
  const reads = new Set<number>();
  for (const input of inputsOf(nodes[number])) {
    const below = readsBelow(nodes, input);
    if (below === undefined) return undefined;
    for (const read of below) reads.add(read);
  }
  return [...reads];
}

function isNoLarger(nodes: readonly PlanNode[], number: number, reads: readonly number[]): boolean {
  const bytesOf = ({ dtype, shape }: PlanNode) => elementCount(shape) * widthOf(dtype);
  const { dtype } = nodes[number];
  if (dtype === 'string' || dtype === 'char') return false;
  return bytesOf(nodes[number]) <= reads.reduce((sum, read) => sum + bytesOf(nodes[read]), 0);
}
