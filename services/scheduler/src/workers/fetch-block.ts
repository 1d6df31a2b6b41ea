import { crc32 } from 'node:zlib';
import { HyperslabError } from '@hyperslab/errors';
import type { ChunkServiceClient, FetchBlockRequest } from '@hyperslab/proto/worker';
import { openStream } from '@hyperslab/rpc';

const deadlineMs = 120_000;

/**
 * The bytes of a block that a worker holds.
 * @throws HyperslabError BLOCK_NOT_FOUND, UNAVAILABLE, CHECKSUM_MISMATCH
 */
export async function fetchBlock(
  client: ChunkServiceClient,
  request: FetchBlockRequest,
  signal: AbortSignal,
): Promise<Buffer> {
  const frames: Buffer[] = [];
  let expected: number | undefined;
  for await (const { data, crc32: sum } of openStream(client, 'fetchBlock', request, {
    signal,
    deadlineMs,
  })) {
    frames.push(data);
    expected = sum ?? expected;
  }
  const bytes = Buffer.concat(frames);
  if (expected === undefined || crc32(bytes) !== expected) {
    const { jobId, stage, task } = request;
    throw new HyperslabError(
      'CHECKSUM_MISMATCH',
      `block ${stage}/${task} of job ${jobId}: its bytes are not those that were sent`,
    );
  }
  return bytes;
}
