import { mapConcurrently } from './concurrent.ts';
import type { FieldCursor } from './field-cursor.ts';
import type { MetadataFile } from './metadata-file.ts';

/** Nodes of which kind, and how long a key is. */
interface BTreeV1Shape {
  type: 0 | 1;
  keyLength: number;
  /** Half of how many children a node can have, to foresee its length. */
  k: number;
}

const nodesAtOnce = 64;

/**
 * Calls `visit` for each child of the leaves of a version 1 B-tree with the key before it, in any order (HDF5 File
 * Format Specification 3.0, III.A.1). Levels must fall and nodes be distinct, so a damaged tree ends.
 */
export async function visitBTreeV1(
  file: MetadataFile,
  root: number,
  shape: BTreeV1Shape,
  visit: (key: FieldCursor, child: number) => void | Promise<void>,
): Promise<void> {
  const seen = new Set<number>();
  const { offsetSize } = file.space;
  const prefixLength = 8 + 2 * offsetSize;
  const entryLength = shape.keyLength + offsetSize;

  const walk = async (address: number, expectedLevel: number | undefined): Promise<void> => {
    if (seen.has(address))
      throw file.corrupt(address, 'a B-tree node that is reached once', 'a second way to it');
    seen.add(address);
    const likely = prefixLength + 2 * shape.k * entryLength;
    const prefix = await file.structure(address, prefixLength, 'a B-tree node', likely);
    prefix.signature('TREE');
    const type = prefix.uint8();
    if (type !== shape.type) throw prefix.corrupt(`a B-tree of type ${shape.type}`, `type ${type}`);
    const level = prefix.uint8();
    if (expectedLevel !== undefined && level !== expectedLevel) {
      throw prefix.corrupt(`a node of level ${expectedLevel}`, `level ${level}`);
    }
    const entries = prefix.uint16();
    const node = await file.structure(address, prefixLength + entries * entryLength, 'a B-tree node');
    node.skip(prefixLength);
    const children = Array.from({ length: entries }, () => ({
      key: node.part(shape.keyLength),
      address: node.definedAddress('a B-tree child'),
    }));
    await mapConcurrently(children, nodesAtOnce, async ({ key, address: child }) =>
      level === 0 ? visit(key, child) : walk(child, level - 1),
    );
  };
  await walk(root, undefined);
}
