import { FileIndex, FileIndexBatch } from '@hyperslab/proto/index';
import type { Storage } from '@hyperslab/storage';
import { readKept } from '../kept/read-kept.ts';
import { type Indexed, indexOne } from './index-one.ts';
import { gatherPart, partOfTask } from './large-files.ts';
import { decodeObjects, decodeRemarks, type NamedObject } from './object-list.ts';
import type { TaskEnvironment } from './task-environment.ts';
import type { TaskRequest } from './task-request.ts';

/** Files that a task indexes at once: most of the time goes by waiting for storage. */
const filesAtOnce = 8;

/**
 * Indexes the task's share of the listed objects, in their order, with the values of coordinates that a merge
 * compares. What is kept of the state that was listed is not made again. In place of a large file there is an index of nothing:
 * tasks of their own gather its headers, and the merge indexes it with them.
 * @throws HyperslabError what is wrong with the first file that is no data, which names it
 */
export async function indexObjects(
  { storage, objects: store, maker }: Pick<TaskEnvironment, 'storage' | 'objects' | 'maker'>,
  request: TaskRequest,
): Promise<Uint8Array> {
  const { plan, stage, task } = request;
  const share = plan.publish?.objectsPerTask ?? 1;
  const list = await request.readBlock(plan.stages[stage].inputs[0], 0);
  const { packs, replaced, large } = decodeRemarks(list);
  const part = partOfTask(large, task, plan.publish?.partBytes ?? 0);
  if (part !== undefined) {
    const [object] = decodeObjects(list, part.object, 1);
    const gathered = await gatherPart(storage, object, part, request.signal);
    return FileIndexBatch.encode({ ...FileIndexBatch.create(), gathered }).finish();
  }
  const objects = decodeObjects(list, task * share, share);
  const isLarge = new Set(large.map(({ object }) => object - task * share));
  const kept = await readKept(store, packs, objects, maker, request.signal);
  const isFollowing = plan.publish?.following !== undefined;
  const known = new Map(kept);
  for (const number of isLarge) known.set(number, FileIndex.create({ url: objects[number]?.url }));
  const indexed = await indexOthers(storage, objects, known, isFollowing, request.signal);

  const batch: FileIndexBatch = { files: [], maker, worthKeeping: [], toRepack: [], leftOut: [] };
  for (const [number, outcome] of indexed.entries()) {
    if ('leftOut' in outcome) {
      batch.leftOut.push(outcome.leftOut);
      continue;
    }
    const position = batch.files.push(outcome.index) - 1;
    if (outcome.worthKeeping) batch.worthKeeping.push(position);
    const pack = objects[number].kept?.pack;
    if (pack !== undefined && kept.has(number) && replaced.includes(packs[pack]))
      batch.toRepack.push(position);
  }
  return FileIndexBatch.encode(batch).finish();
}

/** Indexes those that are not kept, several at once. */
async function indexOthers(
  storage: Storage,
  objects: readonly NamedObject[],
  kept: ReadonlyMap<number, FileIndex>,
  isFollowing: boolean,
  outer: AbortSignal,
): Promise<Indexed[]> {
  const indexed = new Array<Indexed>(objects.length);
  const failed = new AbortController();
  const signal = AbortSignal.any([outer, failed.signal]);
  let next = 0;
  const indexNext = async (): Promise<void> => {
    for (let at = next++; at < objects.length; at = next++) {
      signal.throwIfAborted();
      const index = kept.get(at);
      indexed[at] =
        index === undefined
          ? await indexOne(storage, objects[at], isFollowing, signal)
          : { index, worthKeeping: false };
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
  return indexed;
}
