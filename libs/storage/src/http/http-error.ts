import { asHyperslabError, HyperslabError, type Reason } from '@hyperslab/errors';

/** A status of an answer as one of our errors. `detail` is what the server says besides. */
export function statusError(
  url: string,
  status: number,
  detail = '',
  whenDenied = 'check that the credentials of the workers may read it',
): HyperslabError {
  const [reason, advice] = meaningOf(status, whenDenied);
  const said = detail === '' ? '' : ` (${detail})`;
  return new HyperslabError(reason, `${url}: the server answered ${status}${said}; ${advice}`, {
    url,
    status: String(status),
    ...(detail === '' ? {} : { code: detail }),
  });
}

/** The same of a web server, to which nobody sends credentials. */
export function webStatusError(url: string, status: number, detail?: string): HyperslabError {
  return statusError(url, status, detail, 'web servers are sent no credentials: it must be readable without');
}

function meaningOf(status: number, whenDenied: string): readonly [reason: Reason, advice: string] {
  if (status === 404 || status === 410) return ['OBJECT_NOT_FOUND', 'check the URL'];
  if (status === 401 || status === 403 || status === 407) {
    return ['ACCESS_DENIED', whenDenied];
  }
  // 412 answers If-Match: the entity tag is another one.
  if (status === 412) return ['OBJECT_CHANGED', 'it was replaced since it was indexed: publish it again'];
  if (status === 416) return ['SHORT_READ', 'it is shorter than it was: publish it again'];
  // Time-outs, "too early", "too many requests" and whatever went wrong inside: another try may do.
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    return ['STORAGE_UNAVAILABLE', 'try again'];
  }
  return ['URL_INVALID', 'expected the object at this URL to be readable by ranges'];
}

/** A request without an answer: no connection, no name, a time-out. */
export function connectionError(url: string, cause: unknown): HyperslabError {
  if (cause instanceof HyperslabError) return cause;
  if (!(cause instanceof Error) || cause.name === 'AbortError') return asHyperslabError(cause);
  const code = (cause as NodeJS.ErrnoException).code ?? cause.name;
  return new HyperslabError(
    'STORAGE_UNAVAILABLE',
    `${url}: the server can't be reached (${code}); check the URL and the network, or try again`,
    { url, code },
    cause,
  );
}
