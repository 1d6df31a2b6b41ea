import { unravel } from '@hyperslab/array';
import { ByteWriter, undefinedAddress } from './byte-writer.ts';

/*
 * Version 1 B-trees of chunks (HDF5 File Format Specification, III.A.1). The tree is built when all chunks are known,
 * full from the left, its root first, into room that was reserved for all chunks of the grid.
 */

/** Children of a node: twice the default "indexed storage internal node K". */
const fanOut = 64;

/** What is indexed: a grid of chunks, and for each chunk where it is. */
export interface ChunkTable {
  gridShape: readonly number[];
  chunkShape: readonly number[];
  elementSize: number;
  /** Address of each chunk in row-major order; NaN where none was written. */
  addresses: Float64Array;
  /** Stored bytes of each chunk. */
  sizes: Uint32Array;
}

/** Bytes of a node; all have the size of a full one. */
function nodeSize(rank: number): number {
  return 24 + (fanOut + 1) * keySize(rank) + fanOut * 8;
}

function keySize(rank: number): number {
  return 8 + (rank + 1) * 8;
}

/** Numbers of nodes of each level, leaves first. */
function levelSizes(entries: number): number[] {
  const sizes = [Math.ceil(entries / fanOut)];
  while (sizes[sizes.length - 1] > 1) sizes.push(Math.ceil(sizes[sizes.length - 1] / fanOut));
  return sizes;
}

/** Bytes of the tree when every chunk is written. */
export function chunkTreeSize(chunks: number, rank: number): number {
  if (chunks === 0) return 0;
  return levelSizes(chunks).reduce((sum, size) => sum + size, 0) * nodeSize(rank);
}

/** Yields the nodes of the tree in order of their addresses, the root first at `address`; nothing without chunks. */
export function* chunkTree(table: ChunkTable, address: number): Generator<Uint8Array> {
  const written: number[] = [];
  for (let chunk = 0; chunk < table.addresses.length; chunk++)
    if (!Number.isNaN(table.addresses[chunk])) written.push(chunk);
  if (written.length === 0) return;

  const rank = table.gridShape.length;
  const levels = levelSizes(written.length);
  const size = nodeSize(rank);
  let at = address;
  for (let level = levels.length - 1; level >= 0; level--) {
    const below = at + levels[level] * size;
    const span = fanOut ** level;
    const children = level === 0 ? written.length : levels[level - 1];
    for (let node = 0; node < levels[level]; node++) {
      const first = node * fanOut;
      const last = Math.min(first + fanOut, children);
      const out = new ByteWriter(size)
        .text('TREE')
        .u8(1)
        .u8(level)
        .u16(last - first)
        .u64(node === 0 ? undefinedAddress : at + (node - 1) * size)
        .u64(node === levels[level] - 1 ? undefinedAddress : at + (node + 1) * size);
      for (let child = first; child < last; child++) {
        key(out, table, written[child * span]);
        out.u64(level === 0 ? table.addresses[written[child]] : below + child * size);
      }
      key(out, table, written[last * span]);
      yield out.zeros(size - out.length).toBytes();
    }
    at = below;
  }
}

/** The key before a chunk; past the last chunk, a key greater than that of any. */
function key(out: ByteWriter, table: ChunkTable, chunk: number | undefined): void {
  out.u32(chunk === undefined ? 0 : table.sizes[chunk]).u32(0);
  const index = chunk === undefined ? table.gridShape : unravel(chunk, table.gridShape);
  for (const [axis, cell] of index.entries()) out.u64(cell * table.chunkShape[axis]);
  out.u64(chunk === undefined ? table.elementSize : 0);
}
