import { indexCoordinates } from '@hyperslab/cube';
import { isHyperslabError, type Reason } from '@hyperslab/errors';
import { headBytes, indexFile, readStored } from '@hyperslab/formats';
import { type FileIndex, FileIndexBatch } from '@hyperslab/proto/index';
import type { LeftOut } from '@hyperslab/proto/merge';
import { type Storage, withHead } from '@hyperslab/storage';
import { indexName } from '../kept/index-name.ts';
import { isSettled } from '../kept/is-settled.ts';
import { readKept } from '../kept/read-kept.ts';
import { decodeObjects, decodeRemarks, type NamedObject } from './object-list.ts';
import type { TaskEnvironment } from './task-environment.ts';
import type { TaskRequest } from './task-request.ts';

/** Files that a task indexes at once: most of the time goes by waiting for storage. */
const filesAtOnce = 8;

/** What a file of a run that still grows may be like for now: it is left for later. */
const passing: ReadonlySet<Reason> = new Set([
  'FORMAT_CORRUPT',
  'FORMAT_UNKNOWN',
  'FORMAT_UNSUPPORTED',
  'OBJECT_CHANGED',
  'OBJECT_NOT_FOUND',
  'ACCESS_DENIED',
  'SHORT_READ',
]);

/** What became of an object. */
type Indexed = { index: FileIndex; worthKeeping: boolean } | { leftOut: LeftOut };

/**
 * Indexes the task's share of the listed objects, in their order, with the values of coordinates that a merge
 * compares. What is kept of the state that was listed is not made again.
 * @throws HyperslabError what is wrong with the first file that is no data, which names it
 */
export async function indexObjects(
  { storage, objects: store, maker }: Pick<TaskEnvironment, 'storage' | 'objects' | 'maker'>,
  request: TaskRequest,
): Promise<Uint8Array> {
  const { plan, stage, task } = request;
  const share = plan.publish?.objectsPerTask ?? 1;
  const list = await request.readBlock(plan.stages[stage].inputs[0], 0);
  const objects = decodeObjects(list, task * share, share);
  const { packs, replaced } = decodeRemarks(list);
  const kept = await readKept(store, packs, objects, maker, request.signal);
  const isFollowing = plan.publish?.following !== undefined;
  const indexed = await indexOthers(storage, objects, kept, isFollowing, request.signal);

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

async function indexOne(
  storage: Storage,
  { url, indexName: listed }: NamedObject,
  isFollowing: boolean,
  signal: AbortSignal,
): Promise<Indexed> {
  try {
    const source = withHead(storage.open(url), headBytes);
    const lookedAtMs = Date.now();
    const made = await indexFile(source, { signal, storage });
    const version = made.version!;
    const otherChunks = made.others === undefined ? undefined : { others: made.others, storage };
    const index = await indexCoordinates(
      made,
      (variable) => readStored(variable, source, version, signal, otherChunks),
      signal,
    );
    // One that changed since it was listed would not be found by its name.
    const isListed = indexName(index.url, version).equals(listed);
    const worthKeeping =
      index.selfContained === true && isListed && isSettled(index.url, version, lookedAtMs);
    return { index, worthKeeping };
  } catch (error) {
    signal.throwIfAborted();
    if (!isFollowing || !isHyperslabError(error) || !passing.has(error.reason)) throw error;
    return { leftOut: { url, reason: error.reason, message: error.message } };
  }
}
