import { HyperslabError } from '@hyperslab/errors';
import type { Dispatcher } from 'undici';
import { parseLocation } from '../location.ts';
import { exchange, type HttpAnswer, type HttpRequest } from './exchange.ts';
import { connectionError, webStatusError } from './http-error.ts';
import type { HttpObject } from './range-source.ts';

const mostRedirects = 5;

/** An object of a web server. Redirects are followed only to where `assertAllowed` does not throw OUTSIDE_ROOTS. */
export function httpObject(
  url: string,
  dispatcher: Dispatcher,
  assertAllowed: (url: string) => void,
): HttpObject {
  return {
    url,
    send: (method, headers, wantedBytes, signal) =>
      sendFollowing(dispatcher, { method, url, headers }, wantedBytes, assertAllowed, signal),
    errorOf: ({ status }) => webStatusError(url, status),
  };
}

/** Sends a request, and again to where it is redirected. Throws what `assertAllowed` throws, URL_INVALID, STORAGE_UNAVAILABLE. */
export async function sendFollowing(
  dispatcher: Dispatcher,
  request: HttpRequest,
  wantedBytes: number,
  assertAllowed: (url: string) => void,
  signal?: AbortSignal,
): Promise<HttpAnswer> {
  const { url } = request;
  let target = url;
  for (let hops = 0; hops <= mostRedirects; hops++) {
    const answer = await exchange(dispatcher, { ...request, url: target }, wantedBytes, signal).catch(
      (error) => {
        throw connectionError(url, error);
      },
    );
    if (!isRedirect(answer)) return answer;
    target = redirectTarget(answer, target);
    assertAllowed(target);
  }
  throw new HyperslabError('URL_INVALID', `${url}: more than ${mostRedirects} redirects; check the URL`, {
    url,
  });
}

function isRedirect({ status, headers }: HttpAnswer): boolean {
  return [301, 302, 303, 307, 308].includes(status) && headers.location !== undefined;
}

function redirectTarget({ headers }: HttpAnswer, from: string): string {
  const location = String(headers.location);
  if (!URL.canParse(location, from)) {
    // Not told: it may hold a password.
    throw new HyperslabError('URL_INVALID', `${from}: redirected to what is no URL; check the URL`, {
      url: from,
    });
  }
  const target = parseLocation(new URL(location, from).href);
  if (target.kind !== 'http') {
    throw new HyperslabError('OUTSIDE_ROOTS', `${from}: redirected to ${target.url}, which is not followed`, {
      url: from,
    });
  }
  return target.url;
}
