import { allocateValues, copyRegion, elementCount, giveBack, type MaskedArray } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import {
  type Allocator,
  openRegion,
  ordinaryMemory,
  type PartialReduction,
  reductionKind,
  whileWanted,
} from '@hyperslab/kernels';
import { type Plan, type Stage, StageKind } from '@hyperslab/proto/expression';
import { reduceOf } from '../plan/plan-computation.ts';
import { decodeBlock, encodeBlock } from './block-format.ts';
import { partsOfBlock } from './block-parts.ts';
import { encodeParts } from './part-format.ts';
import { evaluatedNodes, type PreparedPlan, preparePlan, stageOf } from './prepared-plan.ts';
import { beginBlock, parametersOf, typesOf } from './reduce-block.ts';
import { tilesOf } from './stage-tiles.ts';
import { combinedBox, combinedTasks, taskBox } from './task-box.ts';
import type { TaskIo } from './task-io.ts';
import { evaluateTiles, type TaskOptions } from './tiles.ts';

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
      return evaluateBlock(prepared, stage, task, io, options, (array) =>
        encodeBlock([array], options.allocateBlock),
      );
    case StageKind.STAGE_KIND_EXCHANGE: {
      const parts = partsOfBlock(taskBox(prepared, stage, task), stage.partGrid);
      return evaluateBlock(prepared, stage, task, io, options, (array) =>
        encodeParts(array, parts, options.allocateBlock),
      );
    }
    case StageKind.STAGE_KIND_REDUCE_PARTIAL: {
      using memory = openRegion();
      return encodeReduction(
        stage,
        await reducePart(prepared, stage, task, io, options, memory),
        io,
        options,
      );
    }
    case StageKind.STAGE_KIND_REDUCE_COMBINE:
      return encodeReduction(stage, await combineParts(prepared, stage, task, io), io, options);
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
  { throwIfCancelled }: TaskIo,
  { allocateBlock }: TaskOptions,
): Uint8Array {
  const arrays = whileWanted(throwIfCancelled, () =>
    stage.finishes ? [partial.finish()] : partial.toArrays(),
  );
  return encodeBlock(arrays, allocateBlock);
}

/** Evaluates the values of a block, of which `encode` makes its bytes while they are there. */
async function evaluateBlock(
  prepared: PreparedPlan,
  stage: Stage,
  task: number,
  io: TaskIo,
  options: TaskOptions,
  encode: (array: MaskedArray) => Uint8Array,
): Promise<Uint8Array> {
  const block = taskBox(prepared, stage, task);
  const { shape } = block;
  const dtype = prepared.plan.nodes[stage.node].dtype as MaskedArray['dtype'];
  const count = elementCount(shape);
  let whole: MaskedArray | undefined;
  let bytes: Uint8Array | undefined;
  await evaluateTiles(prepared, tilesOf(prepared, stage), block, io, options, ({ box, array }) => {
    const { values, mask } = array;
    // What is all of the block need not be copied to its place in it.
    if (elementCount(box.shape) === count) {
      bytes = encode({ dtype, shape, values, mask });
      return;
    }
    whole ??= {
      dtype,
      shape,
      values: dtype === 'string' ? new Array<string>(count) : allocateValues(dtype, count),
    };
    const from = { arrayShape: box.shape, origin: box.shape.map(() => 0) };
    const to = { arrayShape: shape, origin: box.origin.map((start, axis) => start - block.origin[axis]) };
    copyRegion(values, from, whole.values, to, box.shape);
    if (mask === undefined) return;
    whole.mask ??= new Uint8Array(count);
    copyRegion(mask, from, whole.mask, to, box.shape);
  });
  if (bytes !== undefined) return bytes;
  bytes = encode(whole!);
  if (!Array.isArray(whole!.values)) giveBack(whole!.values);
  return bytes;
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
  const { partial, add } = beginBlock(prepared, stage, block, memory);
  await evaluateTiles(prepared, tilesOf(prepared, stage), block, io, options, add);
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
