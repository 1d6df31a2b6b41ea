import { type DapTarget, errorIn, serverFailed } from '@hyperslab/dap';
import { HyperslabError } from '@hyperslab/errors';
import type { Dispatcher } from 'undici';
import type { HttpAnswer } from '../http/exchange.ts';
import { webStatusError } from '../http/http-error.ts';
import { sendFollowing } from '../http/http-object.ts';
import type { Limiter } from '../limiter.ts';
import type { RetryPolicy } from '../retry.ts';

/** What all data sets of a storage that are read from OPeNDAP servers share. */
export interface DapAccess {
  dispatcher: Dispatcher;
  limiter: Limiter;
  retry: RetryPolicy;
  /** How long an answer may take, to its end. */
  answerMs: number;
  /** Throws OUTSIDE_ROOTS. */
  assertAllowed(url: string): void;
}

const headers = { 'accept-encoding': 'identity' };

// What servers put between a data set's URL and its query.
const suffixes = /\.(dmr|dmr\.xml|dap|dds|das|dods)$/;

/**
 * One answer of a server, of at most so many bytes. `url` is what errors name. The request must be about a data set within the roots,
 * and so must be what it is redirected to. Throws OBJECT_NOT_FOUND, ACCESS_DENIED, OUTSIDE_ROOTS, STORAGE_UNAVAILABLE, TOO_LARGE,
 * URL_INVALID.
 */
export async function fetchAnswer(
  access: DapAccess,
  url: string,
  { dataSet }: DapTarget,
  request: string,
  mostBytes: number,
  signal?: AbortSignal,
): Promise<HttpAnswer> {
  const assertAllowed = (target: string) => access.assertAllowed(withoutSuffix(target));
  const asked = dataSet + request;
  assertAllowed(asked);
  const deadline = AbortSignal.timeout(access.answerMs);
  const answer = await sendFollowing(
    access.dispatcher,
    { method: 'GET', url: asked, headers, wholeBytes: mostBytes },
    0,
    assertAllowed,
    signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
  ).catch((error) => {
    throw deadline.aborted && !signal?.aborted ? tooSlow(url, access.answerMs, error) : error;
  });
  if (answer.status !== 200) throw failure(url, answer);
  if (answer.cutOff) {
    throw new HyperslabError(
      'TOO_LARGE',
      `${url}: expected an answer of at most ${mostBytes} bytes, found more; its server does not answer what it was asked for`,
      { url, expected: String(mostBytes) },
    );
  }
  const encoding = answer.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') {
    throw new HyperslabError(
      'RANGES_UNSUPPORTED',
      `${url}: expected an answer that is not compressed, found one encoded with ${encoding}; its server ignores what it is asked for`,
      { url, found: encoding },
    );
  }
  return answer;
}

/** An answer of which some comes now and then, and no end. */
function tooSlow(url: string, answerMs: number, cause: unknown): HyperslabError {
  return new HyperslabError(
    'STORAGE_UNAVAILABLE',
    `${url}: the server did not answer within ${answerMs / 1000} s; try again`,
    { url, code: 'ETIMEDOUT' },
    cause,
  );
}

/** The data set that a request is about, whose URL the roots are compared with. */
function withoutSuffix(target: string): string {
  const url = new URL(target);
  url.pathname = url.pathname.replace(suffixes, '');
  return url.href;
}

/** A status that is no answer; DAP's own text says more than a status of "bad request". */
function failure(url: string, { status, body }: HttpAnswer): HyperslabError {
  const said = errorIn(body);
  const isGeneral = status === 400 || (status >= 500 && said !== undefined);
  if (isGeneral) return serverFailed(url, said ?? { code: status, message: '' });
  return webStatusError(url, status, said?.message ?? '');
}
