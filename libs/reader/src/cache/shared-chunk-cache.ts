import { itemSize, type NumericValues } from '@hyperslab/array';
import { type Allocator, type Arena, none, Region, SharedLock } from '@hyperslab/kernels';
import { limitUnits, slotsFor, unitBytes, unitsOf } from './cache-size.ts';
import type { ChunkCache } from './chunk-cache.ts';
import { type Digest, digestOf } from './key-index.ts';
import { S3Fifo } from './s3-fifo.ts';

/** What threads that have one cache share: it may be posted to them. */
export interface CacheShare {
  /** Bytes of chunks at most. */
  limitBytes: number;
  slots: number;
  /** Its lock, then which chunks there are and where, then which each thread uses. */
  words: Int32Array;
}

/** Makes a cache of at most so many bytes for threads with numbers from 1 to `threads`, which have one arena that the chunks lie in. */
export function reserveCache(limitBytes: number, threads: number): CacheShare {
  const slots = slotsFor(limitBytes);
  const count = SharedLock.words + S3Fifo.wordsFor(slots) + (2 + threads) * slots;
  const words = new Int32Array(new SharedArrayBuffer(4 * count));
  new S3Fifo(words.subarray(SharedLock.words), slots, limitUnits(limitBytes));
  return { limitBytes, slots, words };
}

/**
 * The decoded chunks that threads of a process share, as one of them sees it. They lie in the arena, where kernels read them in place. What is decoded
 * there for a region stays where it is and is the cache's from then on; a chunk that a region uses does not go before that is released.
 */
export class SharedChunkCache implements ChunkCache {
  readonly #limitBytes: number;
  readonly #arena: Arena;
  readonly #lock: SharedLock;
  readonly #policy: S3Fifo;
  /** Of each chunk, its extent of the arena, and its bytes. */
  readonly #extents: Int32Array;
  readonly #lengths: Int32Array;
  /** How many regions of each thread use a chunk. */
  readonly #uses: Int32Array[];
  readonly #owner: number;
  readonly #used = new WeakMap<Region, number[]>();
  readonly #isUsed = (slot: number) => this.#uses.some((uses) => uses[slot] > 0);
  readonly #leaves = (slot: number) => this.#arena.freeExtent(this.#extents[slot]);

  /**
   * @param arena as this thread sees it
   * @param owner number of this thread, from 1 on; one above those of the threads for who only takes care of them
   * @param patienceMs how long to wait for another thread at most, as of `SharedLock`
   */
  constructor({ limitBytes, slots, words }: CacheShare, arena: Arena, owner: number, patienceMs?: number) {
    let at = 0;
    const take = (count: number) => {
      at += count;
      return words.subarray(at - count, at);
    };
    this.#limitBytes = limitBytes;
    this.#arena = arena;
    this.#owner = owner;
    this.#lock = new SharedLock(take(SharedLock.words), owner, patienceMs);
    this.#policy = new S3Fifo(take(S3Fifo.wordsFor(slots)), slots, limitUnits(limitBytes), false);
    this.#extents = take(slots);
    this.#lengths = take(slots);
    const threads = (words.length - at) / slots;
    this.#uses = Array.from({ length: threads }, () => take(slots));
    arena.reclaimBy((bytes) => this.giveBack(bytes));
  }

  /** Bytes of all chunks. */
  get bytes(): number {
    return this.#policy.size * unitBytes;
  }

  /** @param memory a region whose end the chunk is wanted until; for what lives longer, a copy is answered */
  get(key: string, dtype: string, memory?: Allocator): NumericValues | undefined {
    if (!this.#lock.lock()) return undefined;
    const slot = this.#policy.use(digestOf(key));
    const region = memory instanceof Region && memory.arena === this.#arena ? memory : undefined;
    if (slot !== none) this.#uses[this.#owner - 1][slot]++;
    this.#lock.unlock();
    if (slot === none) return undefined;
    const values = this.#view(slot, dtype);
    if (region === undefined) {
      const copy = values.slice();
      this.#release([slot]);
      return copy;
    }
    this.#releaseWith(region, slot);
    return values;
  }

  put(key: string, values: NumericValues, memory?: Allocator): void {
    if (values.byteLength > this.#limitBytes) return;
    const region = memory instanceof Region && memory.arena === this.#arena ? memory : undefined;
    const taken = region?.keep(values);
    const extent = taken ?? this.#copyIn(values);
    if (extent === none) return;
    const slot = this.#insert(digestOf(key), extent, values.byteLength, taken !== undefined);
    if (slot !== none && taken !== undefined) this.#releaseWith(region!, slot);
    else if (slot === none && taken !== undefined) region!.whenReleased(() => this.#arena.freeExtent(taken));
    else if (slot === none) this.#arena.freeExtent(extent);
  }

  /** Has chunks go that are worth least, so many bytes of them if there are; false when none can go. */
  giveBack(bytes: number): boolean {
    if (!this.#lock.lock()) return false;
    const before = this.bytes;
    let some = false;
    while (before - this.bytes < bytes && this.#policy.evict(this.#isUsed, this.#leaves)) some = true;
    this.#lock.unlock();
    return some;
  }

  /** A thread has died: what it used, it uses no more. */
  died(owner: number): void {
    this.#lock.died(owner);
    if (!this.#lock.lock()) return;
    this.#uses[owner - 1].fill(0);
    this.#lock.unlock();
  }

  #insert(digest: Digest, extent: number, bytes: number, isUsed: boolean): number {
    if (!this.#lock.lock()) return none;
    const isThere = this.#policy.find(digest) !== none;
    const slot = isThere ? none : this.#policy.insert(digest, unitsOf(bytes), this.#isUsed, this.#leaves);
    if (slot !== none) {
      this.#extents[slot] = extent;
      this.#lengths[slot] = bytes;
      for (const uses of this.#uses) uses[slot] = 0;
      if (isUsed) this.#uses[this.#owner - 1][slot] = 1;
    }
    this.#lock.unlock();
    return slot;
  }

  /** A copy of values in the arena; -1 where there is no room. */
  #copyIn(values: NumericValues): number {
    const extent = this.#arena.takeKept(values.byteLength);
    if (extent === none) return none;
    const place = this.#arena.view('uint8', this.#arena.offsetOf(extent), values.byteLength) as Uint8Array;
    place.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    return extent;
  }

  #view(slot: number, dtype: string): NumericValues {
    const offset = this.#arena.offsetOf(this.#extents[slot]);
    return this.#arena.view(dtype, offset, this.#lengths[slot] / itemSize(dtype));
  }

  #releaseWith(region: Region, slot: number): void {
    const used = this.#used.get(region);
    if (used !== undefined) {
      used.push(slot);
      return;
    }
    const slots = [slot];
    this.#used.set(region, slots);
    region.whenReleased(() => {
      this.#used.delete(region);
      this.#release(slots);
    });
  }

  #release(slots: readonly number[]): void {
    if (!this.#lock.lock()) return;
    for (const slot of slots) this.#uses[this.#owner - 1][slot]--;
    this.#lock.unlock();
  }
}
