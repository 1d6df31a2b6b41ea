import { cellCount, unravel } from '@hyperslab/array';
import { type Stage, StageKind } from '@hyperslab/proto/expression';
import { partialAxes } from '../plan/groupings.ts';
import { reduceOf } from '../plan/plan-computation.ts';
import { type Box, cellBox } from './box.ts';
import type { PreparedPlan } from './prepared-plan.ts';

/** The part of the evaluated node that a task of an EVALUATE, EXCHANGE or REDUCE_PARTIAL stage takes in. */
export function taskBox({ plan }: PreparedPlan, stage: Stage, task: number): Box {
  const grid = stage.blockGrid;
  const axes = [...grid.keys()];
  const isReduced = stage.kind === StageKind.STAGE_KIND_REDUCE_PARTIAL;
  const reduced = isReduced ? partialAxes(reduceOf(plan.nodes[stage.node]), grid) : [];
  // Tasks are numbered with the reduced dimensions innermost, so that partial results of a cell are neighbours.
  const order = [
    ...axes.filter((axis) => !reduced.includes(axis)),
    ...axes.filter((axis) => reduced.includes(axis)),
  ];
  // Of nothing there is one partial result, however the other dimensions that are reduced are cut.
  const isOfNothing = reduced.some((axis) => cellCount(grid[axis]) === 0);
  const countOf = (axis: number) => (isOfNothing && reduced.includes(axis) ? 1 : cellCount(grid[axis]));
  const cells = unravel(
    task,
    order.map((axis) => Math.max(1, countOf(axis))),
  );
  const index = axes.map((axis) => cells[order.indexOf(axis)]);
  // An empty dimension has no cells; the one task there takes in nothing of it.
  const filled = grid.map((runs) => (runs.sizes.length === 0 ? { sizes: [0], counts: [1] } : runs));
  return cellBox(filled, index);
}

/** Tasks of the stage before whose partial results a REDUCE_COMBINE task combines, in order. */
export function combinedTasks(stage: Stage, task: number): number[] {
  const groups = Math.ceil(stage.partials / stage.fanIn);
  const block = Math.floor(task / groups);
  const first = (task % groups) * stage.fanIn;
  const count = Math.min(stage.fanIn, stage.partials - first);
  return Array.from({ length: count }, (_, i) => block * stage.partials + first + i);
}

/** The block of the reduction's values that a REDUCE_COMBINE task contributes to. */
export function combinedBox(stage: Stage, task: number): Box {
  const block = Math.floor(task / Math.ceil(stage.partials / stage.fanIn));
  return cellBox(stage.blockGrid, unravel(block, stage.blockGrid.map(cellCount)));
}
