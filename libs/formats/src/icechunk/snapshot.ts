import { mostDimensions } from '../zarr/metadata-fields.ts';
import type { FlatTable } from './flat-table.ts';
import { type MetadataFile, openMetadataFile } from './metadata-file.ts';
import { objectName } from './object-id.ts';

/** Which chunks of an array a manifest tells of: in each dimension from an index up to another one. */
export type Extents = readonly { from: number; to: number }[];

/** A group or array of a snapshot. */
export interface SnapshotNode {
  /** Hexadecimal: by it, manifests name the array. */
  id: string;
  /** Absolute: "/", "/a/b". */
  path: string;
  /** Its zarr.json. */
  metadata: Uint8Array;
  /** Names of manifests with what they tell of; undefined for a group. */
  manifests?: Map<string, Extents[]>;
}

const arrayType = 1;
const groupType = 2;
const rangeBytes = 8;

/** Each becomes a group or a variable of an index. */
const mostNodes = 256 * 1024;

/** All arrays together. More manifests than are read, and each for some regions. */
const mostReferences = 1024 * 1024;

/** Writers make one manifest for one region; each chunk is looked for in all of them. */
const mostRegions = 1024;

/**
 * Groups and arrays of a snapshot file (specification 2.1, "Snapshot Files"; `snapshot.fbs`, alike in version 1). Throws
 * FORMAT_CORRUPT, FORMAT_UNSUPPORTED.
 */
export function parseSnapshot(bytes: Uint8Array, url: string): SnapshotNode[] {
  const file = openMetadataFile(bytes, url, 'snapshot');
  // Nodes of a damaged file may all have the same large metadata, or the same many manifests.
  const budget = { bytes: file.bytes, references: mostReferences };
  const nodes: SnapshotNode[] = [];
  const [ids, paths] = [new Set<string>(), new Set<string>()];
  for (const table of file.root.tables(2)) {
    const node = parseNode(table, file, budget);
    const { id, path } = node;
    if (paths.has(path)) throw table.corrupt(`one node ${JSON.stringify(path.slice(0, 80))}`, 'two');
    // Manifests name arrays by it: two would share their chunks.
    if (ids.has(id)) throw table.corrupt(`one node with the id of ${path.slice(0, 80)}`, 'two');
    if (nodes.length === mostNodes) throw table.corrupt(`at most ${mostNodes} nodes`, 'more');
    ids.add(id);
    paths.add(path);
    nodes.push(node);
  }
  return nodes;
}

/** What nodes may still take. */
interface NodeBudget {
  bytes: number;
  references: number;
}

function parseNode(node: FlatTable, file: MetadataFile, budget: NodeBudget): SnapshotNode {
  const id = node.required(node.struct(0, 8), 'id');
  const path = node.required(node.text(1), 'path');
  const metadata = node.required(node.bytes(2), 'user_data');
  spend(node, budget, path.length + metadata.length, file);
  if (!path.startsWith('/'))
    throw node.corrupt('an absolute path of a node', JSON.stringify(path.slice(0, 80)));
  const common = { id: Buffer.from(id).toString('hex'), path, metadata };
  const type = node.uint8(3, 0);
  if (type === groupType) return common;
  if (type !== arrayType) throw node.corrupt('a node that is an array (1) or a group (2)', String(type));
  const data = node.required(node.table(4), 'node_data');
  const manifests = new Map<string, Extents[]>();
  for (const reference of data.tables(2)) {
    const name = objectName(reference.required(reference.struct(0, 12), 'object_id'));
    const extents = parseExtents(reference);
    spend(node, budget, 4 + extents.length * rangeBytes, file);
    if (--budget.references < 0)
      throw reference.corrupt(`at most ${mostReferences} references to manifests`, 'more');
    const regions = manifests.get(name);
    if (regions === undefined) manifests.set(name, [extents]);
    else if (regions.push(extents) > mostRegions)
      throw reference.corrupt(`at most ${mostRegions} regions of an array in one manifest`, 'more');
  }
  return { ...common, manifests };
}

function parseExtents(reference: FlatTable): Extents {
  const ranges = reference.required(reference.structs(1, rangeBytes), 'extents');
  const rank = ranges.byteLength / rangeBytes;
  // Before they take memory: many references may have the same.
  if (rank > mostDimensions)
    throw reference.corrupt(`extents of at most ${mostDimensions} dimensions`, String(rank));
  const view = new DataView(ranges.buffer, ranges.byteOffset, ranges.byteLength);
  return Array.from({ length: rank }, (_, axis) => ({
    from: view.getUint32(rangeBytes * axis, true),
    to: view.getUint32(rangeBytes * axis + 4, true),
  }));
}

function spend(node: FlatTable, budget: NodeBudget, bytes: number, file: MetadataFile): void {
  budget.bytes -= bytes;
  if (budget.bytes < 0) throw node.corrupt(`nodes of at most ${file.bytes} bytes together`, 'more');
}
