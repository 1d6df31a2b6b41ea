import type { BlockStore } from './blocks/block-store.ts';
import { collectGarbage } from './collect-garbage.ts';
import { returnMemory } from './return-memory.ts';
import type { ThreadMemory } from './threads/thread-memory.ts';
import type { ThreadPool } from './threads/thread-pool.ts';

const intervalMs = 200;
/**
 * So much below the limit garbage is collected, blocks are spilled and no task is begun: what is under way goes on to allocate until that shows. A fifth of the
 * limit; of a small one a quarter, as what is under way is not less.
 */
const margin = (limitBytes: number) => Math.max(limitBytes / 5, Math.min(limitBytes / 4, 128 * 2 ** 20));
/** Collecting, and giving back what it freed, takes tens of milliseconds: not more often than this. */
const collectEveryMs = 1_000;
/** Nor by threads that have made less since they last did; but what they had then may have become garbage, too: after so long all collect. */
const worthwhileBytes = 8 * 2 ** 20;
const collectAllEveryMs = 5_000;
/** A worker without work gives memory back once, when its threads have collected their garbage. */
const idleAfterLooks = 10;

export interface MemoryWatchOptions {
  limitBytes: number;
  /** Share of blocks while memory is not tight. */
  blockBytes: number;
  store: BlockStore;
  threads: ThreadPool;
  threadMemory: ThreadMemory;
  /** Called when there is room for tasks again. */
  onRoom: () => void;
}

/** Keeps resident memory below its limit: before it is reached, chunks that are kept go, blocks go to disk and tasks wait. */
export class MemoryWatch {
  readonly #options: MemoryWatchOptions;
  readonly #timer: NodeJS.Timeout;
  #tight = false;
  #collectedMs = 0;
  #allCollectedMs = 0;
  #idleLooks = 0;

  constructor(options: MemoryWatchOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#look(), intervalMs);
  }

  /** Whether a task more may begin. */
  get hasRoom(): boolean {
    return !this.#tight;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const { limitBytes, blockBytes, store, onRoom } = this.#options;
    this.#lookForWork();
    const before = this.#tight;
    this.#tight = process.memoryUsage.rss() > limitBytes - margin(limitBytes);
    if (this.#tight) {
      this.#collect();
      // Half at a time: what is freed shows only after a while, and spilling all of it would be for nothing.
      store.setLimit(Math.floor(Math.min(blockBytes, store.memoryBytes) / 2)).catch(() => undefined);
    } else if (before) {
      store.setLimit(blockBytes).catch(() => undefined);
      onRoom();
    }
  }

  #lookForWork(): void {
    if (this.#options.threads.busy.busy > 0) this.#idleLooks = 0;
    else if (++this.#idleLooks === idleAfterLooks) this.#giveBack(0);
  }

  #collect(): void {
    const now = performance.now();
    if (now - this.#collectedMs < collectEveryMs) return;
    this.#collectedMs = now;
    const isForAll = now - this.#allCollectedMs >= collectAllEveryMs;
    if (isForAll) this.#allCollectedMs = now;
    const leastMade = isForAll ? 0 : worthwhileBytes;
    collectGarbage(leastMade);
    this.#options.threads.collectGarbage(leastMade);
    // As of blocks, half at a time.
    this.#giveBack(Math.ceil(this.#options.threadMemory.cacheBytes / 2));
  }

  #giveBack(chunkBytes: number): void {
    this.#options.threadMemory.giveBack(chunkBytes);
    returnMemory();
  }
}
