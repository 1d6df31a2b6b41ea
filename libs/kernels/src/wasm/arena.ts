import { itemSize, type NumericValues, viewValues } from '@hyperslab/array';
import { SharedLock } from '../shared/shared-lock.ts';
import { none } from '../shared/slot-lists.ts';
import { Extents, kept, unitBytes, unitsOf } from './extents.ts';
import { pageBytes, type WasmMemory, webAssembly } from './web-assembly.ts';

/** The most that a WebAssembly memory with 32-bit addresses has. */
export const mostOfAll = 2 ** 32;
/** The arena grows by so much at least, and by what it has already: growing copies nothing, but each time makes a new buffer. */
export const leastGrowth = 2 ** 20;
/** Extents that there may be, one for so many bytes of the arena, within bounds. */
const bytesForExtent = 4096;
const [fewestExtents, mostExtents] = [2 ** 12, 2 ** 18];

/** What threads that compute in one arena share: it may be posted to them. */
export interface ArenaShare {
  memory: WasmMemory;
  mostBytes: number;
  /** Its lock, then which of it is whose. */
  words: Int32Array;
}

/**
 * Makes an arena that grows to `mostBytes` at most, which is at least 1 MiB and at most 4 GiB, for this thread or for several. Throws RangeError,
 * also where the system has not so many addresses.
 */
export function reserveArena(mostBytes: number): ArenaShare {
  if (!(mostBytes >= leastGrowth && mostBytes <= mostOfAll)) {
    throw new RangeError(`arena of ${mostBytes} bytes: expected ${leastGrowth} to ${mostOfAll}`);
  }
  // Kernels count up to where an array ends: of one that ended with the addresses that would be 0.
  const maximum = Math.floor(Math.min(mostBytes, mostOfAll - pageBytes) / pageBytes);
  const memory = new webAssembly.Memory({ initial: leastGrowth / pageBytes, maximum, shared: true });
  // Of the bytes that it is told to have: each that sees it finds its way in the words by as many.
  const bytes = maximum * pageBytes;
  const extents = extentsFor(bytes);
  const words = new Int32Array(new SharedArrayBuffer(4 * (SharedLock.words + Extents.wordsFor(extents))));
  const all = new Extents(words.subarray(SharedLock.words), extents);
  all.extend(unitsOf(leastGrowth));
  // The first unit belongs to no array: 0 stands for "none".
  all.take(1, kept);
  return { memory, mostBytes: bytes, words };
}

function extentsFor(mostBytes: number): number {
  return Math.min(mostExtents, Math.max(fewestExtents, Math.floor(mostBytes / bytesForExtent)));
}

/**
 * The memory that kernels compute in, as one of the threads sees it that share it. Values that lie in it are computed in place.
 *
 * It is shared memory, so that it can grow while there are views of it (growing detaches the buffer of an unshared one) and
 * other threads and native libraries can read and write it. The system gives pages when they are first written; what was given stays.
 */
export class Arena {
  readonly memory: WasmMemory;
  readonly mostBytes: number;
  readonly #lock: SharedLock;
  readonly #extents: Extents;
  readonly #owner: number;
  /** Extents that this thread took, by their offset. */
  readonly #taken = new Map<number, number>();
  /** Each growth makes another buffer object of the same memory. */
  readonly #buffers = new WeakSet<ArrayBufferLike>();
  #buffer: SharedArrayBuffer;
  /** Asked to free some bytes when none are left; false when it can't. */
  #reclaim: (bytes: number) => boolean = () => false;

  /**
   * @param owner number of this thread, from 1 on; no two that live have the same
   * @param patienceMs how long to wait for another thread at most, as of `SharedLock`
   */
  constructor({ memory, mostBytes, words }: ArenaShare, owner: number, patienceMs?: number) {
    this.memory = memory;
    this.mostBytes = mostBytes;
    this.#owner = owner;
    this.#lock = new SharedLock(words.subarray(0, SharedLock.words), owner, patienceMs);
    this.#extents = new Extents(words.subarray(SharedLock.words), extentsFor(mostBytes), false);
    this.#buffer = memory.buffer;
    this.#buffers.add(this.#buffer);
  }

  /** Bytes that are taken, by all threads. */
  get takenBytes(): number {
    return (this.#extents.taken - 1) * unitBytes;
  }

  /** Bytes of its memory: of the process, those that were ever written. */
  get bytes(): number {
    return this.#extents.end * unitBytes;
  }

  /** Says who frees something when the arena is full. */
  reclaimBy(reclaim: (bytes: number) => boolean): void {
    this.#reclaim = reclaim;
  }

  /** Takes memory, whose bytes may be anything, and answers its offset; undefined when it would pass the arena's limit. */
  take(bytes: number): number | undefined {
    const extent = this.#takeFor(bytes, this.#owner);
    if (extent === none) return undefined;
    const offset = this.offsetOf(extent);
    this.#taken.set(offset, extent);
    return offset;
  }

  /** Frees what this thread took at an offset. Views of it then show what comes next. Throws RangeError where it took nothing. */
  free(offset: number): void {
    this.freeExtent(this.#forget(offset));
  }

  /**
   * Leaves what this thread took at an offset to whoever frees its extent, which is answered: it stays when the thread ends. Throws as `free` does.
   */
  keep(offset: number): number {
    const extent = this.#forget(offset);
    if (this.#lock.lock()) {
      this.#extents.give(extent, kept);
      this.#lock.unlock();
    }
    return extent;
  }

  /** Takes memory that stays when the thread ends, and answers its extent; -1 when it would pass the arena's limit. */
  takeKept(bytes: number): number {
    return this.#takeFor(bytes, kept);
  }

  /** Frees an extent that was kept. */
  freeExtent(extent: number): void {
    if (!this.#lock.lock()) return;
    this.#extents.free(extent);
    this.#lock.unlock();
  }

  /** Where an extent begins that is kept. */
  offsetOf(extent: number): number {
    return this.#extents.startOf(extent) * unitBytes;
  }

  /** How long what this thread took at an offset is, bytes; undefined where it took nothing. */
  lengthAt(offset: number): number | undefined {
    const extent = this.#taken.get(offset);
    return extent === undefined ? undefined : this.#extents.lengthOf(extent) * unitBytes;
  }

  /** Calls `act` with offset and bytes of all that is free, while nobody can take it: its pages may be given back to the system. */
  eachFree(act: (offset: number, bytes: number) => void): void {
    if (!this.#lock.lock()) return;
    try {
      this.#extents.eachFree((start, length) => act(start * unitBytes, length * unitBytes));
    } finally {
      this.#lock.unlock();
    }
  }

  /** A thread has died: what it took is free. */
  died(owner: number): void {
    this.#lock.died(owner);
    if (!this.#lock.lock()) return;
    this.#extents.freeAllOf(owner);
    this.#lock.unlock();
  }

  /** A view of memory that is taken, from `offset` on, which must be a multiple of the element's size. */
  view(dtype: string, offset: number, count: number): NumericValues {
    this.#reach(offset + count * itemSize(dtype));
    return viewValues(dtype, this.#buffer, offset, count);
  }

  /** True for values that lie in the arena, at their `byteOffset`. */
  holds({ buffer }: ArrayBufferView): boolean {
    return buffer === this.#buffer || this.#buffers.has(buffer);
  }

  /** Another thread may have made the memory grow: views and kernels of this one reach what is new when it grows by nothing. */
  #reach(end: number): void {
    if (end > this.#buffer.byteLength) this.#growMemory(0);
  }

  #forget(offset: number): number {
    const extent = this.#taken.get(offset);
    if (extent === undefined)
      throw new RangeError(`nothing was taken at ${offset}: it is free, or another thread has it`);
    this.#taken.delete(offset);
    return extent;
  }

  #takeFor(bytes: number, owner: number): number {
    // Whatever is freed for it would be freed for nothing.
    if (bytes > this.mostBytes) return none;
    const units = unitsOf(bytes);
    for (;;) {
      if (!this.#lock.lock()) return none;
      let extent = none;
      try {
        extent = this.#extents.take(units, owner);
        if (extent === none && this.#grow(units)) extent = this.#extents.take(units, owner);
      } finally {
        this.#lock.unlock();
      }
      if (extent !== none) {
        this.#reach(this.offsetOf(extent) + bytes);
        return extent;
      }
      // Not while it is locked: whoever frees something locks it, too.
      if (!this.#reclaim(bytes)) return none;
    }
  }

  /** Makes room for so many units at the end. */
  #grow(units: number): boolean {
    const { end, freeAtEnd } = this.#extents;
    const room = this.mostBytes - end * unitBytes;
    const needed = (units - freeAtEnd) * unitBytes;
    if (needed > room) return false;
    const growth = Math.min(room, Math.max(needed, end * unitBytes, leastGrowth));
    const pages = Math.ceil(growth / pageBytes);
    if (!this.#growMemory(pages)) return false;
    return this.#extents.extend(unitsOf(pages * pageBytes));
  }

  #growMemory(pages: number): boolean {
    try {
      this.memory.grow(pages);
    } catch (error) {
      // The system has no more addresses: as good as the limit.
      if (error instanceof RangeError) return false;
      throw error;
    }
    this.#buffer = this.memory.buffer;
    this.#buffers.add(this.#buffer);
    return true;
  }
}
