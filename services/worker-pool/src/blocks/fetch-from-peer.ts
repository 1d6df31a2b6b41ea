import { crc32 } from 'node:zlib';
import { HyperslabError } from '@hyperslab/errors';
import type { ChunkServiceClient } from '@hyperslab/proto/worker';
import { openStream } from '@hyperslab/rpc';
import { sharedMemory } from '../threads/shared-bytes.ts';
import { type BlockKey, blockName } from './block-key.ts';

/** A peer that hangs is given up: the block may be elsewhere by then. */
const deadlineMs = 120_000;
/** No block is larger; a length beyond it is damage. */
const largestBlock = 2 ** 32;

/** A block, and the version of the kernels that made it. */
export interface MadeBlock {
  bytes: Uint8Array;
  kernelVersion: string;
}

/**
 * The bytes of a block that a peer holds, in memory that threads can share.
 * @throws HyperslabError BLOCK_NOT_FOUND, UNAVAILABLE, CHECKSUM_MISMATCH
 */
export async function fetchFromPeer(
  client: ChunkServiceClient,
  key: BlockKey,
  signal: AbortSignal,
): Promise<MadeBlock> {
  let bytes: Uint8Array | undefined;
  let kernelVersion = '';
  let at = 0;
  let expected: number | undefined;
  for await (const frame of openStream(client, 'fetchBlock', key, { signal, deadlineMs })) {
    if (bytes === undefined && frame.totalBytes <= largestBlock) {
      bytes = sharedMemory(frame.totalBytes);
      kernelVersion = frame.kernelVersion;
    }
    if (bytes === undefined || at + frame.data.length > bytes.length) break;
    bytes.set(frame.data, at);
    at += frame.data.length;
    expected = frame.crc32 ?? expected;
  }
  if (bytes !== undefined && at === bytes.length && crc32(bytes) === expected)
    return { bytes, kernelVersion };
  throw new HyperslabError(
    'CHECKSUM_MISMATCH',
    `${blockName(key)}: its bytes are not those that the peer at ${client.getChannel().getTarget()} sent`,
  );
}
