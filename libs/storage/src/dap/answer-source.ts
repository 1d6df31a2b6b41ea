import { createHash } from 'node:crypto';
import { type DapTarget, decodeAnswer, errorIn, serverFailed } from '@hyperslab/dap';
import { throwIfCancelled } from '../cancelled.ts';
import { checkRanges, checkWithin } from '../check-ranges.ts';
import { assertVersion } from '../object-errors.ts';
import type { ByteSource, ObjectVersion } from '../store.ts';
import { settledModifiedUs } from './answer-version.ts';
import { type DapAccess, fetchAnswer } from './fetch-answer.ts';
import { retryAnswer } from './retry-answer.ts';

/** Descriptions of thousands of variables have some megabytes. */
const mostBytes = 64 * 1024 * 1024;

/**
 * A description of a data set, or another small answer, as an object: fetched whole, once, and values verified. Its entity tag is the
 * hash of its bytes.
 */
export function answerSource(url: string, target: DapTarget, access: DapAccess): ByteSource {
  let known: { bytes: Uint8Array; version: ObjectVersion } | undefined;

  async function fetch(signal?: AbortSignal) {
    throwIfCancelled(signal);
    if (known !== undefined) return known;
    const { body, headers } = await access.limiter.run(
      () => retryAnswer(access.retry, () => fetchWanted(signal), signal),
      signal,
    );
    const etag = `"sha256-${createHash('sha256').update(body).digest('hex')}"`;
    known = { bytes: body, version: { size: body.length, etag, modifiedUs: settledModifiedUs(headers) } };
    return known;
  }

  async function fetchWanted(signal?: AbortSignal) {
    const answer = await fetchAnswer(access, url, target, target.request, mostBytes, signal);
    const error = errorIn(answer.body);
    if (error !== undefined) throw serverFailed(url, error);
    // Values that were damaged on their way are asked for again, as long as that is known.
    if (target.request.includes('?')) decodeAnswer(target.protocol, url, answer.body);
    return answer;
  }

  return {
    url,
    stat: async (signal) => ({ ...(await fetch(signal)).version }),
    async read(ranges, { signal, expect, onRequest } = {}) {
      checkRanges(url, ranges);
      const startedMs = performance.now();
      const isNew = known === undefined;
      const { bytes, version } = await fetch(signal);
      if (isNew) onRequest?.({ offset: 0, length: bytes.length, startedMs });
      assertVersion(url, expect, version);
      checkWithin(url, ranges, bytes.length);
      return ranges.map(({ offset, length }) => bytes.subarray(offset, offset + length));
    },
  };
}
