import type { DataType } from '@hyperslab/array';
import { decodeBlock, encodeBlock } from '@hyperslab/expression';
import type { OutputPlan } from '@hyperslab/proto/expression';
import { Filling, zarrDocuments } from '@hyperslab/results/zarr';
import type { TaskEnvironment } from '../task-environment.ts';
import type { TaskRequest } from '../task-request.ts';
import { encodingOf, openOutput } from './open-output.ts';
import { storeOfOutput } from './store-of-output.ts';

/** Writes coordinates and metadata of a store whose chunks are there, and lets it appear. The block of the task is what is told of it. */
export async function finishOutput(
  environment: TaskEnvironment,
  request: TaskRequest,
  output: OutputPlan,
): Promise<Uint8Array> {
  const { plan, stage, jobId, readBlock, signal } = request;
  const store = await storeOfOutput(environment, request, output);
  const [variable] = store.results;
  const filling = new Filling(variable.name, variable.dtype as DataType, output.fillValue);
  const [written] = plan.stages[stage].inputs;
  for (let task = 0; task < plan.stages[written].tasks; task++) {
    signal.throwIfAborted();
    const [{ values }] = decodeBlock(await readBlock(written, task));
    const [missing, nan, collides] = Array.from(values as BigInt64Array, Number);
    filling.add({ missing, nan, collides: collides === 1 });
  }
  const encoding = encodingOf(output);
  const chunk = output.chunkShape.map((extent) => Math.max(1, extent));
  const described = { ...variable, chunk, fill: filling.fill, isFilled: filling.isNeeded() };
  const folder = await openOutput(environment.outputRoots, output, jobId, signal);
  if (!(await folder.wasCommitted())) {
    for await (const { key, bytes } of store.chunks()) await folder.put(key, bytes);
    await folder.commit(zarrDocuments([...store.known, described], store.attributes, encoding));
  }
  const figures = BigInt64Array.of(BigInt(filling.missing), BigInt(filling.nan));
  return encodeBlock([{ dtype: 'int64', shape: [2], values: figures }]);
}
