import { isHyperslabError, type Reason } from '@hyperslab/errors';
import type { IndexRequest } from '../format-reader.ts';
import { readInventory } from './inventory.ts';
import { MessageBytes } from './message-bytes.ts';
import { walkMessages } from './walk.ts';

/** What a walk may meet that began in the midst of data; the pass that counts meets it too where it is true. */
const left: ReadonlySet<Reason> = new Set(['FORMAT_CORRUPT', 'FORMAT_UNSUPPORTED']);

// As much as one walk takes of a file that is indexed in one pass: they go on side by side, each with one request at a time.
const segmentBytes = 32 * 1024 * 1024;

/** Walks the messages that begin in a part of a file, so that what they ask for is gathered. Throws what the source throws. */
export async function gatherMessages(request: IndexRequest, from: number, to: number): Promise<void> {
  const end = Math.min(to, request.version.size);
  const { starts } = await readInventory(request);
  const walks: Promise<void>[] = [];
  for (let at = from; at < end; at += segmentBytes) {
    walks.push(gatherSegment(request, at, Math.min(end, at + segmentBytes), starts));
  }
  await Promise.all(walks);
}

async function gatherSegment(
  request: IndexRequest,
  from: number,
  to: number,
  starts: readonly number[],
): Promise<void> {
  const bytes = new MessageBytes({ ...request, head: from === 0 ? request.head : new Uint8Array() });
  let isDecided = false;
  try {
    for await (const message of walkMessages(bytes, from)) {
      if (message.offset >= to) return;
      if (isDecided || !bytes.readsHeaders) continue;
      isDecided = true;
      if (starts.includes(message.offset))
        bytes.expectStarts(starts.filter((start) => start > message.offset && start < to));
    }
  } catch (error) {
    if (!isHyperslabError(error) || !left.has(error.reason)) throw error;
  }
}
