import {
  Arena,
  type ArenaShare,
  leastGrowth,
  mostOfAll,
  reserveArena,
  reserveStage,
  stageBytes,
} from '@hyperslab/kernels';
import { type CacheShare, reserveCache, SharedChunkCache } from '@hyperslab/reader';
import { returnPages } from '../return-memory.ts';

/** Of the arena, chunks that are kept have so much at most: what is computed must find room, too. */
const cachePart = 0.75;

/** What a thread shares with the others: it may be posted to it. */
export interface SharedWithThread {
  arena: ArenaShare;
  /** Absent where no chunks are kept. */
  cache?: CacheShare;
  /** Number of the thread, from 1 on. */
  owner: number;
  /** Where its kernels find what does not lie in the arena; absent where the system had no memory for it. */
  stage?: number;
}

/**
 * The memory that the threads of a worker compute in, and the decoded chunks in it, as the main thread takes care of them. Where the system has no addresses
 * for it there is none: threads then compute in ordinary memory.
 */
export class ThreadMemory {
  readonly #share: Omit<SharedWithThread, 'owner' | 'stage'> | undefined;
  readonly #arena: Arena | undefined;
  readonly #cache: SharedChunkCache | undefined;
  readonly #free: number[];
  /** By the number of the thread: a thread that starts late, or in place of another one, may find the arena full. */
  readonly #stages = new Map<number, number | undefined>();

  /**
   * @param threads that live at the same time
   * @param arenaBytes what they may take to compute with, all together
   * @param cacheBytes of decoded chunks, besides; 0 to keep none
   * @param patienceMs how long the main thread waits for a lock at most. Locks are held for microseconds; of a thread that died while
   * it held one, the main thread hears only when it waits no more
   */
  constructor(threads: number, arenaBytes: number, cacheBytes: number, patienceMs = 1_000) {
    this.#free = Array.from({ length: threads }, (_, at) => threads - at);
    const arena = reserve(arenaBytes + cacheBytes + threads * stageBytes);
    if (arena === undefined) return;
    const limit = Math.floor(Math.min(cacheBytes, arena.mostBytes * cachePart));
    const cache = limit > 0 ? reserveCache(limit, threads) : undefined;
    this.#share = { arena, cache };
    // Numbers of threads are lower.
    this.#arena = new Arena(arena, threads + 1, patienceMs);
    for (const owner of this.#free) this.#stages.set(owner, reserveStage(this.#arena));
    if (cache !== undefined) this.#cache = new SharedChunkCache(cache, this.#arena, threads + 1, patienceMs);
  }

  /** Bytes of the arena that are in use, those of cached chunks among them: the system gets the others back. */
  get takenBytes(): number {
    return this.#arena?.takenBytes ?? 0;
  }

  /** Bytes of decoded chunks. */
  get cacheBytes(): number {
    return this.#cache?.bytes ?? 0;
  }

  /** Has so many bytes of chunks go that nobody uses, and gives what is free back to the system. */
  giveBack(chunkBytes: number): void {
    if (chunkBytes > 0) this.#cache?.giveBack(chunkBytes);
    if (this.#arena === undefined) return;
    const { buffer } = this.#arena.memory;
    this.#arena.eachFree((offset, bytes) => returnPages(buffer, offset, bytes));
  }

  /** What a thread that starts is given; undefined where nothing is shared. */
  join(): SharedWithThread | undefined {
    if (this.#share === undefined) return undefined;
    const owner = this.#free.pop()!;
    return { ...this.#share, owner, stage: this.#stages.get(owner) };
  }

  /** A thread has ended: what it held is free, and another one may have its number. */
  leave(owner: number): void {
    // In this order: who has locked the cache may wait for the arena, and never the other way round.
    this.#arena?.died(owner);
    this.#cache?.died(owner);
    this.#free.push(owner);
  }
}

/** An arena has 1 MiB to 4 GiB, whatever is asked for: what does not fit is in ordinary memory. */
function reserve(bytes: number): ArenaShare | undefined {
  try {
    return reserveArena(Math.min(mostOfAll, Math.max(leastGrowth, bytes)));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
