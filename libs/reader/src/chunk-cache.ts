import type { NumericValues } from '@hyperslab/array';

/** Decoded chunks, as stored, by object, state, range and how they are decoded. What `get` answers must not be changed. */
export interface ChunkCache {
  get(key: string): NumericValues | undefined;
  put(key: string, values: NumericValues): void;
}

/** A cache of at most so many bytes of values; those that were not used for longest make room. */
export function createChunkCache(maximumBytes: number): ChunkCache & { readonly bytes: number } {
  const entries = new Map<string, NumericValues>();
  let bytes = 0;

  function remove(key: string): void {
    const values = entries.get(key);
    if (values === undefined) return;
    entries.delete(key);
    bytes -= values.byteLength;
  }

  return {
    get bytes() {
      return bytes;
    },
    get(key) {
      const values = entries.get(key);
      if (values === undefined) return undefined;
      // A map keeps the order of insertion, which is made the order of use.
      entries.delete(key);
      entries.set(key, values);
      return values;
    },
    put(key, values) {
      remove(key);
      if (values.byteLength > maximumBytes) return;
      // A view of a larger buffer (several chunks fetched at once) would keep all of it.
      const own = values.byteLength < values.buffer.byteLength ? values.slice() : values;
      entries.set(key, own);
      bytes += own.byteLength;
      while (bytes > maximumBytes) remove(entries.keys().next().value!);
    },
  };
}
