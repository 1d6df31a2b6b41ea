import type { FieldCursor } from './field-cursor.ts';
import { verifyChecksum } from './lookup3.ts';
import type { MetadataFile } from './metadata-file.ts';

/** Types of header messages that are read here (HDF5 File Format Specification 3.0, IV.A.2). */
export const messageTypes = {
  nil: 0x00,
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  fillValueOld: 0x04,
  fillValue: 0x05,
  link: 0x06,
  externalFiles: 0x07,
  dataLayout: 0x08,
  groupInfo: 0x0a,
  filterPipeline: 0x0b,
  attribute: 0x0c,
  sharedMessageTable: 0x0f,
  continuation: 0x10,
  symbolTable: 0x11,
  btreeK: 0x13,
  attributeInfo: 0x15,
} as const;

const lastKnownType = 0x18;
const flagShared = 0x02;
const flagFailIfUnknown = 0x80;

/** One message of an object header. */
export interface HeaderMessage {
  type: number;
  /** The body is elsewhere; `cursor` tells where. */
  shared: boolean;
  /** When the message was made, of those of its type; absent where the header does not track it. */
  creationOrder?: number;
  /** At the first byte of the body. */
  cursor: FieldCursor;
}

/** Messages of an object: what it is and where its parts are. */
export interface ObjectHeader {
  address: number;
  messages: HeaderMessage[];
}

// Prefix and messages of most headers fit in here.
const likelyBytes = 512;

/** Reads an object header of version 1 or 2 with its continuations (IV.A.1). Throws FORMAT_CORRUPT and FORMAT_UNSUPPORTED. */
export function readObjectHeader(file: MetadataFile, address: number): Promise<ObjectHeader> {
  return file.once(`object header ${address}`, async () => {
    const start = await file.structure(address, 4, 'an object header', likelyBytes);
    const second = start.peekRest()[0] === 0x4f;
    const messages = second ? await readVersion2(file, address) : await readVersion1(file, address);
    return { address, messages };
  });
}

async function readVersion1(file: MetadataFile, address: number): Promise<HeaderMessage[]> {
  const prefix = await file.structure(address, 16, 'an object header', likelyBytes);
  prefix.version('object header', 1);
  prefix.skip(1);
  const count = prefix.uint16();
  prefix.skip(4);
  const length = prefix.uint32();
  const messages: HeaderMessage[] = [];
  await readBlocks(file, { address: address + 16, length }, messages, async (block) => {
    const cursor = await file.structure(block.address, block.length, 'messages of an object header');
    // Continuation and padding messages are counted too.
    while (cursor.remaining >= 8) {
      const type = cursor.uint16();
      const size = cursor.uint16();
      const flags = cursor.uint8();
      cursor.skip(3);
      addMessage(messages, type, flags, cursor.part(size));
      if (messages.length === count) return;
    }
  });
  return messages;
}

async function readVersion2(file: MetadataFile, address: number): Promise<HeaderMessage[]> {
  const prefix = await file.structure(address, 6, 'an object header', likelyBytes);
  prefix.signature('OHDR');
  prefix.version('object header', 2);
  const flags = prefix.uint8();
  const sizeWidth = 1 << (flags & 3);
  const optional = (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0);
  const sizeField = await file.structure(address + 6 + optional, sizeWidth, 'the size of an object header');
  const prefixLength = 6 + optional + sizeWidth;
  const length = prefixLength + sizeField.uint(sizeWidth) + 4;
  const tracked = (flags & 0x04) !== 0;
  const messages: HeaderMessage[] = [];
  let first = true;
  await readBlocks(file, { address, length }, messages, async (block) => {
    const cursor = await file.structure(block.address, block.length, 'messages of an object header');
    if (block.length < 8) throw cursor.corrupt('a block of at least 8 bytes', `${block.length} bytes`);
    verifyChecksum(file.url, cursor.base, cursor.peekRest(), 'object header');
    if (first) cursor.seek(prefixLength);
    else cursor.signature('OCHK');
    first = false;
    const messagePrefix = tracked ? 6 : 4;
    // What is shorter than a message prefix is a gap.
    while (cursor.remaining - 4 >= messagePrefix) {
      const type = cursor.uint8();
      const size = cursor.uint16();
      const messageFlags = cursor.uint8();
      const creationOrder = tracked ? cursor.uint16() : undefined;
      addMessage(messages, type, messageFlags, cursor.part(size), creationOrder);
    }
  });
  return messages;
}

interface HeaderBlock {
  address: number;
  length: number;
}

/** Reads a block and all that its messages continue in. */
async function readBlocks(
  file: MetadataFile,
  start: HeaderBlock,
  messages: HeaderMessage[],
  read: (block: HeaderBlock) => Promise<void>,
): Promise<void> {
  const queue = [start];
  const seen = new Set<number>([start.address]);
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const before = messages.length;
    await read(next);
    for (const { type, cursor } of messages.slice(before)) {
      if (type !== messageTypes.continuation) continue;
      const block = { address: cursor.definedAddress('a continuation'), length: cursor.lengthField() };
      if (seen.has(block.address)) {
        throw file.corrupt(
          block.address,
          'an object header whose blocks are read once',
          'a continuation that leads back',
        );
      }
      seen.add(block.address);
      queue.push(block);
    }
  }
}

function addMessage(
  messages: HeaderMessage[],
  type: number,
  flags: number,
  cursor: FieldCursor,
  creationOrder?: number,
): void {
  if (type > lastKnownType && (flags & flagFailIfUnknown) !== 0) {
    throw cursor.corrupt('a message type up to 0x18', `type 0x${type.toString(16)}, marked as vital`);
  }
  messages.push({ type, shared: (flags & flagShared) !== 0, creationOrder, cursor });
}
