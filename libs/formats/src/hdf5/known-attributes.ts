import type { Attribute } from '@hyperslab/proto/array';
import type { Dataspace } from './dataspace.ts';
import type { Datatype } from './datatype.ts';
import type { FieldCursor } from './field-cursor.ts';

/** What the bytes of an attribute message say. */
export interface KnownAttribute {
  name: string;
  type: Datatype;
  space: Dataspace;
  /** Where in the message its elements begin, and their bytes. */
  elements: { at: number; bytes: number };
  /** The attribute with its values, once it was read, if all of it is in the message. All files share it. */
  values?: Readonly<Attribute>;
}

const mostBytes = 512;
const mostKnown = 4_096;

// Files of a collection repeat nearly all of their attributes, and parsing them is much of what indexing a small file takes.
const known = new Map<string, KnownAttribute>();

/** By what a message is known: its bytes, and the widths of what they hold. Nothing for a long one. */
export function attributeKey(message: FieldCursor): string | undefined {
  if (message.remaining > mostBytes) return undefined;
  const { buffer, byteOffset, length } = message.peekRest();
  return `${message.offsetSize} ${message.lengthSize} ${Buffer.from(buffer, byteOffset, length).toString('latin1')}`;
}

/** What a message of this key says, if one was parsed before. */
export function knownAttribute(key: string): KnownAttribute | undefined {
  return known.get(key);
}

/** Keeps what a message says that refers to nothing beyond its bytes. */
export function keepAttribute(key: string, attribute: KnownAttribute): void {
  if (known.size === mostKnown) known.clear();
  known.set(key, attribute);
}
