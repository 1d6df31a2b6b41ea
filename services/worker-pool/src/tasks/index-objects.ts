import { indexCoordinates } from '@hyperslab/cube';
import { indexFile, readStored } from '@hyperslab/formats';
import { type FileIndex, FileIndexBatch } from '@hyperslab/proto/index';
import type { Storage } from '@hyperslab/storage';
import { decodeObjects } from './object-list.ts';
import type { TaskRequest } from './task-request.ts';

/** Files that a task indexes at once: most of the time goes by waiting for storage. */
const filesAtOnce = 8;

/**
 * Indexes the task's share of the listed objects, in their order, with the values of coordinates that a merge
 * compares.
 * @throws HyperslabError what is wrong with the first file that is no data, which names it
 */
export async function indexObjects(storage: Storage, request: TaskRequest): Promise<Uint8Array> {
  const { plan, stage, task } = request;
  const share = plan.publish?.objectsPerTask ?? 1;
  const list = await request.readBlock(plan.stages[stage].inputs[0], 0);
  const objects = decodeObjects(list, task * share, share);
  const files = new Array<FileIndex>(objects.length);
  const failed = new AbortController();
  const signal = AbortSignal.any([request.signal, failed.signal]);
  let next = 0;
  const indexNext = async (): Promise<void> => {
    for (let at = next++; at < objects.length; at = next++) {
      signal.throwIfAborted();
      const source = storage.open(objects[at].url);
      const index = await indexFile(source, { signal, storage });
      const otherChunks = index.others === undefined ? undefined : { others: index.others, storage };
      files[at] = await indexCoordinates(
        index,
        (variable) => readStored(variable, source, index.version!, signal, otherChunks),
        signal,
      );
    }
  };
  const lanes = Array.from({ length: Math.min(filesAtOnce, objects.length) }, indexNext);
  try {
    await Promise.all(lanes);
  } catch (error) {
    failed.abort(error);
    await Promise.allSettled(lanes);
    throw error;
  }
  return FileIndexBatch.encode({ files }).finish();
}
