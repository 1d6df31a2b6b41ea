import type { FieldCursor } from './field-cursor.ts';

/** How the chunks of a dataset are found. Parameters are those of the layout message of version 4. */
type ChunkIndexKind =
  | { kind: 'btree1' }
  | { kind: 'single'; filteredLength?: number; filterMask: number }
  | { kind: 'implicit' }
  | { kind: 'fixed-array' }
  | { kind: 'extensible-array' }
  | { kind: 'btree2' };

/** Where and how a dataset's elements are stored. */
export type DataLayout =
  | { kind: 'compact'; offset: number; length: number }
  | { kind: 'contiguous'; address?: number }
  | {
      kind: 'chunked';
      /** Extents of a chunk in elements. */
      chunkShape: number[];
      elementSize: number;
      index: ChunkIndexKind;
      /** Address of the index; nothing when no chunk was ever written. */
      address?: number;
      /** Chunks that the edge of the array cuts are stored without filters. */
      edgesUnfiltered: boolean;
    }
  /** Its mappings to other datasets are an object of a global heap; without an address there are none. */
  | { kind: 'virtual'; address?: number; index: number };

/** Parses a data layout message of version 1 to 5 (HDF5 File Format Specification 3.0, IV.A.2.i). */
export function parseDataLayout(cursor: FieldCursor): DataLayout {
  const version = cursor.version('data layout message', 1, 2, 3, 4, 5);
  if (version < 3) return parseOld(cursor);
  const layoutClass = cursor.uint8();
  switch (layoutClass) {
    case 0: {
      const length = cursor.uint16();
      const offset = cursor.offset;
      cursor.skip(length);
      return { kind: 'compact', offset, length };
    }
    case 1:
      return { kind: 'contiguous', address: cursor.address() };
    case 2:
      return version === 3 ? parseChunked3(cursor) : parseChunked4(cursor);
    case 3:
      return { kind: 'virtual', address: cursor.address(), index: cursor.uint32() };
    default:
      throw cursor.corrupt('a layout class from 0 to 3', String(layoutClass));
  }
}

/** Versions 1 and 2. */
function parseOld(cursor: FieldCursor): DataLayout {
  const rank = cursor.uint8();
  const layoutClass = cursor.uint8();
  cursor.skip(5);
  const address = layoutClass === 0 ? undefined : cursor.address();
  const extents = Array.from({ length: rank }, () => cursor.uint32());
  if (layoutClass === 1) return { kind: 'contiguous', address };
  if (layoutClass === 2)
    return chunked(cursor, extents.slice(0, -1), extents.at(-1), { kind: 'btree1' }, address);
  if (layoutClass !== 0) throw cursor.corrupt('a layout class from 0 to 2', String(layoutClass));
  const length = cursor.uint32();
  const offset = cursor.offset;
  cursor.skip(length);
  return { kind: 'compact', offset, length };
}

function parseChunked3(cursor: FieldCursor): DataLayout {
  const rank = cursor.uint8();
  const address = cursor.address();
  const extents = Array.from({ length: rank }, () => cursor.uint32());
  return chunked(cursor, extents.slice(0, -1), extents.at(-1), { kind: 'btree1' }, address);
}

function parseChunked4(cursor: FieldCursor): DataLayout {
  const flags = cursor.uint8();
  const rank = cursor.uint8();
  const width = cursor.uint8();
  if (width < 1 || width > 8) throw cursor.corrupt('chunk extents of 1 to 8 bytes', `${width} bytes`);
  const extents = Array.from({ length: rank }, () => cursor.uint(width));
  const index = parseIndex(cursor, (flags & 2) !== 0);
  const address = cursor.address();
  return chunked(cursor, extents.slice(0, -1), extents.at(-1), index, address, (flags & 1) !== 0);
}

/** The index type and its creation parameters; those that the index repeats in its own header are passed over. */
function parseIndex(cursor: FieldCursor, filtered: boolean): ChunkIndexKind {
  const type = cursor.uint8();
  switch (type) {
    case 1:
      return filtered
        ? { kind: 'single', filteredLength: cursor.lengthField(), filterMask: cursor.uint32() }
        : { kind: 'single', filterMask: 0 };
    case 2:
      return { kind: 'implicit' };
    case 3:
      cursor.skip(1);
      return { kind: 'fixed-array' };
    case 4:
      cursor.skip(5);
      return { kind: 'extensible-array' };
    case 5:
      cursor.skip(6);
      return { kind: 'btree2' };
    default:
      throw cursor.corrupt('a chunk index of type 1 to 5', `type ${type}`);
  }
}

function chunked(
  cursor: FieldCursor,
  chunkShape: number[],
  elementSize: number | undefined,
  index: ChunkIndexKind,
  address: number | undefined,
  edgesUnfiltered = false,
): DataLayout {
  if (elementSize === undefined || chunkShape.some((extent) => extent === 0)) {
    throw cursor.corrupt('chunks of at least one element', `chunks of [${chunkShape.join(', ')}]`);
  }
  return { kind: 'chunked', chunkShape, elementSize, index, address, edgesUnfiltered };
}
