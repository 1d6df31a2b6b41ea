import { cellCount, elementCount, type NumericType, type RunLengths } from '@hyperslab/array';
import { reductionKind } from '@hyperslab/kernels';
import { type Plan, type Stage, StageKind } from '@hyperslab/proto/expression';
import { aheadBytes } from '../task/fetch-ahead.ts';
import { evaluatedNodes, geometryOf, type PreparedPlan, preparePlan } from '../task/prepared-plan.ts';
import { partialAxes } from './groupings.ts';
import { heldByTasks } from './held-weights.ts';
import { reducedGrid, reduceOf } from './plan-computation.ts';
import { largestCell } from './run-lengths.ts';
import { widthOf } from './stage-geometry.ts';

/** What a computation costs, before it is done. */
export interface Estimate {
  /** Bytes of decoded source values that are read; a part that is read twice counts once. */
  sourceBytes: number;
  resultBytes: number;
  tasks: number;
  /** Bytes of blocks that tasks read of earlier stages, all of which may move between workers. What others have persisted is not in it: where that is, a plan does not say. */
  movedBytes: number;
  /** About what the largest task takes: what it holds until its end, a tile, what is fetched ahead of it, and weights. */
  taskBytes: number;
}

/** Sums, and a count of what was left out: what a plain reduction has of each cell. */
const plainCellBytes = 16;

/** The cost of a plan of a computation. */
export function estimate(plan: Plan): Estimate {
  const { nodes, sources, stages, result } = plan;
  const prepared = preparePlan(plan);
  const held = heldByTasks(plan);
  const sourceBytes = nodes.reduce((sum, { kind }) => {
    if (kind?.$case !== 'read') return sum;
    const elements = kind.value.ranges.reduce((product, { count }) => product * count, 1);
    return sum + elements * widthOf(sources[kind.value.source].variable!.dtype);
  }, 0);
  return {
    sourceBytes,
    resultBytes: elementCount(result!.shape) * widthOf(result!.dtype),
    tasks: stages.reduce((sum, stage) => sum + stage.tasks, 0),
    movedBytes: stages.reduce(
      (sum, { inputs }) => inputs.reduce((moved, input) => moved + blocksBytes(plan, stages[input]), sum),
      0,
    ),
    taskBytes: stages.reduce(
      (most, stage, number) => Math.max(most, bytesOfTask(prepared, stage) + held[number]),
      0,
    ),
  };
}

/** Whether the blocks of a stage are values of its node, as they are. */
function isEvaluated({ kind }: Stage): boolean {
  return kind === StageKind.STAGE_KIND_EVALUATE || kind === StageKind.STAGE_KIND_EXCHANGE;
}

/** Bytes of all blocks of a stage, values or partial results. */
function blocksBytes(plan: Plan, stage: Stage): number {
  const { shape, dtype } = plan.nodes[stage.node];
  if (isEvaluated(stage) || stage.finishes) return elementCount(shape) * widthOf(dtype);
  const cells = elementCount(shape) * cellBytes(plan, stage);
  if (stage.kind === StageKind.STAGE_KIND_REDUCE_COMBINE)
    return cells * Math.ceil(stage.partials / stage.fanIn);
  const partial = partialAxes(reduceOf(plan.nodes[stage.node]), stage.blockGrid);
  return (
    cells * partial.reduce((product, axis) => product * Math.max(1, cellCount(stage.blockGrid[axis])), 1)
  );
}

function bytesOfTask(prepared: PreparedPlan, stage: Stage): number {
  const { plan } = prepared;
  const node = plan.nodes[stage.node];
  if (node === undefined) return 0;
  const block = largestOf(stage.blockGrid);
  if (stage.kind === StageKind.STAGE_KIND_REDUCE_COMBINE)
    return 2 * elementCount(block) * cellBytes(plan, stage);
  const { bytes, chunks, whole } = geometryOf(prepared, evaluatedNodes(prepared, stage));
  const tile = block.map((extent, axis) =>
    whole.includes(axis) ? extent : Math.min(extent, largestCell(chunks[axis])),
  );
  const read = Math.min(bytes(block), bytes(tile) + aheadBytes);
  const blockBytes = elementCount(block) * widthOf(node.dtype);
  if (stage.kind === StageKind.STAGE_KIND_EVALUATE) return blockBytes + read;
  // Whole, and in parts.
  if (stage.kind === StageKind.STAGE_KIND_EXCHANGE) return 2 * blockBytes + read;
  return elementCount(largestOf(reducedGrid(node, stage.blockGrid))) * cellBytes(plan, stage) + read;
}

/** What a reduction has of each cell before it is finished. */
function cellBytes({ nodes }: Plan, { node }: Stage): number {
  const { operation, input, axes, parameters } = reduceOf(nodes[node]);
  const { dtype, shape } = nodes[input];
  const total = axes.reduce((product, axis) => product * shape[axis], 1);
  const given = parameters === '' ? {} : JSON.parse(parameters);
  return reductionKind(operation).cellBytes?.(dtype as NumericType, total, given) ?? plainCellBytes;
}

function largestOf(grid: readonly RunLengths[]): number[] {
  return grid.map(largestCell);
}
