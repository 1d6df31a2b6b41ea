import type { FieldCursor } from './field-cursor.ts';
import { decodeText } from './text.ts';

/** A name in a group and what it stands for. */
export type Link = { name: string; creationOrder?: number } & (
  | { kind: 'hard'; address: number }
  | { kind: 'soft'; path: string }
  | { kind: 'external'; file: string; path: string }
  | { kind: 'user-defined'; type: number }
);

/** Parses a link message (HDF5 File Format Specification 3.0, IV.A.2.g). */
export function parseLink(cursor: FieldCursor): Link {
  cursor.version('link message', 1);
  const flags = cursor.uint8();
  const type = (flags & 0x08) !== 0 ? cursor.uint8() : 0;
  const creationOrder = (flags & 0x04) !== 0 ? cursor.uint(8) : undefined;
  if ((flags & 0x10) !== 0) cursor.skip(1);
  const nameLength = cursor.uint(1 << (flags & 3));
  const name = decodeText(cursor.bytes(nameLength));
  const common = { name, creationOrder };
  if (type === 0) return { ...common, kind: 'hard', address: cursor.definedAddress(`the object "${name}"`) };
  const value = cursor.part(cursor.uint16());
  if (type === 1) return { ...common, kind: 'soft', path: decodeText(value.peekRest()) };
  if (type !== 64) return { ...common, kind: 'user-defined', type };
  value.skip(1);
  return { ...common, kind: 'external', file: value.terminatedText(), path: value.terminatedText() };
}
