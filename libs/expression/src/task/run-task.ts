import {
  allocateValues,
  copyRegion,
  elementCount,
  giveBack,
  type MaskedArray,
  type NumericValues,
} from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import {
  type Allocator,
  openRegion,
  ordinaryMemory,
  type PartialReduction,
  reductionKind,
} from '@hyperslab/kernels';
import { type Plan, type Stage, StageKind } from '@hyperslab/proto/expression';
import { reduceOf } from '../plan/plan-computation.ts';
import { decodeBlock, encodeBlock } from './block-format.ts';
import { partsOfBlock } from './block-parts.ts';
import { encodeParts } from './part-format.ts';
import { evaluatedNodes, type PreparedPlan, preparePlan, stageOf } from './prepared-plan.ts';
import { beginBlock, parametersOf, typesOf } from './reduce-block.ts';
import { combinedBox, combinedTasks, taskBox } from './task-box.ts';
import type { TaskIo } from './task-io.ts';
import { evaluateTiles, type TaskOptions, type TileUse } from './tiles.ts';

/** Values that go to places of their own. */
const anyTiles: TileUse = { isAlike: () => true, reduced: [] };

/**
 * Does one task of a computation and answers its block: the values of its part of a node, or a partial result of a
 * reduction. Memory is bounded by the block and a few tiles, however large the sources are. Throws what reading throws,
 * and an AbortError when `io.signal` says so.
 */
export async function runTask(
  plan: Plan,
  stageNumber: number,
  task: number,
  io: TaskIo,
  options: TaskOptions = {},
): Promise<Uint8Array> {
  const prepared = preparePlan(plan);
  const stage = stageOf(prepared, stageNumber, task);
  switch (stage.kind) {
    case StageKind.STAGE_KIND_EVALUATE:
      return encodeBlock([await evaluateBlock(prepared, stage, task, io, options)], options.allocateBlock);
    case StageKind.STAGE_KIND_EXCHANGE: {
      const array = await evaluateBlock(prepared, stage, task, io, options);
      const parts = partsOfBlock(taskBox(prepared, stage, task), stage.partGrid);
      const block = encodeParts(array, parts, options.allocateBlock);
      giveBack(array.values as NumericValues);
      return block;
    }
    case StageKind.STAGE_KIND_REDUCE_PARTIAL: {
      using memory = openRegion();
      return encodeReduction(stage, await reducePart(prepared, stage, task, io, options, memory), options);
    }
    case StageKind.STAGE_KIND_REDUCE_COMBINE:
      return encodeReduction(stage, await combineParts(prepared, stage, task, io), options);
    default:
      throw new HyperslabError(
        'INVALID_ARGUMENT',
        `stage ${stageNumber} of the plan is no stage of a computation`,
      );
  }
}

function encodeReduction(
  stage: Stage,
  partial: PartialReduction,
  { allocateBlock }: TaskOptions,
): Uint8Array {
  return encodeBlock(stage.finishes ? [partial.finish()] : partial.toArrays(), allocateBlock);
}

async function evaluateBlock(
  prepared: PreparedPlan,
  stage: Stage,
  task: number,
  io: TaskIo,
  options: TaskOptions,
): Promise<MaskedArray> {
  const block = taskBox(prepared, stage, task);
  const roots = evaluatedNodes(prepared, stage);
  const dtype = prepared.plan.nodes[stage.node].dtype as MaskedArray['dtype'];
  const count = elementCount(block.shape);
  let whole: MaskedArray | undefined;
  for await (const { box, array } of evaluateTiles(prepared, roots, block, io, options, anyTiles)) {
    whole ??= {
      dtype,
      shape: block.shape,
      values: dtype === 'string' ? new Array<string>(count) : allocateValues(dtype, count),
    };
    const from = { arrayShape: box.shape, origin: box.shape.map(() => 0) };
    const to = {
      arrayShape: block.shape,
      origin: box.origin.map((start, axis) => start - block.origin[axis]),
    };
    copyRegion(array.values, from, whole.values, to, box.shape);
    if (array.mask === undefined) continue;
    whole.mask ??= new Uint8Array(count);
    copyRegion(array.mask, from, whole.mask, to, box.shape);
  }
  return whole!;
}

async function reducePart(
  prepared: PreparedPlan,
  stage: Stage,
  task: number,
  io: TaskIo,
  options: TaskOptions,
  memory: Allocator,
): Promise<PartialReduction> {
  const block = taskBox(prepared, stage, task);
  const { partial, add, use } = beginBlock(prepared, stage, block, memory);
  const roots = evaluatedNodes(prepared, stage);
  for await (const tile of evaluateTiles(prepared, roots, block, io, options, use)) add(tile);
  return partial;
}

async function combineParts(
  prepared: PreparedPlan,
  stage: Stage,
  task: number,
  io: TaskIo,
): Promise<PartialReduction> {
  const { operation, axes, parameters } = reduceOf(prepared.plan.nodes[stage.node]);
  const kind = reductionKind(operation);
  const [input] = evaluatedNodes(prepared, stage);
  const staying = prepared.plan.nodes[input].shape.length - axes.length;
  const request = {
    ...typesOf(prepared, stage),
    shape: combinedBox(stage, task).shape.slice(0, staying),
    parameters: parametersOf(parameters),
    memory: ordinaryMemory,
  };
  let combined: PartialReduction | undefined;
  for (const input of combinedTasks(stage, task)) {
    io.signal?.throwIfAborted();
    const partial = kind.fromArrays(request, decodeBlock(await io.readBlock(stage.inputs[0], input)));
    if (combined === undefined) combined = partial;
    else combined.merge(partial);
  }
  return combined!;
}
