import type { NumericValues } from '@hyperslab/array';
import { digestOf } from './key-index.ts';
import { S3Fifo } from './s3-fifo.ts';

/** Decoded chunks, as stored, by object, state, range and how they are decoded. What `get` answers must not be changed. */
export interface ChunkCache {
  get(key: string): NumericValues | undefined;
  put(key: string, values: NumericValues): void;
}

/** Sizes are counted in units of so many bytes. */
const unitBytes = 64;
/** Chunks that are smaller on average fill the table of a cache before its memory. */
const usualChunkBytes = 16 * 1024;
const [fewestSlots, mostSlots] = [256, 2 ** 18];

/** A cache of at most so many bytes of values, in ordinary memory. */
export function createChunkCache(maximumBytes: number): ChunkCache & { readonly bytes: number } {
  const slots = slotsFor(maximumBytes);
  const policy = new S3Fifo(new Int32Array(S3Fifo.wordsFor(slots)), slots, unitsOf(maximumBytes));
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
      const size = Math.max(1, Math.ceil(values.byteLength / unitBytes));
      const slot = policy.insert(digest, size, () => false, leaves);
      if (slot === -1) return;
      // A view of a larger buffer (several chunks fetched at once) would keep all of it.
      const own = values.byteLength < values.buffer.byteLength ? values.slice() : values;
      contents.set(slot, own);
      bytes += own.byteLength;
    },
  };
}

/** How many chunks a cache of so many bytes is made for, those that have gone and are remembered included. */
function slotsFor(bytes: number): number {
  return Math.min(mostSlots, Math.max(fewestSlots, Math.ceil(bytes / usualChunkBytes)));
}

/** Rounded down: what is kept never takes more than it may. */
function unitsOf(bytes: number): number {
  return Math.floor(bytes / unitBytes);
}
