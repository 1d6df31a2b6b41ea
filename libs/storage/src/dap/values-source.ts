import {
  boxRequest,
  chunkAt,
  type DapTarget,
  type DapValuesSpace,
  decodeAnswer,
  type SpaceChunk,
  spaceBytes,
  valuesOf,
} from '@hyperslab/dap';
import { HyperslabError } from '@hyperslab/errors';
import { throwIfCancelled } from '../cancelled.ts';
import { checkRanges, checkWithin } from '../check-ranges.ts';
import { assertVersion, objectChanged } from '../object-errors.ts';
import { assertReadable } from '../read-planned.ts';
import type { ByteRange, ByteSource, ObjectVersion, ReadOptions } from '../store.ts';
import { settledModifiedUs, toldModifiedUs } from './answer-version.ts';
import { type DapAccess, fetchAnswer } from './fetch-answer.ts';
import { retryAnswer } from './retry-answer.ts';

// Descriptions and framing that come with values, and maps of grids that some servers send along.
const besideValues = 4 * 1024 * 1024;

/**
 * The values of one variable as an object: little-endian, chunk after chunk (`ChunkSpace`). A range is read by a request for each
 * chunk that it meets, whose answer is checked: name, type, shape, length, checksum. Throws FORMAT_CORRUPT, CHECKSUM_MISMATCH and what
 * every source throws.
 */
export function valuesSource(
  url: string,
  target: DapTarget & { values: DapValuesSpace },
  access: DapAccess,
): ByteSource {
  const { protocol, values: space } = target;
  const size = spaceBytes(space);

  async function readBox(origin: readonly number[], shape: readonly number[], signal?: AbortSignal) {
    const request = boxRequest(protocol, space, { origin, shape });
    // 16 bits travel as 32.
    const most = 2 * shape.reduce((product, extent) => product * extent, space.width) + besideValues;
    const { body, headers } = await fetchAnswer(access, url, target, request, most, signal);
    const { bytes } = valuesOf(url, decodeAnswer(protocol, url, body), space, shape);
    return { bytes: bytes!, headers };
  }

  async function fetchChunk(
    { origin, shape, offset }: SpaceChunk,
    { expect, onRequest }: ReadOptions,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    const startedMs = performance.now();
    const read = () => retryAnswer(access.retry, () => readBox(origin, shape, signal), signal);
    const { bytes, headers } = await access.limiter.run(read, signal);
    assertUnmodified(url, expect, toldModifiedUs(headers));
    onRequest?.({ offset, length: bytes.length, startedMs });
    return bytes;
  }

  return {
    url,
    async stat(signal) {
      throwIfCancelled(signal);
      const first = space.shape.map(() => 0);
      const one = space.shape.map((extent) => Math.min(1, extent));
      const read = () => retryAnswer(access.retry, () => readBox(first, one, signal), signal);
      if (size === 0) return { size, etag: '', modifiedUs: 0 };
      const { headers } = await access.limiter.run(read, signal);
      return { size, etag: '', modifiedUs: settledModifiedUs(headers) };
    },
    async read(ranges, options = {}) {
      const { signal, expect } = options;
      checkRanges(url, ranges);
      throwIfCancelled(signal);
      assertVersion(url, expect, { size, etag: '', modifiedUs: 0 });
      checkWithin(url, ranges, size);
      assertReadable(url, ranges);
      const chunks = chunksOf(url, space, ranges);
      const failure = new AbortController();
      const either = signal === undefined ? failure.signal : AbortSignal.any([signal, failure.signal]);
      const fetched = [...chunks.values()].map(async (chunk) => {
        const bytes = await fetchChunk(chunk, options, either);
        return [chunk.offset, bytes] as const;
      });
      try {
        const byOffset = new Map(await Promise.all(fetched));
        return ranges.map((range) => bytesOf(space, range, byOffset));
      } catch (error) {
        failure.abort(error);
        await Promise.allSettled(fetched);
        throw error;
      }
    },
  };
}

/** Each is a request; those of one read are few, but in URLs that others made, chunks may be of any size. */
const mostChunksAtOnce = 64 * 1024;

/** All chunks that ranges meet, each once, by offset. Throws TOO_LARGE. */
function chunksOf(url: string, space: DapValuesSpace, ranges: readonly ByteRange[]): Map<number, SpaceChunk> {
  const found = new Map<number, SpaceChunk>();
  for (const { offset, length } of ranges) {
    for (let at = offset; at < offset + length; ) {
      const chunk = chunkAt(space, at);
      found.set(chunk.offset, chunk);
      if (found.size > mostChunksAtOnce) throw tooMany(url);
      at = chunk.offset + chunk.length;
    }
  }
  return found;
}

function tooMany(url: string): HyperslabError {
  return new HyperslabError(
    'TOO_LARGE',
    `${url}: expected at most ${mostChunksAtOnce} chunks to read at once, found more; publish the data set, whose chunks are larger`,
    { url },
  );
}

/** The bytes of a range: a view where they lie in one chunk. */
function bytesOf(
  space: DapValuesSpace,
  { offset, length }: ByteRange,
  chunks: ReadonlyMap<number, Uint8Array>,
): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = offset; at < offset + length; ) {
    const chunk = chunkAt(space, at);
    const end = Math.min(offset + length, chunk.offset + chunk.length);
    parts.push(chunks.get(chunk.offset)!.subarray(at - chunk.offset, end - chunk.offset));
    at = end;
  }
  return parts.length === 1 ? parts[0] : new Uint8Array(Buffer.concat(parts));
}

/** Throws OBJECT_CHANGED when a data set tells another time than it did when it was indexed. */
function assertUnmodified(url: string, expect: ObjectVersion | undefined, foundUs: number): void {
  const expectedUs = expect?.modifiedUs ?? 0;
  if (expectedUs === 0 || foundUs === 0 || foundUs === expectedUs) return;
  const phrase = (us: number) => `a last modification at ${new Date(us / 1000).toISOString()}`;
  throw objectChanged(url, phrase(expectedUs), phrase(foundUs));
}
