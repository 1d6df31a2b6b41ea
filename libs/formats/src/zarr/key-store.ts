import type { OtherObjects } from '@hyperslab/proto/index';
import type { ObjectVersion } from '@hyperslab/storage';

/** Where the bytes of a key lie. */
export interface StoredKey {
  /** Number of the object among the store's others plus one; 0 for the object that is indexed. */
  object: number;
  offset: number;
  length: number;
  /** They are a raw deflate stream: a member of a zip archive. */
  isDeflated?: boolean;
}

/** What all stores of chunks have. */
interface ChunkBytes {
  /** What is the store, for messages. */
  readonly url: string;
  /** Whether it knows which chunks there are, so that looking for one takes no request. */
  readonly lists: boolean;
  /** A part of a value. */
  readPart(stored: StoredKey, offset: number, length: number): Promise<Uint8Array>;
  /** The objects that keys were located in so far; undefined when all lie in the object that is indexed. */
  others(): OtherObjects | undefined;
}

/** A chunk, or a shard, by its place in the grid of its array. */
export interface PlacedChunk {
  place: number[];
  stored: StoredKey;
}

/** A store that knows chunks by their places: Icechunk. */
export interface PlaceStore extends ChunkBytes {
  /** Chunks of the array in a folder ("" or "a/b/") of `rank` dimensions, in row-major order; maybe some outside its grid. */
  chunksIn(folder: string, rank: number): AsyncIterable<PlacedChunk>;
}

/** Where the chunks of arrays are. */
export type ChunkStore = KeyStore | PlaceStore;

/** Keys and values (Zarr v3 core specification, "Abstract store interface"): a folder, a zip archive, references. */
export interface KeyStore extends ChunkBytes {
  /** The whole value of a key that is metadata; undefined when there is none. */
  read(key: string): Promise<Uint8Array | undefined>;
  /** Keys below a folder ("" or "a/b/"), in order; undefined when the store can't list. */
  keysBelow(folder: string): string[] | undefined;
  /** Where the value of a key lies; undefined when there is none. */
  locate(key: string): Promise<StoredKey | undefined>;
}

/** The objects of an index beside its own, numbered as keys are located in them. */
export class ObjectTable {
  readonly #urls: string[] = [];
  readonly #versions: ObjectVersion[] = [];

  /** Number of a new object, plus one. */
  add(url: string, version: ObjectVersion): number {
    this.#versions.push(version);
    return this.#urls.push(url);
  }

  url(object: number): string {
    return this.#urls[object - 1];
  }

  version(object: number): ObjectVersion {
    return this.#versions[object - 1];
  }

  others(): OtherObjects | undefined {
    if (this.#urls.length === 0) return undefined;
    return { urls: this.#urls, versions: this.#versions, held: Buffer.alloc(0) };
  }
}

/** Those of sorted keys that begin with a folder. */
export function keysWithPrefix(sorted: readonly string[], folder: string): string[] {
  const first = firstFrom(sorted, folder);
  let end = first;
  while (end < sorted.length && sorted[end].startsWith(folder)) end++;
  return sorted.slice(first, end);
}

/** The place of the first key that is not before a text. */
function firstFrom(sorted: readonly string[], text: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < text) low = middle + 1;
    else high = middle;
  }
  return low;
}
