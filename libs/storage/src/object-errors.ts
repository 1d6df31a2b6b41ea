import { HyperslabError } from '@hyperslab/errors';
import type { ByteRange, ObjectVersion } from './store.ts';

/** Whether it is known how long the object is: no chunk lies in one of no bytes. */
export function isSizeKnown({ size, etag, unmodifiedSinceUs }: ObjectVersion): boolean {
  return size !== 0 || (etag === '' && unmodifiedSinceUs === undefined);
}

/**
 * Whether two versions are the same state. Entity tags decide where both have one; times where both are known. What must
 * not have been modified since a time is another state when no time is told.
 */
function sameVersion(a: ObjectVersion, b: ObjectVersion): boolean {
  if (isSizeKnown(a) && a.size !== b.size) return false;
  if (a.unmodifiedSinceUs !== undefined) return b.modifiedUs !== 0 && b.modifiedUs <= a.unmodifiedSinceUs;
  // The tag is all that is known: an object without one can't be told to be the same.
  if (!isSizeKnown(a)) return a.etag === b.etag;
  if (a.etag !== '' && b.etag !== '') return a.etag === b.etag;
  return a.modifiedUs === 0 || b.modifiedUs === 0 || a.modifiedUs === b.modifiedUs;
}

/** Throws OBJECT_CHANGED when the object is another one than was indexed. */
export function assertVersion(url: string, expected: ObjectVersion | undefined, found: ObjectVersion): void {
  if (expected !== undefined && !sameVersion(expected, found)) {
    throw objectChanged(url, difference(expected, found), difference(found, expected));
  }
}

/** The object is not the one that was indexed. `expected` and `found` are phrases: "10 bytes", "an entity tag of …". */
export function objectChanged(url: string, expected: string, found: string, cause?: unknown): HyperslabError {
  return new HyperslabError(
    'OBJECT_CHANGED',
    `${url}: expected ${expected}, found ${found}; it was replaced since it was indexed: publish it again`,
    { url, expected, found },
    cause,
  );
}

/** The object, or an answer, ends before the range does. */
export function shortRead(url: string, range: ByteRange, found: number, cause?: unknown): HyperslabError {
  const { offset, length } = range;
  return new HyperslabError(
    'SHORT_READ',
    `${url} at byte ${offset}: expected ${length} bytes, found ${found}; it was cut off or is being written: try again, or publish it again`,
    { url, offset: String(offset), expected: String(length), found: String(found) },
    cause,
  );
}

function difference(version: ObjectVersion, other: ObjectVersion): string {
  const sizesKnown = isSizeKnown(version) && isSizeKnown(other);
  if (sizesKnown && version.size !== other.size) return `${version.size} bytes`;
  if (version.unmodifiedSinceUs !== undefined)
    return `no modification since ${new Date(version.unmodifiedSinceUs / 1000).toISOString()}`;
  const tagsKnown = version.etag !== '' && other.etag !== '';
  const tagDecides = tagsKnown || (!sizesKnown && other.unmodifiedSinceUs === undefined);
  if (tagDecides && version.etag !== other.etag)
    return version.etag === '' ? 'no entity tag' : `entity tag ${version.etag}`;
  if (version.modifiedUs === 0) return 'no time of last modification';
  return `a last modification at ${new Date(version.modifiedUs / 1000).toISOString()}`;
}
