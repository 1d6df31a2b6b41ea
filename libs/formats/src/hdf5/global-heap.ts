import type { FieldCursor } from './field-cursor.ts';
import type { MetadataFile } from './metadata-file.ts';

/** Where an object of variable length is: the collection's address and the object's number in it. */
interface GlobalHeapId {
  /** Number of elements, not bytes. */
  count: number;
  address?: number;
  index: number;
}

export function parseGlobalHeapId(cursor: FieldCursor): GlobalHeapId {
  return { count: cursor.uint32(), address: cursor.address(), index: cursor.uint32() };
}

/**
 * The bytes of an object (HDF5 File Format Specification 3.0, III.E); none for a null element. Throws FORMAT_CORRUPT
 * when the collection has no such object.
 */
export async function readGlobalHeapObject(
  file: MetadataFile,
  id: GlobalHeapId,
): Promise<FieldCursor | undefined> {
  const { address, index, count } = id;
  if (count === 0 || address === undefined || address === 0) return undefined;
  const objects = await file.once(`global heap ${address}`, () => readCollection(file, address));
  const object = objects.get(index);
  if (object === undefined)
    throw file.corrupt(address, `object ${index} in the global heap collection`, 'none');
  file.spend(object.length, 'an object of a global heap');
  return object.fresh();
}

async function readCollection(file: MetadataFile, address: number): Promise<Map<number, FieldCursor>> {
  const { lengthSize } = file.space;
  const header = await file.structure(address, 8 + lengthSize, 'a global heap collection', 4096);
  header.signature('GCOL');
  header.version('global heap collection', 1);
  header.skip(3);
  const cursor = await file.structure(address, header.lengthField(), 'a global heap collection');
  cursor.seek(8 + lengthSize);
  const objects = new Map<number, FieldCursor>();
  while (cursor.remaining >= 8 + lengthSize) {
    const index = cursor.uint16();
    cursor.skip(6);
    const length = cursor.lengthField();
    // Object 0 is the free space that ends the collection.
    if (index === 0) break;
    objects.set(index, cursor.part(length));
    cursor.skip(Math.min(cursor.remaining, (8 - (length % 8)) % 8));
  }
  return objects;
}
