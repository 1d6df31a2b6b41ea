import { parseAttribute, type StoredAttribute } from './attribute-message.ts';
import { visitBTreeV2 } from './btree-v2.ts';
import { mapConcurrently } from './concurrent.ts';
import { readHeapObject } from './fractal-heap.ts';
import type { MetadataFile } from './metadata-file.ts';
import { messageTypes, type ObjectHeader } from './object-header.ts';
import { findMessage, messageBody, readShared } from './shared-message.ts';

const objectsAtOnce = 256;
const recordTypeAttributeName = 8;
const flagShared = 0x02;

interface Ordered {
  order: number;
  attribute: StoredAttribute;
}

/** Attributes of an object, from its header and its heap, in the order in which they were made. */
export async function readAttributes(file: MetadataFile, header: ObjectHeader): Promise<StoredAttribute[]> {
  const messages = header.messages.filter(({ type }) => type === messageTypes.attribute);
  const compact = await Promise.all(
    messages.map(async (message, i): Promise<Ordered> => {
      const attribute = await parseAttribute(file, await messageBody(file, message));
      return { order: message.creationOrder ?? i, attribute };
    }),
  );
  const all = [...compact, ...(await readDense(file, header))];
  return all.sort((a, b) => a.order - b.order).map(({ attribute }) => attribute);
}

/** Attributes in a fractal heap, by the B-tree of their names (HDF5 File Format Specification 3.0, IV.A.2.v). */
async function readDense(file: MetadataFile, header: ObjectHeader): Promise<Ordered[]> {
  const info = await findMessage(file, header, messageTypes.attributeInfo);
  if (info === undefined) return [];
  info.version('attribute info message', 0);
  const tracked = (info.uint8() & 1) !== 0;
  if (tracked) info.skip(2);
  const heap = info.address();
  const names = info.address();
  if (heap === undefined || names === undefined) return [];
  const records: { id: Uint8Array; shared: boolean; order: number }[] = [];
  await visitBTreeV2(file, names, [recordTypeAttributeName], (record) => {
    const id = record.bytes(8);
    const shared = (record.uint8() & flagShared) !== 0;
    records.push({ id, shared, order: record.uint32() });
  });
  const dense = await mapConcurrently(records, objectsAtOnce, async ({ id, shared, order }) => {
    const message = shared ? readSharedAttribute(file, heap, id) : readHeapObject(file, heap, id);
    return { order, attribute: await parseAttribute(file, await message) };
  });
  return tracked
    ? dense
    : dense.sort((a, b) => compareNames(a.attribute.name, b.attribute.name)).map(renumbered);
}

async function readSharedAttribute(file: MetadataFile, heap: number, id: Uint8Array) {
  const sharedHeap = file.sharedMessageHeaps.get(messageTypes.attribute);
  return sharedHeap === undefined
    ? readShared(file, await readHeapObject(file, heap, id), messageTypes.attribute)
    : readHeapObject(file, sharedHeap, id);
}

function compareNames(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function renumbered({ attribute }: Ordered, i: number): Ordered {
  return { order: i, attribute };
}
