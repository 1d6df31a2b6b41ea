import { aggregateInto, type ManifestSink } from '@hyperslab/cube';
import { Dataset } from '@hyperslab/proto/cube';
import { type FileIndex, FileIndexBatch } from '@hyperslab/proto/index';
import { objectCount } from './object-list.ts';
import { putManifest } from './put-manifest.ts';
import type { TaskEnvironment } from './task-environment.ts';
import type { TaskRequest } from './task-request.ts';

/** Batches that are fetched ahead of the merge. */
const batchesAhead = 4;

/** Merges all indexes into cubes, puts the manifest into the object store and answers the dataset, encoded. */
export async function aggregateIndexes(
  environment: TaskEnvironment,
  request: TaskRequest,
): Promise<Uint8Array> {
  const { plan, signal } = request;
  const { merge, urls } = plan.publish!;
  const write = (sink: ManifestSink) => aggregateInto(sink, files(request), { merge, sources: urls });
  const dataset = await putManifest(environment, write, signal);
  return Dataset.encode(dataset).finish();
}

/** The file indexes of all batches, in order. */
async function* files({ plan, stage, readBlock, signal }: TaskRequest): AsyncGenerator<FileIndex> {
  const [index] = plan.stages[stage].inputs;
  const [expand] = plan.stages[index].inputs;
  const total = objectCount(await readBlock(expand, 0));
  const batches = Math.ceil(total / (plan.publish?.objectsPerTask ?? 1));
  const ahead: Promise<Uint8Array>[] = [];
  let asked = 0;
  for (let batch = 0; batch < batches; batch++) {
    while (asked < batches && ahead.length < batchesAhead) {
      const block = readBlock(index, asked++);
      // Its failure is met when its turn comes.
      block.catch(() => undefined);
      ahead.push(block);
    }
    const bytes = await ahead.shift()!;
    signal.throwIfAborted();
    yield* FileIndexBatch.decode(Buffer.from(bytes)).files;
  }
}
