import type { NumericValues } from '@hyperslab/array';
import type { Allocator } from '@hyperslab/kernels';
import { limitUnits, slotsFor, unitsOf } from './cache-size.ts';
import { digestOf } from './key-index.ts';
import { S3Fifo } from './s3-fifo.ts';

/** Decoded chunks, as stored, by object, state, range and how they are decoded. What `get` answers must not be changed. */
export interface ChunkCache {
  /**
   * @param dtype of the values that were put there
   * @param memory what is answered is wanted as long as arrays that are made in it; without it, for ever
   */
  get(key: string, dtype: string, memory?: Allocator): NumericValues | undefined;
  /** @param memory where the values were made, if it was said where to */
  put(key: string, values: NumericValues, memory?: Allocator): void;
}

/** A cache of at most so many bytes of values, in ordinary memory. */
export function createChunkCache(maximumBytes: number): ChunkCache & { readonly bytes: number } {
  const slots = slotsFor(maximumBytes);
  const policy = new S3Fifo(new Int32Array(S3Fifo.wordsFor(slots)), slots, limitUnits(maximumBytes));
  const contents = new Map<number, NumericValues>();
  let bytes = 0;
  const leaves = (slot: number) => {
    bytes -= contents.get(slot)!.byteLength;
    contents.delete(slot);
  };

  return {
    get bytes() {
      return bytes;
    },
    get(key) {
      const slot = policy.use(digestOf(key));
      return slot === -1 ? undefined : contents.get(slot);
    },
    put(key, values) {
      const digest = digestOf(key);
      const before = policy.find(digest);
      if (before !== -1) {
        leaves(before);
        policy.remove(before);
      }
      const slot = policy.insert(digest, unitsOf(values.byteLength), () => false, leaves);
      if (slot === -1) return;
      // A view of a larger buffer (several chunks fetched at once) would keep all of it.
      const own = values.byteLength < values.buffer.byteLength ? values.slice() : values;
      contents.set(slot, own);
      bytes += own.byteLength;
    },
  };
}
