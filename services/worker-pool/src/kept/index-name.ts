import { hash } from 'node:crypto';
import type { FileIndex } from '@hyperslab/proto/index';
import type { ObjectState } from '@hyperslab/storage';

/** Bytes of a name: the first half names the object, the second its state. */
export const nameBytes = 16;
const half = nameBytes / 2;

/**
 * The name that the index of an object in one state is found by. It finds, and proves nothing: who finds an index by it
 * compares URL and state.
 */
export function indexName(url: string, { size, etag, modifiedUs, file }: ObjectState): Buffer {
  // As a read compares states: the entity tag where there is one. Of files what can't be set, too: one that was put in the place
  // of another, with its size and time, is to be indexed.
  const told = etag === '' ? `${size} ${modifiedUs}` : `${size} ${etag}`;
  const state = file === undefined ? told : `${told} ${file.changedUs} ${file.inode}`;
  const parts = [url, state].map((text) => hash('sha256', text, 'buffer').subarray(0, half));
  return Buffer.concat(parts);
}

/** The name of an index; undefined when it does not say of which state it is. */
export function nameOfIndex({ url, version, file }: FileIndex): Buffer | undefined {
  return version && indexName(url, { ...version, file });
}

/** The half of a name that all states of an object share, as a key of maps. */
export function objectPart(names: Uint8Array, at = 0): string {
  return Buffer.from(names.buffer, names.byteOffset + at * nameBytes, half).toString('latin1');
}

/** A whole name, as a key of maps. */
export function nameKey(names: Uint8Array, at = 0): string {
  return Buffer.from(names.buffer, names.byteOffset + at * nameBytes, nameBytes).toString('latin1');
}
