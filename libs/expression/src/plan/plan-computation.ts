import { cellCount, type RunLengths, regularRuns } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import { reductionKind } from '@hyperslab/kernels';
import {
  type Plan,
  type PlanGrouping,
  type PlanNode,
  type PlanReduce,
  type Stage,
  StageKind,
} from '@hyperslab/proto/expression';
import type { ResolvedExpression } from '../resolve/resolve.ts';
import { chooseGrid } from './choose-grid.ts';
import { exchangeGrid } from './exchange/exchange-grid.ts';
import { findExchanges } from './exchange/find-exchanges.ts';
import { insertExchanges } from './exchange/insert-exchanges.ts';
import { projectGrid } from './exchange/part-grid.ts';
import { fusedInputs } from './fused-reads.ts';
import { gridOfChunks } from './grid-of-chunks.ts';
import { groupStarts, groupsOfBlocks, partialAxes, unitsOfGroups } from './groupings.ts';
import { heldGeometry } from './held-geometry.ts';
import { inputsOf } from './node-inputs.ts';
import { reduceHere } from './reduce-here.ts';
import { largestCell } from './run-lengths.ts';
import { type Geometry, type MadeGrids, stageGeometry } from './stage-geometry.ts';

export interface PlanOptions {
  /** Bytes of decoded source that a task of a reduction takes in. @default 32 MiB */
  targetBlockBytes?: number;
  /** Bytes of a block of a result that is evaluated: less where others compute on it. @default a quarter of that */
  resultBlockBytes?: number;
  /** What is decoded more than once is exchanged from so many bytes more on. @default 128 MiB */
  exchangeBytes?: number;
  /** Extents that no block of the result cuts through: of chunks that it is written in. @default blocks follow the chunks of sources */
  chunkShape?: readonly number[];
  /** The blocks of the result of something that is no reduction: those that another plan of it makes. @default as above */
  resultGrid?: readonly RunLengths[];
}

const mebibyte = 2 ** 20;
/** Blocks of a result are smaller than those that are reduced, because clients hold them. */
const keptFraction = 1 / 4;
/** Enough that few levels are needed, few enough that a level is still spread over the workers. */
const fanIn = 16;
/** Fewer blocks than these do not keep workers busy. */
const fewBlocks = 16;

/** A partial result is made of so many times as many bytes, where there is enough. */
const timesPartial = 16;
const partialCellBytes = 16;

/** What blocks are to be like. */
interface Choice {
  targetBytes: number;
  resultBytes: number;
  chunkShape?: readonly number[];
  resultGrid?: readonly RunLengths[];
}

interface Planning extends Choice {
  resolved: ResolvedExpression;
  stages: Stage[];
  /** For each reduction and exchange that is made: the stage whose blocks are its values, and their grid. */
  made: Map<number, { stage: number; grid: RunLengths[] }>;
  /** For each exchange: dimensions along which its blocks should be long. */
  long: ReadonlyMap<number, readonly number[]>;
}

/**
 * Stages of tasks for a resolved expression. What is elementwise is computed by the stage that consumes it; each reduction
 * is a stage of partial results and stages that combine them in a tree, or part of the stage that takes it in. Nothing but the expression, the chunks of its
 * sources and the options decides, so the same plan comes out everywhere and with it the same bits.
 */
export function planComputation(resolved: ResolvedExpression, options: PlanOptions = {}): Plan {
  const targetBytes = options.targetBlockBytes ?? 32 * mebibyte;
  const choice: Choice = {
    targetBytes,
    resultBytes: options.resultBlockBytes ?? targetBytes * keptFraction,
    chunkShape: options.chunkShape,
    resultGrid: options.resultGrid,
  };
  const nodes = reduceHere(resolved.nodes, resolved.sources, targetBytes);
  const { plan, made } = planNodes({ ...resolved, nodes }, choice, new Map());
  const wanted = findExchanges(plan, gridsOf(made), targetBytes, options.exchangeBytes);
  if (wanted.length === 0) return plan;
  const exchanging = insertExchanges(nodes, wanted);
  return planNodes({ ...resolved, nodes: exchanging.nodes }, choice, exchanging.long).plan;
}

function planNodes(
  resolved: ResolvedExpression,
  choice: Choice,
  long: Planning['long'],
): { plan: Plan; made: Planning['made'] } {
  const planning: Planning = { ...choice, resolved, stages: [], made: new Map(), long };
  const { nodes, sources, result } = resolved;
  const root = nodes.length - 1;
  const isReduced = nodes[root].kind?.$case === 'reduce' && choice.chunkShape === undefined;
  const blockGrid = isReduced ? planReduction(planning, root) : planEvaluation(planning, root);
  const { stages, made } = planning;
  return { plan: { sources, nodes, stages, result: { ...result, blockGrid }, publish: undefined }, made };
}

function planEvaluation(planning: Planning, node: number): RunLengths[] {
  const inputs = planInputStages(planning, [node]);
  const grid = resultGridOf(planning, node);
  cutParts(planning, [node], grid);
  planning.stages.push(stage(StageKind.STAGE_KIND_EVALUATE, node, taskCountOf(grid), inputs, grid));
  return grid;
}

function resultGridOf(planning: Planning, node: number): RunLengths[] {
  const { resultBytes, chunkShape, resultGrid, resolved } = planning;
  if (resultGrid !== undefined) return [...resultGrid];
  if (chunkShape === undefined) return gridOf(planning, [node], resultBytes);
  return gridOfChunks(resolved.nodes[node], chunkShape, resultBytes);
}

/** Adds the stages of a reduction, and answers the grid of the blocks of its values. */
function planReduction(planning: Planning, node: number): RunLengths[] {
  const known = planning.made.get(node);
  if (known !== undefined) return known.grid;
  const reduce = reduceOf(planning.resolved.nodes[node]);
  const roots = [reduce.input, ...reduce.others];
  const inputs = planInputStages(planning, roots);
  const blockGrid = gridOfReduction(planning, roots, reduce);
  cutParts(planning, roots, blockGrid);
  const grid = reducedGrid(planning.resolved.nodes[node], blockGrid);
  const blocks = taskCountOf(grid);
  const partial = partialAxes(reduce, blockGrid);
  // Along an empty dimension there are no blocks; what is reduced over it is missing, and one task says so.
  let partials = Math.max(1, taskCountOf(blockGrid.filter((_, axis) => partial.includes(axis))));
  const partialStage = stage(
    StageKind.STAGE_KIND_REDUCE_PARTIAL,
    node,
    checked(blocks * partials),
    inputs,
    blockGrid,
  );
  planning.stages.push({ ...partialStage, finishes: partials === 1 });
  while (partials > 1) {
    const combined = Math.ceil(partials / fanIn);
    const previous = planning.stages.length - 1;
    planning.stages.push({
      ...stage(StageKind.STAGE_KIND_REDUCE_COMBINE, node, blocks * combined, [previous], grid),
      fanIn,
      partials,
      finishes: combined === 1,
    });
    partials = combined;
  }
  planning.made.set(node, { stage: planning.stages.length - 1, grid });
  return grid;
}

function planInputStages(planning: Planning, roots: readonly number[]): number[] {
  const { nodes } = planning.resolved;
  const { made } = fusedInputs(nodes, roots);
  for (const number of made) {
    if (nodes[number].kind?.$case === 'exchange') planExchange(planning, number);
    else planReduction(planning, number);
  }
  return made.map((number) => planning.made.get(number)!.stage);
}

/** Adds the stage of an exchange. Where its blocks are cut is known when its first consumer is planned. */
function planExchange(planning: Planning, node: number): void {
  if (planning.made.has(node)) return;
  const [input] = inputsOf(planning.resolved.nodes[node]);
  const inputs = planInputStages(planning, [input]);
  const { resolved, made, long, targetBytes } = planning;
  const { nodes, sources } = resolved;
  const grid = exchangeGrid(nodes, sources, gridsOf(made), input, long.get(node) ?? [], targetBytes);
  planning.made.set(node, { stage: planning.stages.length, grid });
  planning.stages.push(stage(StageKind.STAGE_KIND_EXCHANGE, node, taskCountOf(grid), inputs, grid));
}

/** Has the blocks of exchanges cut into what the blocks of a stage need of them; of others that need them, too, after the first. */
function cutParts(
  { resolved: { nodes }, stages, made }: Planning,
  roots: number[],
  grid: RunLengths[],
): void {
  for (const number of fusedInputs(nodes, roots).made) {
    const exchange = stages[made.get(number)!.stage];
    if (exchange.kind !== StageKind.STAGE_KIND_EXCHANGE || exchange.partGrid.length > 0) continue;
    exchange.partGrid = projectGrid(nodes[roots[0]], grid, nodes[number]);
  }
}

/**
 * Blocks of whole groups, where groups are neighbours. When these are few and large, as a year that is one group, blocks cut through
 * groups: then there are partial results of all groups.
 */
function gridOfReduction(planning: Planning, roots: readonly number[], reduce: PlanReduce): RunLengths[] {
  const together = reduce.groupings.filter((grouping) => groupStarts(grouping) !== undefined);
  const grid = gridOf(planning, roots, planning.targetBytes, { reduce, together });
  if (reduce.groupings.length === 0) return deepEnough(planning, roots, reduce, grid);
  if (together.length === 0 || taskCountOf(grid) >= fewBlocks || reductionKind(reduce.operation).holdsAll)
    return grid;
  const extents = grid.map(largestCell);
  const { bytes } = geometryOf(planning, roots);
  if (bytes(extents) <= 2 * planning.targetBytes) return grid;
  return gridOf(planning, roots, planning.targetBytes, { reduce, together: [] });
}

/**
 * The grid, or of a reduction to large fields one that takes in more of what is reduced: partial results, which are sent, are small beside it
 * then. Tasks hold no more for it.
 */
function deepEnough(
  planning: Planning,
  roots: readonly number[],
  reduce: PlanReduce,
  grid: RunLengths[],
): RunLengths[] {
  if (reductionKind(reduce.operation).holdsAll) return grid;
  const { bytes } = geometryOf(planning, roots);
  const extents = grid.map(largestCell);
  const cells = extents.reduce((all, extent, axis) => (reduce.axes.includes(axis) ? all : all * extent), 1);
  const enough = timesPartial * cells * partialCellBytes;
  const targetBytes = Math.min(enough, bytes(planning.resolved.nodes[roots[0]].shape) / fewBlocks);
  if (targetBytes < 2 * planning.targetBytes) return grid;
  return gridOf(planning, roots, targetBytes, { reduce, together: [] });
}

function gridsOf(made: Planning['made']): MadeGrids {
  return new Map([...made].map(([number, { grid }]) => [number, grid]));
}

function geometryOf({ resolved, made }: Planning, roots: readonly number[]): Geometry {
  return stageGeometry(resolved.nodes, resolved.sources, roots, gridsOf(made));
}

function gridOf(
  planning: Planning,
  roots: readonly number[],
  targetBytes: number,
  reduction?: { reduce: PlanReduce; together: readonly PlanGrouping[] },
): RunLengths[] {
  const { nodes } = planning.resolved;
  const read = geometryOf(planning, roots);
  const { reduce, together = [] } = reduction ?? {};
  const geometry = reduce === undefined ? read : heldGeometry(reduce, nodes[roots[0]], read, together);
  const cut = reduce?.groupings.filter((grouping) => !together.includes(grouping)) ?? [];
  const reduced = [...(reduce?.axes ?? []), ...cut.map(({ axis }) => axis)];
  const units = new Map(
    together.map((grouping) => [
      grouping.axis,
      unitsOfGroups(groupStarts(grouping)!, read.chunks[grouping.axis]),
    ]),
  );
  const uncut = [...geometry.uncut, ...(reduce?.groupings.map(({ axis }) => axis) ?? [])];
  const { shape } = nodes[roots[0]];
  // Reduced dimensions first: the more of them is in a block, the fewer partial results there are; from the inside.
  const inward = [...shape.keys()].reverse();
  const order = inward.filter((axis) => reduced.includes(axis));
  // These only as far as makes tasks worth their while, which cost messages, and leaves enough of them. Of what is added as it is read from the
  // outside: a chunk is then added to one run of cells, and not row by row. Else blocks are rows of maps, as readers of a result and operations want them.
  const worthwhile = Math.max(planning.targetBytes * keptFraction, geometry.bytes(shape) / fewBlocks);
  const isAdded = reduce !== undefined && fusedInputs(nodes, roots).operations.length === 0;
  const rest = {
    order: (isAdded ? [...shape.keys()] : inward).filter((axis) => !reduced.includes(axis)),
    targetBytes: Math.min(targetBytes, worthwhile),
  };
  const cutBytes = 2 * planning.targetBytes;
  return chooseGrid({ shape, ...geometry, targetBytes, cutBytes, uncut, units, order, rest });
}

function stage(
  kind: Stage['kind'],
  node: number,
  tasks: number,
  inputs: number[],
  blockGrid: RunLengths[],
): Stage {
  return { kind, node, tasks, inputs, blockGrid, fanIn: 0, partials: 0, finishes: false, partGrid: [] };
}

function taskCountOf(grid: readonly RunLengths[]): number {
  return checked(grid.reduce((product, runs) => product * cellCount(runs), 1));
}

function checked(tasks: number): number {
  if (Number.isSafeInteger(tasks)) return tasks;
  throw new HyperslabError('TOO_LARGE', 'computation has more than 2^53 tasks; select a part');
}

/** The grid of the blocks of a reduction's values, from that of its input: dimensions that it adds are not cut. */
export function reducedGrid(node: PlanNode, blockGrid: readonly RunLengths[]): RunLengths[] {
  const { axes, groupings } = reduceOf(node);
  const inGroups = blockGrid.map((runs, axis) => {
    const grouping = groupings.find((each) => each.axis === axis);
    if (grouping === undefined) return runs;
    return groupsOfBlocks(grouping, runs) ?? regularRuns(grouping.groups, Math.max(1, grouping.groups));
  });
  const staying = inGroups.filter((_, axis) => !axes.includes(axis));
  const added = node.shape.slice(staying.length).map((extent) => regularRuns(extent, Math.max(1, extent)));
  return [...staying, ...added];
}

/** The reduction that a node is. */
export function reduceOf(node: PlanNode): PlanReduce {
  if (node.kind?.$case !== 'reduce') throw new HyperslabError('INTERNAL', 'plan node is no reduction');
  return node.kind.value;
}
