import { visitBTreeV2 } from '../btree-v2.ts';
import type { MetadataFile } from '../metadata-file.ts';
import { parseChunkElement } from './chunk-element.ts';
import type { ChunkedDataset, PutChunk } from './read-chunk-index.ts';

const recordTypePlain = 10;
const recordTypeFiltered = 11;

/** Chunks of a version 2 B-tree: address, perhaps length and mask, and the place in the grid (III.A.2, types 10, 11). */
export function visitBTreeV2Chunks(
  file: MetadataFile,
  address: number,
  dataset: ChunkedDataset,
  put: PutChunk,
): Promise<void> {
  const { chunkShape, chunkBytes } = dataset;
  return visitBTreeV2(file, address, [recordTypePlain, recordTypeFiltered], (record, type) => {
    const width = record.length - 8 * chunkShape.length;
    const chunk = parseChunkElement(record, width, type === recordTypeFiltered, chunkBytes);
    const index = chunkShape.map(() => record.uint(8));
    if (chunk !== undefined) put(index, chunk);
  });
}
