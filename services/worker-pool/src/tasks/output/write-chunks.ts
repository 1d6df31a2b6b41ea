import { type DataType, elementCount, giveBack, gridCell, gridShape, unravel } from '@hyperslab/array';
import { decodeBlock, encodeBlock, evaluatingStage } from '@hyperslab/expression';
import type { OutputPlan, Plan, Stage } from '@hyperslab/proto/expression';
import { chunkKey, cut, encodeZarrChunk, Filling } from '@hyperslab/results/zarr';
import type { SharedOutput } from '@hyperslab/storage';
import { computeBlock } from '../compute-block.ts';
import type { TaskEnvironment } from '../task-environment.ts';
import type { TaskRequest } from '../task-request.ts';
import { encodingOf } from './open-output.ts';
import { variableOf } from './store-of-output.ts';

/** Chunks of a block that are encoded and put at a time: a block has few. */
const mostAtOnce = 4;

/** Writes the chunks of one block. The block of the task is what is counted of it: missing, NaN, and whether the fill value occurs. */
export async function writeChunks(
  environment: TaskEnvironment,
  request: TaskRequest,
  output: OutputPlan,
  folder: SharedOutput,
): Promise<Uint8Array> {
  const result = output.result!;
  const encoding = encodingOf(output);
  const { name } = variableOf(output, request.jobId);
  const chunk = output.chunkShape.map((extent) => Math.max(1, extent));
  const filling = new Filling(name, result.dtype as DataType, output.fillValue);
  const block = await blockOf(environment, request);
  const [array] = decodeBlock(block.bytes);
  const { origin } = gridCell(result.blockGrid, unravel(request.task, gridShape(result.blockGrid)));
  const first = origin.map((start, axis) => Math.floor(start / chunk[axis]));
  const grid = array.shape.map((extent, axis) => Math.ceil(extent / chunk[axis]));
  const count = elementCount(grid);
  // Run again for what it counts, its block being lost after the end: then all is written.
  const isCommitted = await folder.wasCommitted();
  for (let at = 0; at < count; at += mostAtOnce) {
    request.signal.throwIfAborted();
    const numbers = Array.from({ length: Math.min(mostAtOnce, count - at) }, (_, i) => at + i);
    await Promise.all(numbers.map(write));
  }
  if (block.isOwn) giveBack(block.bytes);
  const figures = BigInt64Array.of(BigInt(filling.missing), BigInt(filling.nan), filling.collides ? 1n : 0n);
  return encodeBlock([{ dtype: 'int64', shape: [3], values: figures }]);

  async function write(number: number): Promise<void> {
    const index = unravel(number, grid).map((cell, axis) => cell + first[axis]);
    const start = index.map((cell, axis) => cell * chunk[axis]);
    const shape = start.map((from, axis) => Math.min(chunk[axis], origin[axis] + array.shape[axis] - from));
    const part = cut({ ...array, origin }, { origin: start, shape });
    const filled = { dtype: array.dtype, values: filling.take(part) };
    const encoded = encodeZarrChunk(filled, shape, chunk, filling.fill, encoding);
    // Chunks may be large, and several are under way: none waits for the collector.
    for (const { values } of [part, filled]) if (!Array.isArray(values)) giveBack(values);
    const bytes = await encoded;
    if (!isCommitted) await folder.put(chunkKey(name, index, encoding), bytes);
    giveBack(bytes);
  }
}

/** The block that is written, and whether it was made for that alone. */
async function blockOf(
  environment: TaskEnvironment,
  request: TaskRequest,
): Promise<{ bytes: Uint8Array; isOwn: boolean }> {
  const { plan, stage, task, readBlock } = request;
  const evaluates = evaluatingStage(plan.stages[stage]);
  if (evaluates === undefined)
    return { bytes: await readBlock(plan.stages[stage].inputs[0], task), isOwn: false };
  const computing = { ...request, plan: evaluatingPlan(plan, stage, evaluates) };
  return { bytes: await computeBlock(environment, computing, true), isOwn: true };
}

/** Plans whose stage that writes is one that evaluates: what is prepared of a plan is found by it. */
const evaluating = new WeakMap<Plan, Plan>();

function evaluatingPlan(plan: Plan, stage: number, evaluates: Stage): Plan {
  let made = evaluating.get(plan);
  if (made === undefined) {
    made = { ...plan, stages: plan.stages.with(stage, evaluates) };
    evaluating.set(plan, made);
  }
  return made;
}
