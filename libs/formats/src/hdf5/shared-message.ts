import type { FieldCursor } from './field-cursor.ts';
import { readHeapObject } from './fractal-heap.ts';
import type { MetadataFile } from './metadata-file.ts';
import { type HeaderMessage, type ObjectHeader, readObjectHeader } from './object-header.ts';

// A message that is shared may stand in a header that shares it again; more than this is a cycle.
const mostHops = 8;

/** The first message of a type, with its body where that is shared; nothing when the header has none. */
export function findMessage(
  file: MetadataFile,
  header: ObjectHeader,
  type: number,
): FieldCursor | undefined | Promise<FieldCursor> {
  const message = header.messages.find((candidate) => candidate.type === type);
  return message === undefined ? undefined : messageBody(file, message);
}

/** A fresh cursor at the body of a message, wherever it is. */
export function messageBody(
  file: MetadataFile,
  message: HeaderMessage,
  hops = 0,
): FieldCursor | Promise<FieldCursor> {
  const cursor = message.cursor.fresh();
  return message.shared ? readShared(file, cursor, message.type, hops) : cursor;
}

/**
 * The body of a shared message (HDF5 File Format Specification 3.0, IV.A.2, "Shared Message"): in another object's
 * header, as committed datatypes are, or in the heap of the file's shared messages.
 */
export async function readShared(
  file: MetadataFile,
  cursor: FieldCursor,
  type: number,
  hops = 0,
): Promise<FieldCursor> {
  if (hops === mostHops) throw cursor.corrupt('a shared message', `${mostHops} that lead to each other`);
  const version = cursor.version('shared message', 1, 2, 3);
  const place = cursor.uint8();
  if (version === 1) cursor.skip(6);
  if (version === 3 && place === 1) {
    const heap = file.sharedMessageHeaps.get(type);
    if (heap === undefined)
      throw cursor.corrupt('a table of shared messages in the superblock extension', 'none');
    return readHeapObject(file, heap, cursor.bytes(8));
  }
  const address = cursor.definedAddress('a shared message');
  const header = await readObjectHeader(file, address);
  const message = header.messages.find((candidate) => candidate.type === type);
  if (message === undefined) {
    throw file.corrupt(address, `an object header with a message of type 0x${type.toString(16)}`, 'none');
  }
  return messageBody(file, message, hops + 1);
}
