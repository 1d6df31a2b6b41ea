import { indexCoordinates } from '@hyperslab/cube';
import { isHyperslabError, type Reason } from '@hyperslab/errors';
import { headBytes, indexFile, readStored } from '@hyperslab/formats';
import type { FileIndex, GatheredHeaders } from '@hyperslab/proto/index';
import type { LeftOut } from '@hyperslab/proto/merge';
import { type ObjectState, type Storage, withHead } from '@hyperslab/storage';
import { indexName } from '../kept/index-name.ts';
import { isSettled } from '../kept/is-settled.ts';
import type { NamedObject } from './object-list.ts';

/** What a file of a run that still grows may be like for now: it is left for later. */
const passing: ReadonlySet<Reason> = new Set([
  'CHECKSUM_MISMATCH',
  'FORMAT_CORRUPT',
  'FORMAT_UNKNOWN',
  'FORMAT_UNSUPPORTED',
  'OBJECT_CHANGED',
  'OBJECT_NOT_FOUND',
  'ACCESS_DENIED',
  'SHORT_READ',
  // Of one file, sizes that none has are damage.
  'TOO_LARGE',
  // Of a store, an object whose name can't be written in a URL.
  'URL_INVALID',
]);

/** What became of an object. */
export type Indexed = { index: FileIndex; worthKeeping: boolean } | { leftOut: LeftOut };

/**
 * Indexes a listed object, with the values of coordinates. Of a run that still grows, one that can't be taken yet is told.
 * @throws HyperslabError what is wrong with it
 */
export async function indexOne(
  storage: Storage,
  { url, indexName: listed }: NamedObject,
  isFollowing: boolean,
  signal: AbortSignal,
  gathered?: readonly GatheredHeaders[],
): Promise<Indexed> {
  try {
    const source = withHead(storage.open(url), headBytes);
    const lookedAtMs = Date.now();
    const made = await indexFile(source, { signal, storage, gathered });
    const version = made.version!;
    // The same, with what the store knows beyond it: from memory, of the head. A web page that stands for a data set has none.
    const told: Partial<ObjectState> = made.selfContained ? await source.stat(signal) : {};
    const state = { ...told, ...version };
    const otherChunks = made.others === undefined ? undefined : { others: made.others, storage };
    const index = await indexCoordinates(
      made,
      (variable) => readStored(variable, source, version, signal, otherChunks),
      signal,
    );
    // One that changed since it was listed would not be found by its name.
    const isListed = indexName(index.url, state).equals(listed);
    const worthKeeping = index.selfContained === true && isListed && isSettled(index.url, state, lookedAtMs);
    return { index: worthKeeping ? { ...index, file: state.file } : index, worthKeeping };
  } catch (error) {
    signal.throwIfAborted();
    if (!isFollowing || !isHyperslabError(error) || !passing.has(error.reason)) throw error;
    return { leftOut: { url, reason: error.reason, message: error.message } };
  }
}
