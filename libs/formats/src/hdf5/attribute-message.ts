import { type Dataspace, elementsOf, parseDataspace } from './dataspace.ts';
import { type Datatype, parseDatatype } from './datatype.ts';
import type { FieldCursor } from './field-cursor.ts';
import { attributeKey, type KnownAttribute, keepAttribute, knownAttribute } from './known-attributes.ts';
import type { MetadataFile } from './metadata-file.ts';
import { messageTypes } from './object-header.ts';
import { readShared } from './shared-message.ts';

/** An attribute as stored. */
export interface StoredAttribute {
  name: string;
  type: Datatype;
  space: Dataspace;
  /** Over exactly the elements. */
  data: FieldCursor;
  /** What is kept of the message for other files that have the same. */
  known?: KnownAttribute;
}

/** An attribute message of version 1 to 3 (HDF5 File Format Specification 3.0, IV.A.2.m), parsed unless its bytes are known. */
export async function parseAttribute(file: MetadataFile, cursor: FieldCursor): Promise<StoredAttribute> {
  const key = attributeKey(cursor);
  const known = key === undefined ? undefined : knownAttribute(key);
  if (known === undefined) return parseMessage(file, cursor, key);
  const { name, type, space, elements } = known;
  cursor.skip(elements.at);
  return { name, type, space, data: cursor.part(elements.bytes), known };
}

async function parseMessage(
  file: MetadataFile,
  cursor: FieldCursor,
  key: string | undefined,
): Promise<StoredAttribute> {
  const start = cursor.position;
  const version = cursor.version('attribute message', 1, 2, 3);
  const flags = cursor.uint8();
  const [nameSize, typeSize, spaceSize] = [cursor.uint16(), cursor.uint16(), cursor.uint16()];
  if (version === 3) cursor.skip(1);
  // Only version 1 pads its parts.
  const part = (size: number) => cursor.part(version === 1 ? Math.ceil(size / 8) * 8 : size);
  const name = part(nameSize).paddedText(nameSize);
  const typePart = part(typeSize);
  const spacePart = part(spaceSize);
  const shared = version === 1 ? 0 : flags;
  const type = parseDatatype(
    (shared & 1) !== 0 ? await readShared(file, typePart, messageTypes.datatype) : typePart,
  );
  const space = parseDataspace(
    (shared & 2) !== 0 ? await readShared(file, spacePart, messageTypes.dataspace) : spacePart,
  );
  const bytes = elementsOf(space) * type.size;
  if (bytes > cursor.remaining) {
    throw cursor.corrupt(`${bytes} bytes of the attribute "${name}"`, `${cursor.remaining} bytes left`);
  }
  if (key === undefined || (shared & 3) !== 0) return { name, type, space, data: cursor.part(bytes) };
  const known = { name, type, space, elements: { at: cursor.position - start, bytes } };
  keepAttribute(key, known);
  return { name, type, space, data: cursor.part(bytes), known };
}
