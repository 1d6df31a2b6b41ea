import { HyperslabError } from '@hyperslab/errors';
import type { ServerError } from './error-answer.ts';

/** An error that a server answered instead of values; it may pass, or say that the data set is another one now. */
export function serverFailed(url: string, { code, message }: ServerError): HyperslabError {
  const said = message === '' ? 'without a message' : `"${message}"`;
  return new HyperslabError(
    'STORAGE_UNAVAILABLE',
    `${url}: the server answered an error${code === 0 ? '' : ` ${code}`}, ${said}; try again, or publish it again if it was replaced`,
    { url, ...(code === 0 ? {} : { code: String(code) }) },
  );
}
