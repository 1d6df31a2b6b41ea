import type { IncomingHttpHeaders } from 'node:http';
import { HyperslabError } from '@hyperslab/errors';
import { throwIfCancelled } from '../cancelled.ts';
import { checkRanges, checkWithin } from '../check-ranges.ts';
import type { Limiter } from '../limiter.ts';
import { assertVersion, isSizeKnown, objectChanged, shortRead } from '../object-errors.ts';
import type { RangePlanLimits } from '../range-plan.ts';
import { readPlanned } from '../read-planned.ts';
import { type RetryPolicy, withRetry } from '../retry.ts';
import type { ByteRange, ByteSource, ObjectHead, ObjectState, ObjectVersion, ReadOptions } from '../store.ts';
import { parseContentRange } from './content-range.ts';
import type { HttpAnswer } from './exchange.ts';

/** One object of a server that speaks HTTP: a web server's or S3's. */
export interface HttpObject {
  readonly url: string;
  /** Sends a request with these headers, signed or redirected as the server wants it, and waits for the answer. */
  send(
    method: 'GET' | 'HEAD',
    headers: Record<string, string>,
    wantedBytes: number,
    signal?: AbortSignal,
  ): Promise<HttpAnswer>;
  /** The error that an answer stands for which is not the one that was wanted. */
  errorOf(answer: HttpAnswer): HyperslabError;
}

/** What all objects of a storage that are read over HTTP share. */
export interface RangeAccess {
  limiter: Limiter;
  retry: RetryPolicy;
}

// A round trip costs as much as some hundred kilobytes; requests of a few megabytes use the line well and retry cheaply.
const limits: RangePlanLimits = { gapBytes: 128 * 1024, requestBytes: 8 * 1024 * 1024 };

/** An object read by range requests (RFC 9110, section 14), each checked to be the range that was asked for. */
export function rangeSource(object: HttpObject, access: RangeAccess): ByteSource {
  return {
    url: object.url,
    async stat(signal) {
      throwIfCancelled(signal);
      return withRetry(access.retry, () => stat(object, signal), signal);
    },
    async read(ranges, { signal, expect, onRequest }: ReadOptions = {}) {
      checkRanges(object.url, ranges);
      throwIfCancelled(signal);
      if (expect !== undefined && isSizeKnown(expect)) checkWithin(object.url, ranges, expect.size);
      const fetchRange = async (range: ByteRange, either: AbortSignal) => {
        const startedMs = performance.now();
        const answer = await withRetry(access.retry, () => getRange(object, range, expect, either), either);
        checkAnswer(object.url, range, expect, answer);
        onRequest?.({ offset: range.offset, length: answer.body.length, startedMs });
        return answer.body;
      };
      return readPlanned(object.url, ranges, limits, access.limiter, fetchRange, signal);
    },
    async readHead(length, { signal, onRequest }) {
      throwIfCancelled(signal);
      const startedMs = performance.now();
      const fetchHead = () => withRetry(access.retry, () => getHead(object, length, signal), signal);
      const head = await access.limiter.run(fetchHead, signal);
      if (head !== undefined) onRequest?.({ offset: 0, length: head.bytes.length, startedMs });
      return head;
    },
  };
}

/** The first bytes and their state; undefined where the answer is not exactly that: `stat` and `read` say what is wrong. */
async function getHead(
  object: HttpObject,
  length: number,
  signal?: AbortSignal,
): Promise<ObjectHead | undefined> {
  const headers = { ...unencoded, range: `bytes=0-${length - 1}` };
  const answer = await object.send('GET', headers, length, signal);
  const { status, headers: found, body, cutOff } = answer;
  if (![200, 206, 416].includes(status)) throw object.errorOf(answer);
  const range = parseContentRange(found['content-range']);
  if (status !== 206 || range?.total === undefined || cutOff) return undefined;
  const isWhole =
    range.first === 0 && range.last + 1 === Math.min(length, range.total) && body.length === range.last + 1;
  if (!isWhole || (found['content-encoding'] ?? 'identity') !== 'identity') return undefined;
  return { version: versionOf(found, range.total), bytes: body };
}

async function stat(object: HttpObject, signal?: AbortSignal): Promise<ObjectState> {
  const head = await object.send('HEAD', unencoded, 0, signal);
  const size = Number(head.headers['content-length'] ?? Number.NaN);
  if (head.status === 200 && Number.isSafeInteger(size)) return versionOf(head.headers, size);
  if (head.status === 404 || head.status === 410) throw object.errorOf(head);
  // Some servers know no HEAD, send no length with it, or refuse it for a URL that is signed for GET.
  const first = await object.send('GET', { ...unencoded, range: 'bytes=0-0' }, 1, signal);
  if (first.status === 416 && /^bytes \*\/0$/i.test(first.headers['content-range'] ?? '')) {
    return versionOf(first.headers, 0);
  }
  if (first.status === 200) throw rangesUnsupported(object.url);
  if (first.status !== 206) throw object.errorOf(first);
  const total = parseContentRange(first.headers['content-range'])?.total;
  if (total === undefined) throw rangesUnsupported(object.url);
  return versionOf(first.headers, total);
}

/** The answer to a range request, whole as far as the server promised it. What is thrown here may be tried again. */
async function getRange(
  object: HttpObject,
  range: ByteRange,
  expect: ObjectVersion | undefined,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const { offset, length } = range;
  const headers: Record<string, string> = { ...unencoded, range: `bytes=${offset}-${offset + length - 1}` };
  // A weak entity tag never matches here (RFC 9110, section 13.1.1); it is compared in the answer.
  if (expect?.etag.startsWith('"')) headers['if-match'] = expect.etag;
  const answer = await object.send('GET', headers, length, signal);
  if (![200, 206, 416].includes(answer.status)) throw object.errorOf(answer);
  const promised = parseContentRange(answer.headers['content-range']);
  const awaited = promised === undefined ? length : Math.min(length, promised.last + 1 - promised.first);
  if (answer.status === 206 && answer.body.length < awaited) {
    throw shortRead(object.url, range, answer.body.length);
  }
  return answer;
}

/** Throws unless the answer is exactly the range of the object that was indexed. Another try would not help. */
function checkAnswer(
  url: string,
  range: ByteRange,
  expect: ObjectVersion | undefined,
  { status, headers, cutOff }: HttpAnswer,
): void {
  const { offset, length } = range;
  if (status === 200) throw rangesUnsupported(url);
  if (status === 416) throw unsatisfied(url, range, expect, headers);
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') throw wrongRange(url, range, `bytes encoded with ${encoding}`);
  const found = parseContentRange(headers['content-range']);
  if (found === undefined) throw wrongRange(url, range, `Content-Range "${headers['content-range'] ?? ''}"`);
  assertVersion(url, expect, versionOf(headers, found.total ?? expect?.size ?? 0));
  if (found.first === offset && found.last < offset + length - 1 && found.last + 1 === found.total) {
    throw shortRead(url, range, found.last + 1 - offset);
  }
  if (found.first !== offset || found.last !== offset + length - 1) {
    throw wrongRange(url, range, `bytes ${found.first} to ${found.last}`);
  }
  if (cutOff) throw wrongRange(url, range, 'more bytes');
}

const unencoded = { 'accept-encoding': 'identity' };

function versionOf(headers: IncomingHttpHeaders, size: number): ObjectState {
  const modifiedMs = Date.parse(headers['last-modified'] ?? '');
  return {
    size,
    etag: headers.etag ?? '',
    modifiedUs: Number.isFinite(modifiedMs) ? modifiedMs * 1000 : 0,
    ...clockOf(headers),
  };
}

/** Date tells whole seconds, and an answer takes a while. */
const clockMs = 2_000;

/** How far the server's clock is ahead (RFC 9110, section 6.6.1; Age, RFC 9111, section 5.1), where that is worth telling. */
function clockOf({ date, age }: IncomingHttpHeaders): Pick<ObjectState, 'clockAheadMs'> {
  const toldMs = Date.parse(date ?? '') + 1000 * (Number(age ?? 0) || 0);
  const clockAheadMs = toldMs - Date.now();
  return Math.abs(clockAheadMs) > clockMs ? { clockAheadMs } : {};
}

function unsatisfied(
  url: string,
  range: ByteRange,
  expect: ObjectVersion | undefined,
  headers: IncomingHttpHeaders,
): HyperslabError {
  const size = Number(/^bytes \*\/(\d+)$/i.exec(headers['content-range'] ?? '')?.[1] ?? Number.NaN);
  if (expect !== undefined && isSizeKnown(expect) && Number.isSafeInteger(size) && size !== expect.size) {
    return objectChanged(url, `${expect.size} bytes`, `${size} bytes`);
  }
  return shortRead(url, range, Number.isSafeInteger(size) ? Math.max(0, size - range.offset) : 0);
}

function wrongRange(url: string, { offset, length }: ByteRange, found: string): HyperslabError {
  const expected = `bytes ${offset} to ${offset + length - 1}`;
  return new HyperslabError(
    'RANGES_UNSUPPORTED',
    `${url}: expected ${expected}, found ${found}; its server answers range requests wrongly: copy the object to one that reads by range`,
    { url, offset: String(offset), expected, found },
  );
}

function rangesUnsupported(url: string): HyperslabError {
  return new HyperslabError(
    'RANGES_UNSUPPORTED',
    `${url}: expected status 206 to a range request, found the whole object; its server knows no ranges: copy the object to one that does`,
    { url, expected: '206', found: '200' },
  );
}
