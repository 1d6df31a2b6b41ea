import { visitBTreeV1 } from './btree-v1.ts';
import type { FieldCursor } from './field-cursor.ts';
import type { Link } from './link.ts';
import { type LocalHeap, readLocalHeap } from './local-heap.ts';
import type { MetadataFile } from './metadata-file.ts';

const cacheTypeSoftLink = 2;
const groupNodeK = 16;

/** Links of an old-style group, from its symbol table message (HDF5 File Format Specification 3.0, IV.A.2.r, III.B, III.C). */
export async function readSymbolTable(file: MetadataFile, message: FieldCursor): Promise<Link[]> {
  const tree = message.definedAddress('the B-tree of a group');
  const heap = await readLocalHeap(file, message.definedAddress('the names of a group'));
  const links: Link[] = [];
  const shape = { type: 0, keyLength: file.space.lengthSize, k: groupNodeK } as const;
  await visitBTreeV1(file, tree, shape, async (_key, child) => {
    links.push(...(await readNode(file, child, heap)));
  });
  return links;
}

async function readNode(file: MetadataFile, address: number, heap: LocalHeap): Promise<Link[]> {
  const entryLength = 2 * file.space.offsetSize + 24;
  const prefix = await file.structure(address, 8, 'a symbol table node', 8 + 8 * entryLength);
  prefix.signature('SNOD');
  prefix.version('symbol table node', 1);
  prefix.skip(1);
  const count = prefix.uint16();
  const entries = await file.structure(address + 8, count * entryLength, 'symbol table entries');
  return Array.from({ length: count }, () => parseEntry(entries.part(entryLength), heap));
}

function parseEntry(entry: FieldCursor, heap: LocalHeap): Link {
  const name = heap.text(entry.uint(entry.offsetSize));
  const address = entry.address();
  const cacheType = entry.uint32();
  entry.skip(4);
  if (cacheType === cacheTypeSoftLink) return { name, kind: 'soft', path: heap.text(entry.uint32()) };
  if (address === undefined)
    throw entry.corrupt(`the address of the object "${name}"`, 'the undefined address');
  return { name, kind: 'hard', address };
}
