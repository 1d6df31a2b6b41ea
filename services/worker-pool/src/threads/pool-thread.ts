import { Worker } from 'node:worker_threads';
import { HyperslabError } from '@hyperslab/errors';
import { type BackoffOptions, backoffMs } from '@hyperslab/rpc';
import type { Logger, TraceContext } from '@hyperslab/telemetry';
import type { BlockKey } from '../blocks/block-key.ts';
import { CancelledWork } from './cancelled-work.ts';
import type { FromThread, ThreadCounts, ThreadData, ToThread } from './messages.ts';
import type { ThreadMemory } from './thread-memory.ts';

/** What a thread has been given to do. */
export interface Work {
  /** The task that this is. */
  task?: BlockKey;
  /** What its reads and the fetches of its blocks are steps of; undefined when nobody records that. */
  trace?: TraceContext;
  controller: AbortController;
  done: (message: FromThread) => void;
  fail: (error: unknown) => void;
}

/** With what threads are started. */
export interface StartOptions {
  data: Omit<ThreadData, 'shared' | 'cancelled'>;
  memory: ThreadMemory;
  log: Logger;
  /** Told when a thread can't be started, which nothing here mends. */
  onHopeless: (error: HyperslabError) => void;
  /** How often a thread is started that ends before it is ready, and the pauses between. @default 8 times within half a minute */
  starts?: BackoffOptions & { most: number };
}

export interface PoolThreadOptions extends StartOptions {
  /** Takes what it says, but that it is ready. */
  hear: (message: Exclude<FromThread, { type: 'ready' }>) => void;
  /** It has ended, ready or not; `owner` was its number in the memory that threads share. */
  stopped: (owner: number | undefined) => void;
  /** It has ended after it was ready, and with it what it was doing. */
  died: (cause: unknown) => void;
}

/** The nursery of a thread's heap: V8's usual one would stay in memory, some 50 MiB full of what is long forgotten. */
const resourceLimits = { maxYoungGenerationSizeMb: 12 };
/** Without a pause, a library that can't be loaded would have threads start and end, and the log be filled, without end. */
const usualStarts = { most: 8, firstMs: 250, longestMs: 10_000 };

export const noCounts: ThreadCounts = {
  storageBytes: 0,
  storageRequests: 0,
  storageErrors: 0,
  storageSeconds: 0,
  heapBytes: 0,
  arrayBufferBytes: 0,
};

/** A thread from its first start on: one that ends before it is ready is started again after a pause, and what it was told waits. */
export class PoolThread {
  readonly work = new Map<number, Work>();
  readonly cancelled = new CancelledWork();
  /** Jobs whose plans it has. */
  readonly plans = new Set<string>();
  counts = noCounts;
  ready = false;
  /** How often it ended before it was ready. */
  failedStarts = 0;
  readonly #options: PoolThreadOptions;
  #worker: Worker | undefined;
  /** What it is told once it is ready. */
  readonly #held: { message: ToThread; moved: ArrayBuffer[] }[] = [];
  #closed = false;

  constructor(options: PoolThreadOptions) {
    this.#options = options;
    this.#start();
  }

  /** Tells it something, and gives it the buffer. One that is not ready may yet fail to start: then the next start is told. */
  post(message: ToThread, buffer?: ArrayBufferLike): void {
    const moved = buffer instanceof ArrayBuffer ? [buffer] : [];
    if (this.ready) this.#worker?.postMessage(message, moved);
    else this.#held.push({ message, moved });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#worker?.terminate();
  }

  #start(): void {
    const { data, memory, hear } = this.#options;
    const shared = memory.join();
    const workerData: ThreadData = { ...data, shared, cancelled: this.cancelled.words };
    const worker = new Worker(new URL('./worker-thread.ts', import.meta.url), { workerData, resourceLimits });
    this.#worker = worker;
    let cause: unknown;
    worker.on('message', (message: FromThread) => {
      if (message.type === 'ready') this.#isReady();
      else hear(message);
    });
    worker.on('error', (error) => {
      cause = error;
    });
    worker.on('exit', () => this.#ended(shared?.owner, cause));
  }

  #isReady(): void {
    this.ready = true;
    this.failedStarts = 0;
    for (const { message, moved } of this.#held.splice(0)) this.#worker?.postMessage(message, moved);
  }

  #ended(owner: number | undefined, cause: unknown): void {
    const { memory, stopped, died } = this.#options;
    if (owner !== undefined) memory.leave(owner);
    stopped(owner);
    if (this.ready || this.#closed) died(cause);
    else this.#startAgain(cause);
  }

  /** What it was to do has not begun, and waits. */
  #startAgain(cause: unknown): void {
    const { log, onHopeless, starts = usualStarts } = this.#options;
    this.failedStarts++;
    if (this.failedStarts < starts.most) {
      log.error({ err: cause }, 'a thread did not start; it is started again');
      const start = () => this.#closed || this.#start();
      setTimeout(start, backoffMs(this.failedStarts, starts)).unref();
      return;
    }
    const why = cause instanceof Error ? cause.message : 'it ended';
    const message = `a thread was started ${starts.most} times and was never ready: ${why}`;
    onHopeless(new HyperslabError('START_FAILED', message, {}, cause));
  }
}
