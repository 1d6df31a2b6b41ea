import { hash } from 'node:crypto';
import type { ObjectVersion } from '@hyperslab/storage';

/** Bytes of a name: the first half names the object, the second its state. */
export const nameBytes = 16;
const half = nameBytes / 2;

/**
 * The name that the index of an object in one state is found by. It finds, and proves nothing: who finds an index by it
 * compares URL and state.
 */
export function indexName(url: string, { size, etag, modifiedUs }: ObjectVersion): Buffer {
  // As a read compares states: the entity tag where there is one.
  const state = etag === '' ? `${size} ${modifiedUs}` : `${size} ${etag}`;
  const parts = [url, state].map((text) => hash('sha256', text, 'buffer').subarray(0, half));
  return Buffer.concat(parts);
}

/** The half of a name that all states of an object share, as a key of maps. */
export function objectPart(names: Uint8Array, at = 0): string {
  return Buffer.from(names.buffer, names.byteOffset + at * nameBytes, half).toString('latin1');
}

/** A whole name, as a key of maps. */
export function nameKey(names: Uint8Array, at = 0): string {
  return Buffer.from(names.buffer, names.byteOffset + at * nameBytes, nameBytes).toString('latin1');
}
