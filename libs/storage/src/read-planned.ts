import { HyperslabError } from '@hyperslab/errors';
import type { Limiter } from './limiter.ts';
import { type PlannedPart, planRanges, type RangePlanLimits } from './range-plan.ts';
import type { ByteRange } from './store.ts';

/** Fetches exactly the bytes of one range, or throws. */
export type FetchRange = (range: ByteRange, signal: AbortSignal) => Promise<Uint8Array>;

/**
 * Chunks of 4 GiB are read, and may be stored in somewhat more. The length of a range of an object of unknown size may be any
 * number, and each of its requests takes memory.
 */
const mostRangeBytes = 8 * 1024 * 1024 * 1024;

/** Throws TOO_LARGE for a range that is not read at once, past 8 GiB. */
export function assertReadable(url: string, ranges: readonly ByteRange[]): void {
  for (const { offset, length } of ranges) {
    if (length <= mostRangeBytes) continue;
    throw new HyperslabError(
      'TOO_LARGE',
      `${url} at byte ${offset}: expected at most ${mostRangeBytes} bytes to read at once, found ${length}; write the data in smaller chunks`,
      { url, offset: String(offset), bytes: String(length) },
    );
  }
}

/**
 * The bytes of each range, through few requests of which the limiter lets some run at once. When one fails the others
 * are aborted. A range that one request brings shares memory with it. Throws TOO_LARGE for a range past 8 GiB.
 */
export async function readPlanned(
  url: string,
  ranges: readonly ByteRange[],
  limits: RangePlanLimits,
  limiter: Limiter,
  fetchRange: FetchRange,
  signal?: AbortSignal,
): Promise<Uint8Array[]> {
  assertReadable(url, ranges);
  const results: Uint8Array[] = ranges.map(() => new Uint8Array(0));
  const failure = new AbortController();
  const either = signal === undefined ? failure.signal : AbortSignal.any([signal, failure.signal]);
  const requests = planRanges(ranges, limits).map(async (request) => {
    const bytes = await limiter.run(() => fetchRange(request, either), either);
    for (const part of request.parts) deliver(part, bytes, ranges[part.range].length, results);
  });
  try {
    await Promise.all(requests);
  } catch (error) {
    failure.abort(error);
    // The others must have let go of their files and connections before the caller hears of it.
    await Promise.allSettled(requests);
    throw error;
  }
  return results;
}

/** Puts what a request brought of a range where it belongs; all of a range shares memory with it. */
export function deliver(
  part: PlannedPart,
  bytes: Uint8Array,
  rangeLength: number,
  results: Uint8Array[],
): void {
  const piece = bytes.subarray(part.requestOffset, part.requestOffset + part.length);
  if (part.length === rangeLength) results[part.range] = piece;
  else {
    if (results[part.range].length === 0) results[part.range] = new Uint8Array(rangeLength);
    results[part.range].set(piece, part.rangeOffset);
  }
}
