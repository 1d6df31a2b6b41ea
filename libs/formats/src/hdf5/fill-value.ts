import type { FieldCursor } from './field-cursor.ts';

/**
 * What elements hold that were never written: bytes of one element; nothing written means zero bytes ("default"), or
 * nothing that can be relied on ("undefined").
 */
export type FillValue = { kind: 'bytes'; bytes: Uint8Array } | { kind: 'default' } | { kind: 'undefined' };

/** Parses a fill value message of version 1 to 3 (HDF5 File Format Specification 3.0, IV.A.2.f). */
export function parseFillValue(cursor: FieldCursor): FillValue {
  const version = cursor.version('fill value message', 1, 2, 3);
  if (version === 3) {
    const flags = cursor.uint8();
    if ((flags & 0x10) !== 0) return { kind: 'undefined' };
    return (flags & 0x20) !== 0 ? parseSized(cursor) : { kind: 'default' };
  }
  cursor.skip(2);
  const defined = cursor.uint8() !== 0;
  if (!defined && version === 2) return { kind: 'undefined' };
  return parseSized(cursor);
}

/** Parses an old fill value message (IV.A.2.e). */
export function parseOldFillValue(cursor: FieldCursor): FillValue {
  return parseSized(cursor);
}

function parseSized(cursor: FieldCursor): FillValue {
  const size = cursor.int32();
  if (size === -1) return { kind: 'undefined' };
  if (size === 0) return { kind: 'default' };
  return { kind: 'bytes', bytes: cursor.bytes(size) };
}
