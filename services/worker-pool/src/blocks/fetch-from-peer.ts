import { crc32 } from 'node:zlib';
import { giveBack } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import type { ChunkServiceClient } from '@hyperslab/proto/worker';
import { openStream } from '@hyperslab/rpc';
import { isAnswering } from '@hyperslab/rpc/calls';
import { sharedMemory } from '../threads/shared-bytes.ts';
import { type BlockKey, blockName } from './block-key.ts';

/** A peer that hangs is given up: the block may be elsewhere by then. */
const deadlineMs = 120_000;
/** A peer that sends nothing for so long is asked whether it is there, and has as long to say so: one that was stopped keeps its connections. */
const usualSilenceMs = 2_000;
/** No block is larger; a length beyond it is damage. */
const largestBlock = 2 ** 32;

/** A block, and the version of the kernels that made it. */
export interface MadeBlock {
  bytes: Uint8Array;
  kernelVersion: string;
  /** The store here has the same bytes: their memory is not to be moved. */
  isHeld?: true;
  /** To be called when its bytes are no longer used, by who alone has them; of one for which it never is, they are left to the collector. */
  release?: () => void;
}

/** How a block is fetched. */
export interface FetchOptions {
  /** Makes the memory that it lies in then. @default memory that threads can share */
  allocate?: (bytes: number) => Uint8Array;
  /** A peer that sends nothing for so long is asked whether it is there, milliseconds. */
  silenceMs?: number;
}

/**
 * The bytes of a block that a peer holds.
 * @throws HyperslabError BLOCK_NOT_FOUND, UNAVAILABLE, CHECKSUM_MISMATCH
 */
export async function fetchFromPeer(
  client: ChunkServiceClient,
  key: BlockKey,
  signal: AbortSignal,
  { allocate = sharedMemory, silenceMs = usualSilenceMs }: FetchOptions = {},
): Promise<MadeBlock> {
  using silence = watchSilence(client, silenceMs);
  let bytes: Uint8Array | undefined;
  let kernelVersion = '';
  let at = 0;
  let expected: number | undefined;
  try {
    for await (const frame of openStream(client, 'fetchBlock', key, {
      signal: AbortSignal.any([signal, silence.signal]),
      deadlineMs,
    })) {
      silence.heard();
      if (bytes === undefined && frame.totalBytes <= largestBlock) {
        bytes = allocate(frame.totalBytes);
        kernelVersion = frame.kernelVersion;
      }
      if (bytes === undefined || at + frame.data.length > bytes.length) break;
      frame.data.copy(bytes, at);
      at += frame.data.length;
      expected = frame.crc32 ?? expected;
      // They are a view of the message that they came in.
      giveBack(frame.data);
    }
  } catch (error) {
    signal.throwIfAborted();
    silence.signal.throwIfAborted();
    throw error;
  }
  if (bytes !== undefined && at === bytes.length && crc32(bytes) === expected)
    return { bytes, kernelVersion, release: () => giveBack(bytes) };
  throw new HyperslabError(
    'CHECKSUM_MISMATCH',
    `${blockName(key)}: its bytes are not those that the peer at ${client.getChannel().getTarget()} sent`,
  );
}

/** Aborts `signal` when a peer sends nothing for a while and does not answer a health check either. */
function watchSilence(
  client: ChunkServiceClient,
  silenceMs: number,
): Disposable & { signal: AbortSignal; heard: () => void } {
  const gone = new AbortController();
  let heardMs = performance.now();
  let asking = false;
  const timer = setInterval(async () => {
    if (asking || performance.now() - heardMs < silenceMs) return;
    asking = true;
    const askedMs = performance.now();
    const isThere = await isAnswering(client, silenceMs);
    if (!isThere && heardMs < askedMs) {
      const message = `the peer at ${client.getChannel().getTarget()} does not answer`;
      gone.abort(new HyperslabError('UNAVAILABLE', message));
    }
    asking = false;
  }, silenceMs);
  return {
    signal: gone.signal,
    heard: () => {
      heardMs = performance.now();
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
