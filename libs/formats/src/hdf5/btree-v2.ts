import { mapConcurrently } from './concurrent.ts';
import type { FieldCursor } from './field-cursor.ts';
import { verifyChecksum } from './lookup3.ts';
import type { MetadataFile } from './metadata-file.ts';

const nodesAtOnce = 64;
// Signature, version, type before the records, checksum after them.
const nodeOverhead = 10;
const deepest = 32;

interface Tree {
  type: number;
  nodeSize: number;
  recordSize: number;
  /** Bytes of the number of records of a child. */
  countWidth: number;
  /** Bytes of the number of all records below a child, by the child's depth. */
  totalWidths: number[];
}

interface Node {
  address: number;
  records: number;
  depth: number;
}

/**
 * Calls `visit` with each record of a version 2 B-tree, in any order (HDF5 File Format Specification 3.0, III.A.2).
 * `types` are those that the caller understands; `visit` is told which it is.
 */
export async function visitBTreeV2(
  file: MetadataFile,
  address: number,
  types: readonly number[],
  visit: (record: FieldCursor, type: number) => void,
): Promise<void> {
  const { offsetSize, lengthSize } = file.space;
  const header = await file.structure(address, 22 + offsetSize + lengthSize, 'a B-tree header');
  header.signature('BTHD');
  header.version('B-tree header', 0);
  const type = header.uint8();
  if (!types.includes(type)) throw header.corrupt(`a B-tree of type ${types.join(' or ')}`, `type ${type}`);
  const nodeSize = header.uint32();
  const recordSize = header.uint16();
  const depth = header.uint16();
  header.skip(2);
  const root = header.address();
  const rootRecords = header.uint16();
  verifyChecksum(file.url, header.base, header.fresh().peekRest(), 'B-tree header');
  if (depth > deepest) throw header.corrupt(`a B-tree at most ${deepest} deep`, `${depth} levels`);
  if (recordSize === 0 || nodeSize < nodeOverhead + recordSize) {
    throw header.corrupt('nodes that hold a record', `nodes of ${nodeSize} bytes, records of ${recordSize}`);
  }
  if (root === undefined || rootRecords === 0) return;
  const tree: Tree = { type, nodeSize, recordSize, ...fieldWidths(nodeSize, recordSize, depth, offsetSize) };
  await visitNode(file, tree, { address: root, records: rootRecords, depth }, new Set(), visit);
}

/** Widths of the counts in child pointers follow from how many records nodes of each depth can hold. */
function fieldWidths(nodeSize: number, recordSize: number, depth: number, offsetSize: number) {
  const leafMost = Math.floor((nodeSize - nodeOverhead) / recordSize);
  const countWidth = bytesFor(leafMost);
  const totalWidths = [0];
  let most = leafMost;
  for (let level = 1; level <= depth; level++) {
    const pointer = offsetSize + countWidth + totalWidths[level - 1];
    const records = Math.max(0, Math.floor((nodeSize - nodeOverhead - pointer) / (recordSize + pointer)));
    most = (records + 1) * most + records;
    totalWidths.push(bytesFor(most));
  }
  return { countWidth, totalWidths };
}

function bytesFor(value: number): number {
  return Math.min(8, Math.max(1, Math.ceil(Math.log2(value + 1) / 8)));
}

async function visitNode(
  file: MetadataFile,
  tree: Tree,
  node: Node,
  seen: Set<number>,
  visit: (record: FieldCursor, type: number) => void,
): Promise<void> {
  const { address, records, depth } = node;
  if (seen.has(address))
    throw file.corrupt(address, 'a B-tree node that is reached once', 'a second way to it');
  seen.add(address);
  const pointers =
    depth > 0 ? (records + 1) * (file.space.offsetSize + tree.countWidth + tree.totalWidths[depth - 1]) : 0;
  const length = nodeOverhead + records * tree.recordSize + pointers;
  if (length > tree.nodeSize) {
    throw file.corrupt(address, `a B-tree node of at most ${tree.nodeSize} bytes`, `${records} records`);
  }
  const cursor = await file.structure(address, length, 'a B-tree node');
  verifyChecksum(file.url, cursor.base, cursor.peekRest(), 'B-tree node');
  cursor.signature(depth > 0 ? 'BTIN' : 'BTLF');
  cursor.version('B-tree node', 0);
  const type = cursor.uint8();
  if (type !== tree.type) throw cursor.corrupt(`a node of type ${tree.type}`, `type ${type}`);
  for (let i = 0; i < records; i++) visit(cursor.part(tree.recordSize), tree.type);
  if (depth === 0) return;
  const children = Array.from({ length: records + 1 }, (): Node => {
    const child = cursor.definedAddress('a B-tree node');
    const count = cursor.uint(tree.countWidth);
    cursor.skip(tree.totalWidths[depth - 1]);
    return { address: child, records: count, depth: depth - 1 };
  });
  await mapConcurrently(children, nodesAtOnce, (child) => visitNode(file, tree, child, seen, visit));
}
