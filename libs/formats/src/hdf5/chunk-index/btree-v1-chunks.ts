import { visitBTreeV1 } from '../btree-v1.ts';
import type { MetadataFile } from '../metadata-file.ts';
import type { ChunkedDataset, PutChunk } from './read-chunk-index.ts';

/** Chunks of a version 1 B-tree of type 1: a key is length, filter mask and element offsets (III.A.1). */
export function visitBTreeV1Chunks(
  file: MetadataFile,
  address: number,
  dataset: ChunkedDataset,
  put: PutChunk,
): Promise<void> {
  const { chunkShape } = dataset;
  const keyLength = 8 + 8 * (chunkShape.length + 1);
  return visitBTreeV1(file, address, { type: 1, keyLength, k: file.chunkNodeK }, (key, child) => {
    const length = key.uint32();
    const filterMask = key.uint32();
    const index = chunkShape.map((extent) => {
      const offset = key.uint(8);
      if (offset % extent !== 0)
        throw key.corrupt(`an offset that is a multiple of ${extent}`, String(offset));
      return offset / extent;
    });
    put(index, { address: child, length, filterMask });
  });
}
