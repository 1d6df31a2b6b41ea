import type { MetadataFile } from '../metadata-file.ts';
import { visitBTreeV1Chunks } from './btree-v1-chunks.ts';
import { visitBTreeV2Chunks } from './btree-v2-chunks.ts';
import type { ChunkElement } from './chunk-element.ts';
import { visitExtensibleArray } from './extensible-array.ts';
import { visitFixedArray } from './fixed-array.ts';

/** A chunked dataset, as its index sees it. Extents are in elements. */
export interface ChunkedDataset {
  shape: readonly number[];
  /** Nothing for an unlimited dimension. */
  maxShape: readonly (number | undefined)[];
  chunkShape: readonly number[];
  /** Bytes of a chunk before filters. */
  chunkBytes: number;
}

/** Takes a chunk by its place in the grid. */
export type PutChunk = (index: readonly number[], chunk: ChunkElement) => void;

/** Calls `put` with each chunk that an index has, in any order. `kind` is that of the data layout. */
export async function readChunkIndex(
  file: MetadataFile,
  kind: 'btree1' | 'implicit' | 'fixed-array' | 'extensible-array' | 'btree2',
  address: number,
  dataset: ChunkedDataset,
  put: PutChunk,
): Promise<void> {
  switch (kind) {
    case 'btree1':
      return visitBTreeV1Chunks(file, address, dataset, put);
    case 'btree2':
      return visitBTreeV2Chunks(file, address, dataset, put);
    case 'fixed-array':
      return visitFixedArray(file, address, dataset, put);
    case 'extensible-array':
      return visitExtensibleArray(file, address, dataset, put);
    case 'implicit':
      return putImplicit(address, dataset, put);
  }
}

/** Chunks one after another, none filtered, for the largest extents (HDF5 File Format Specification 3.0, VII.B). */
function putImplicit(address: number, dataset: ChunkedDataset, put: PutChunk): void {
  const { chunkBytes } = dataset;
  const grid = dataset.shape.map((extent, axis) => Math.ceil(extent / dataset.chunkShape[axis]));
  const numbers = chunkNumbers(dataset);
  const index = grid.map(() => 0);
  if (grid.includes(0)) return;
  for (;;) {
    const number = numbers.numberOf(index);
    put(index, { address: address + number * chunkBytes, length: chunkBytes, filterMask: 0 });
    let axis = grid.length - 1;
    while (axis >= 0 && ++index[axis] === grid[axis]) index[axis--] = 0;
    if (axis < 0) return;
  }
}

/** How array-like indexes number chunks: row-major over the grid of the largest extents, which never changes. */
interface ChunkNumbers {
  numberOf(index: readonly number[]): number;
  indexOf(number: number): number[];
}

/** Numbers with the dimensions in an order; that of an extensible array begins with the unlimited one. */
export function chunkNumbers(
  dataset: ChunkedDataset,
  order = dataset.shape.map((_, axis) => axis),
): ChunkNumbers {
  const counts = order.map((axis) => {
    const extent = Math.max(1, dataset.shape[axis], dataset.maxShape[axis] ?? 0);
    return Math.ceil(extent / dataset.chunkShape[axis]);
  });
  return {
    numberOf: (index) => order.reduce((number, axis, i) => number * counts[i] + index[axis], 0),
    indexOf: (number) => {
      const index = new Array<number>(order.length).fill(0);
      let rest = number;
      for (let i = order.length - 1; i > 0; i--) {
        index[order[i]] = rest % counts[i];
        rest = Math.floor(rest / counts[i]);
      }
      // The first dimension may grow without end: nothing bounds its number.
      if (order.length > 0) index[order[0]] = rest;
      return index;
    },
  };
}
