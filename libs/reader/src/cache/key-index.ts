import { hash } from 'node:crypto';
import { none } from '@hyperslab/kernels';

/** A key as four numbers: texts of any length would not fit into a table. */
export type Digest = Int32Array;

const digestWords = 4;

/** 128 bits of a cryptographic hash: keys have URLs in them that others choose, and no two may be taken for each other. */
export function digestOf(key: string): Digest {
  const bytes = hash('sha256', key, 'buffer');
  return Int32Array.from({ length: digestWords }, (_, i) => bytes.readInt32LE(4 * i));
}

/** Which slot has a key: a hash table with chains in memory that is given, which threads may share if only one at a time uses it. */
export class KeyIndex {
  readonly #buckets: Int32Array;
  readonly #chain: Int32Array;
  readonly #digests: Int32Array;

  static wordsFor(slots: number): number {
    return bucketsFor(slots) + slots + digestWords * slots;
  }

  /** @param fresh whether the table is to be made: else it is there */
  constructor(words: Int32Array, slots: number, fresh: boolean) {
    const buckets = bucketsFor(slots);
    this.#buckets = words.subarray(0, buckets);
    this.#chain = words.subarray(buckets, buckets + slots);
    this.#digests = words.subarray(buckets + slots, buckets + (1 + digestWords) * slots);
    if (fresh) this.#buckets.fill(none);
  }

  find(digest: Digest): number {
    for (let slot = this.#buckets[this.#bucketOf(digest[0])]; slot !== none; slot = this.#chain[slot])
      if (this.#has(slot, digest)) return slot;
    return none;
  }

  /** The digest of a slot that has one. */
  digestAt(slot: number): Digest {
    return this.#digests.slice(digestWords * slot, digestWords * (slot + 1));
  }

  /** Adds a key that is not there, as that of a slot that has none. */
  add(digest: Digest, slot: number): void {
    this.#digests.set(digest, digestWords * slot);
    const bucket = this.#bucketOf(digest[0]);
    this.#chain[slot] = this.#buckets[bucket];
    this.#buckets[bucket] = slot;
  }

  /** Forgets the key of a slot. */
  remove(slot: number): void {
    const bucket = this.#bucketOf(this.#digests[digestWords * slot]);
    const next = this.#chain[slot];
    if (this.#buckets[bucket] === slot) {
      this.#buckets[bucket] = next;
      return;
    }
    let before = this.#buckets[bucket];
    while (this.#chain[before] !== slot) before = this.#chain[before];
    this.#chain[before] = next;
  }

  #bucketOf(word: number): number {
    return word & (this.#buckets.length - 1);
  }

  #has(slot: number, digest: Digest): boolean {
    const at = digestWords * slot;
    for (let i = 0; i < digestWords; i++) if (this.#digests[at + i] !== digest[i]) return false;
    return true;
  }
}

/** A power of two. */
function bucketsFor(slots: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(2, slots)));
}
