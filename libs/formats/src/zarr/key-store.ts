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

/** Keys and values (Zarr v3 core specification, "Abstract store interface"): a folder, a zip archive, references. */
export interface KeyStore {
  /** What is the store, for messages. */
  readonly url: string;
  /** The whole value of a key that is metadata; undefined when there is none. */
  read(key: string): Promise<Uint8Array | undefined>;
  /** Whether it knows its keys, so that looking for one takes no request. */
  readonly lists: boolean;
  /** Keys below a folder ("" or "a/b/"), in order; undefined where each is to be looked for. */
  keysBelow(folder: string): string[] | undefined;
  /** Where the value of a key lies; undefined when there is none. */
  locate(key: string): Promise<StoredKey | undefined>;
  /** A part of a value. */
  readPart(stored: StoredKey, offset: number, length: number): Promise<Uint8Array>;
  /** The objects that keys were located in so far; undefined when all lie in the object that is indexed. */
  others(): OtherObjects | undefined;
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
