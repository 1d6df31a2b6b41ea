import { type Dataspace, elementsOf, parseDataspace } from './dataspace.ts';
import { type Datatype, parseDatatype } from './datatype.ts';
import type { FieldCursor } from './field-cursor.ts';
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
}

/** Parses an attribute message of version 1 to 3 (HDF5 File Format Specification 3.0, IV.A.2.m). */
export async function parseAttribute(file: MetadataFile, cursor: FieldCursor): Promise<StoredAttribute> {
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
  return { name, type, space, data: cursor.part(bytes) };
}
