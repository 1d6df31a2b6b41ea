import { aggregateInto, type ManifestSink } from '@hyperslab/cube';
import { HyperslabError, type Reason } from '@hyperslab/errors';
import { Dataset } from '@hyperslab/proto/cube';
import { type FileIndex, FileIndexBatch, type GatheredHeaders, type LargeFile } from '@hyperslab/proto/index';
import type { LeftOut } from '@hyperslab/proto/merge';
import { IndexKeeper } from '../kept/index-keeper.ts';
import { indexOne } from './index-one.ts';
import { decodeObjects, decodeRemarks, objectCount } from './object-list.ts';
import { putManifest } from './put-manifest.ts';
import { shortenLeftOut } from './shorten-left-out.ts';
import type { TaskEnvironment } from './task-environment.ts';
import type { TaskRequest } from './task-request.ts';

/** Batches that are fetched ahead of the merge. */
const batchesAhead = 4;

/**
 * Merges all indexes into cubes, puts the manifest into the object store and answers the dataset, encoded. Keeps the indexes,
 * whether or not they merge; where the merge refuses a file as it comes, those of the batches up to it.
 */
export async function aggregateIndexes(
  environment: TaskEnvironment,
  request: TaskRequest,
): Promise<Uint8Array> {
  const { plan, stage, readBlock, signal } = request;
  const { merge, urls } = plan.publish!;
  const [expand] = plan.stages[plan.stages[stage].inputs[0]].inputs;
  const list = await readBlock(expand, 0);
  const remarks = decodeRemarks(list);
  const { leftOut } = remarks;
  const keeper = new IndexKeeper(environment, remarks, signal);
  const indexLarge = largeIndexer(environment, request, list, remarks.large);
  const write = (sink: ManifestSink) =>
    aggregateInto(sink, files(request, objectCount(list), indexLarge, keeper, leftOut), {
      merge,
      sources: urls,
    });
  try {
    const dataset = await putManifest(environment, write, signal);
    if (dataset.provenance !== undefined) dataset.provenance.leftOut = shortenLeftOut(leftOut);
    return Dataset.encode(dataset).finish();
  } finally {
    await keeper.finish(false);
  }
}

/**
 * The file indexes of all batches, in order; adds what they leave out to `leftOut`.
 * @throws HyperslabError why the first was left out, when all were
 */
async function* files(
  { plan, stage, readBlock, signal }: TaskRequest,
  total: number,
  indexLarge: () => Promise<FileIndexBatch>,
  keeper: IndexKeeper,
  leftOut: LeftOut[],
): AsyncGenerator<FileIndex> {
  const [index] = plan.stages[stage].inputs;
  const batches = Math.ceil(total / (plan.publish?.objectsPerTask ?? 1));
  const ahead: Promise<Uint8Array>[] = [];
  let asked = 0;
  let taken = 0;
  for (let number = 0; number < batches; number++) {
    while (asked < batches && ahead.length < batchesAhead) {
      const block = readBlock(index, asked++);
      // Its failure is met when its turn comes.
      block.catch(() => undefined);
      ahead.push(block);
    }
    const bytes = Buffer.from(await ahead.shift()!);
    signal.throwIfAborted();
    const batch = FileIndexBatch.decode(bytes);
    await keeper.take(batch, bytes);
    for (const each of batch.leftOut) leftOut.push(each);
    for (const file of batch.files) {
      const large = file.root === undefined ? await indexLarge() : undefined;
      if (large !== undefined) {
        await keeper.take(large, FileIndexBatch.encode(large).finish());
        for (const each of large.leftOut) leftOut.push(each);
      }
      const made = large?.files ?? [file];
      taken += made.length;
      yield* made;
    }
  }
  // Beside what is left to merge.
  keeper.finish(true);
  const [first] = leftOut;
  if (taken === 0 && first !== undefined)
    throw new HyperslabError(first.reason as Reason, first.message, { url: first.url });
}

/** Indexes the large files one after the other, in the order of the list, with the headers that were gathered of each. */
function largeIndexer(
  { storage, maker }: TaskEnvironment,
  { plan, stage, readBlock, signal }: TaskRequest,
  list: Uint8Array,
  large: readonly LargeFile[],
): () => Promise<FileIndexBatch> {
  const [index] = plan.stages[stage].inputs;
  const isFollowing = plan.publish?.following !== undefined;
  let next = 0;
  return async () => {
    const { object, firstTask, parts } = large[next++];
    const gathered: GatheredHeaders[] = [];
    for (let part = 0; part < parts; part++) {
      const block = FileIndexBatch.decode(Buffer.from(await readBlock(index, firstTask + part)));
      if (block.gathered !== undefined) gathered.push(block.gathered);
    }
    const [named] = decodeObjects(list, object, 1);
    const made = await indexOne(storage, named, isFollowing, signal, gathered);
    if ('leftOut' in made) return FileIndexBatch.fromPartial({ leftOut: [made.leftOut] });
    return {
      ...FileIndexBatch.create(),
      files: [made.index],
      maker,
      worthKeeping: made.worthKeeping ? [0] : [],
    };
  };
}
