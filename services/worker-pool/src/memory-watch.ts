import type { BlockStore } from './blocks/block-store.ts';

const intervalMs = 200;
/** Shares of the memory limit: blocks may take so much; above `high`, blocks are spilled and no task is begun. */
const blockShare = 0.35;
const high = 0.85;
/** What the process itself takes before it holds anything, bytes: code, gRPC, and each thread. */
const baseBytes = 120 * 2 ** 20;
const threadBytes = 40 * 2 ** 20;

/** Keeps resident memory below its limit: blocks go to disk, and tasks wait, before it is reached. */
export class MemoryWatch {
  readonly limitBytes: number;
  readonly #store: BlockStore;
  readonly #blockBytes: number;
  readonly #timer: NodeJS.Timeout;
  readonly #onRoom: () => void;
  #tight = false;

  constructor(limitBytes: number, threads: number, store: BlockStore, onRoom: () => void) {
    this.limitBytes = limitBytes;
    this.#store = store;
    this.#onRoom = onRoom;
    this.#blockBytes = blockBytes(limitBytes, threads);
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
    const before = this.#tight;
    this.#tight = process.memoryUsage.rss() > this.limitBytes * high;
    if (this.#tight) {
      // What is freed comes back to the system only after a while: half at a time, so as not to empty it all.
      const target = Math.floor(this.#store.memoryBytes / 2);
      this.#store.setLimit(target).catch(() => undefined);
    } else if (before) {
      this.#store.setLimit(this.#blockBytes).catch(() => undefined);
      this.#onRoom();
    }
  }
}

/** Bytes of blocks that stay in memory: their share of what the process itself leaves. */
export function blockBytes(limitBytes: number, threads: number): number {
  return Math.max(16 * 2 ** 20, Math.floor((limitBytes - baseBytes - threads * threadBytes) * blockShare));
}
