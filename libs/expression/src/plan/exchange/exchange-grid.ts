import type { RunLengths } from '@hyperslab/array';
import type { PlanNode, PlanSource } from '@hyperslab/proto/expression';
import { chooseGrid } from '../choose-grid.ts';
import { type MadeGrids, stageGeometry } from '../stage-geometry.ts';

/** Blocks of an exchange are held whole, and once more as they are cut into parts: they are this part of others. */
const exchangeFraction = 1 / 2;

/**
 * The blocks in which a node is evaluated to be exchanged: of whole chunks, and first of all long where parts are longer than chunks, so that
 * parts are large.
 */
export function exchangeGrid(
  nodes: readonly PlanNode[],
  sources: readonly PlanSource[],
  made: MadeGrids,
  node: number,
  long: readonly number[],
  targetBytes: number,
): RunLengths[] {
  const { shape } = nodes[node];
  const inward = [...shape.keys()].reverse();
  const most = targetBytes * exchangeFraction;
  return chooseGrid({
    shape,
    ...stageGeometry(nodes, sources, [node], made),
    targetBytes: most,
    cutBytes: 2 * targetBytes,
    order: long,
    rest: { order: inward.filter((axis) => !long.includes(axis)), targetBytes: most },
  });
}
