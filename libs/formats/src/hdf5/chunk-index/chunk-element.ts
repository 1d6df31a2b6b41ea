import type { FieldCursor } from '../field-cursor.ts';

/** What an index says of one chunk. */
export interface ChunkElement {
  address: number;
  length: number;
  filterMask: number;
}

/**
 * Parses an element of a chunk array or the head of a B-tree record: an address and, where chunks are filtered, the
 * stored length and filter mask. `width` is that of the whole element, which gives the width of the length. Nothing for
 * a chunk that was never written.
 */
export function parseChunkElement(
  cursor: FieldCursor,
  width: number,
  filtered: boolean,
  plainLength: number,
): ChunkElement | undefined {
  const address = cursor.address();
  const length = filtered ? cursor.uint(width - cursor.offsetSize - 4) : plainLength;
  const filterMask = filtered ? cursor.uint32() : 0;
  return address === undefined ? undefined : { address, length, filterMask };
}
