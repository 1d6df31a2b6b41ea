import { createHash } from 'node:crypto';
import { HyperslabError } from '@hyperslab/errors';

const digestBytes = 9;

/**
 * Where the next page begins, as opaque text that holds only for the same question.
 * @param question everything that decides what the pages contain
 * @param after the last entry of the page before
 */
export function encodePageToken(question: unknown, after: string): string {
  return Buffer.concat([digest(question, after), Buffer.from(after)]).toString('base64url');
}

/**
 * The last entry of the page before; undefined for the first page.
 * @throws HyperslabError INVALID_ARGUMENT when the token is not one of this question
 */
export function decodePageToken(question: unknown, token: string): string | undefined {
  if (token === '') return undefined;
  const bytes = Buffer.from(token, 'base64url');
  const after = bytes.subarray(digestBytes).toString();
  if (encodePageToken(question, after) === token) return after;
  throw new HyperslabError(
    'INVALID_ARGUMENT',
    'page_token: not one of this request; send the same request with the token that was answered to it',
    { field: 'page_token' },
  );
}

function digest(question: unknown, after: string): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([question, after]))
    .digest()
    .subarray(0, digestBytes);
}

/** How many entries a page has: as asked, 100 when nothing is asked, at most 1000. */
export function pageSize(asked: number): number {
  return asked === 0 ? 100 : Math.min(asked, 1000);
}
