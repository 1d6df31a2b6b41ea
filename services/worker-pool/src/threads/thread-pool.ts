import { HyperslabError } from '@hyperslab/errors';
import { ReadArrayRequest } from '@hyperslab/proto/worker';
import { KeptRanges } from '@hyperslab/reader';
import { fromJobError, jobError } from '@hyperslab/rpc';
import { activeTrace, isSampled, withTrace } from '@hyperslab/telemetry';
import type { TaskInput } from '../blocks/block-finder.ts';
import type { BlockKey } from '../blocks/block-key.ts';
import { ownBytes, splitBlocks } from './made-blocks.ts';
import type { EncodedSlab, FromThread, ThreadCounts, ToThread } from './messages.ts';
import { Permits } from './permits.ts';
import { noCounts, PoolThread, type StartOptions, type Work } from './pool-thread.ts';
import { countShared } from './shared-bytes.ts';
import { SlabQueue } from './slab-queue.ts';
import { storageSpans } from './storage-spans.ts';

/** Where tasks get the blocks that they read; `alone`, if no other task of this worker does. */
export type BlockSource = (key: BlockKey, alone: boolean, signal: AbortSignal) => Promise<TaskInput>;

/** What a task made. */
export interface TaskOutcome {
  bytes: Uint8Array;
  /** Of EXPAND: how many objects were found. */
  objects: number;
  /** How long it took in its thread, milliseconds. */
  runMs: number;
}

export interface ThreadPoolOptions extends StartOptions {
  threads: number;
  blocks: BlockSource;
  /** Slabs that are read at once, and streams of them that are open. */
  reads: number;
  streams: number;
}

/** Why fetches for work that has ended are given up; made once, as errors are dear. */
const over = new HyperslabError('CANCELLED', 'what it was for has ended');

/** Threads that read, decode and compute. One that dies takes its work down as retryable, and is replaced; that of one that does not start waits until it does. */
export class ThreadPool {
  readonly #options: ThreadPoolOptions;
  readonly #threads: PoolThread[] = [];
  /** Counts of threads that are gone. */
  #before: ThreadCounts = { ...noCounts };
  readonly #reads: Permits;
  readonly #streams: Permits;
  readonly #ranges: KeptRanges | undefined;
  #nextId = 0;
  #closed = false;

  constructor(options: ThreadPoolOptions) {
    this.#options = options;
    this.#reads = new Permits(options.reads);
    this.#streams = new Permits(options.streams);
    const { ranges } = options.data;
    // Numbers of threads are lower.
    this.#ranges = ranges && new KeptRanges(ranges, options.threads + 1);
    for (let n = 0; n < options.threads; n++) this.#add();
  }

  /** Sums over all threads, those that are gone included. */
  get counts(): ThreadCounts {
    const sums = { ...this.#before };
    for (const { counts } of this.#threads) {
      for (const name of Object.keys(sums) as (keyof ThreadCounts)[]) sums[name] += counts[name];
    }
    return sums;
  }

  /** Threads that have something to do, and all. */
  get busy(): { busy: number; threads: number } {
    const busy = this.#threads.filter(({ work }) => work.size > 0).length;
    return { busy, threads: this.#threads.length };
  }

  /** Whether any thread can work already. */
  get ready(): boolean {
    return this.#threads.some(({ ready }) => ready);
  }

  /** Has all threads collect their garbage that have made so many bytes since they last did. */
  collectGarbage(leastMade: number): void {
    for (const thread of this.#threads) thread.post({ type: 'collect', leastMade });
  }

  /**
   * Runs a task. `plan` is the encoded plan of its job.
   * @throws HyperslabError what the task failed with; WORKER_LOST when its thread died
   */
  runTask(key: BlockKey, plan: Uint8Array, signal: AbortSignal): Promise<TaskOutcome> {
    const thread = this.#leastBusy();
    const news = this.#news(thread, key.jobId, plan);
    return new Promise((resolve, reject) => {
      const { jobId, stage, task } = key;
      this.#begin(thread, signal, key, (id, traced, end) => ({
        message: { type: 'task', id, traced, jobId, stage, task, plan: news },
        done: (message) => {
          if (message.type !== 'done') return;
          if (message.bytes.buffer instanceof SharedArrayBuffer) countShared(message.bytes.length);
          end();
          resolve({ bytes: message.bytes, objects: message.objects, runMs: message.runMs });
        },
        fail: (error) => {
          end();
          reject(error);
        },
      }));
    });
  }

  /**
   * Runs consecutive tasks of a stage, one after the other, and yields their blocks as they come, in order. Leaving the loop
   * ends it.
   * @throws HyperslabError what the task behind the last block failed with; WORKER_LOST when its thread died
   */
  async *runTasks(
    run: { jobId: string; stage: number; first: number; count: number; listing: string },
    plan: Uint8Array,
    signal: AbortSignal,
  ): AsyncGenerator<{ blocks: Uint8Array[]; runMs: number }> {
    const { jobId, stage, first, count, listing } = run;
    const thread = this.#leastBusy();
    const news = this.#news(thread, jobId, plan);
    const made: { blocks: Uint8Array[]; runMs: number }[] = [];
    let failure: { error: unknown } | undefined;
    let ended = false;
    let wake = () => {};
    const key = { jobId, stage, task: first, listing };
    const { abort } = this.#begin(thread, signal, key, (id, traced, end) => ({
      message: { type: 'tasks', id, traced, jobId, stage, first, count, plan: news },
      done: (message) => {
        if (message.type === 'blocks')
          made.push({ blocks: splitBlocks(message.bytes, message.sizes), runMs: message.runMs });
        if (message.type !== 'blocks' || message.isLast) {
          end();
          ended = true;
        }
        wake();
      },
      fail: (error) => {
        end();
        failure = { error };
        wake();
      },
    }));
    try {
      for (;;) {
        const next = made.shift();
        if (next !== undefined) yield next;
        else if (failure !== undefined) throw failure.error;
        else if (ended) return;
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    } finally {
      if (!ended && failure === undefined) abort();
    }
  }

  /**
   * Reads a hyperslab as consecutive slabs, one ahead of the reader. However many read, only so many streams are open
   * and only so many slabs are read at once; the others wait for their turn.
   */
  async *readArray(
    request: ReadArrayRequest,
    slabBytes: number,
    signal: AbortSignal,
  ): AsyncGenerator<EncodedSlab> {
    const close = await this.#streams.take(signal);
    const stop = new AbortController();
    const slabs = new SlabQueue(this.#reads, stop.signal);
    try {
      const bytes = ReadArrayRequest.encode(request).finish();
      const thread = this.#leastBusy();
      const { id } = this.#begin(
        thread,
        AbortSignal.any([signal, stop.signal]),
        undefined,
        (number, traced, end) => ({
          message: { type: 'array', id: number, traced, request: bytes, slabBytes },
          done: (message) => {
            if (message.type !== 'slab') end();
            slabs.arrived(message.type === 'slab' ? message.slab : undefined);
          },
          fail: (error) => {
            end();
            slabs.failed(error);
          },
        }),
      );
      yield* slabs.read(() => thread.post({ type: 'more', id }));
    } finally {
      stop.abort();
      close();
    }
  }

  forget(jobId: string): void {
    for (const thread of this.#threads) {
      if (thread.plans.delete(jobId)) thread.post({ type: 'forget', jobId });
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }

  /** The plan of a job, for a thread that does not know it. */
  #news(thread: PoolThread, jobId: string, plan: Uint8Array): Uint8Array | undefined {
    if (thread.plans.has(jobId)) return undefined;
    thread.plans.add(jobId);
    return plan;
  }

  #begin(
    thread: PoolThread,
    signal: AbortSignal,
    task: BlockKey | undefined,
    describe: (
      id: number,
      traced: boolean,
      end: () => void,
    ) => { message: ToThread } & Pick<Work, 'done' | 'fail'>,
  ): { id: number; abort: () => void } {
    const id = this.#nextId++;
    const controller = new AbortController();
    const abort = () => {
      controller.abort(signal.reason);
      thread.cancelled.add(id);
      thread.post({ type: 'abort', id });
    };
    const active = activeTrace();
    const trace = active !== undefined && isSampled(active) ? active : undefined;
    const { message, done, fail } = describe(id, trace !== undefined, () => {
      thread.work.delete(id);
      signal.removeEventListener('abort', abort);
      controller.abort(over);
    });
    thread.work.set(id, { task, trace, controller, done, fail });
    thread.post(message);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    return { id, abort };
  }

  /** Of those that start without trouble, if there are any. */
  #leastBusy(): PoolThread {
    const sound = this.#threads.filter(({ failedStarts }) => failedStarts === 0);
    const those = sound.length > 0 ? sound : this.#threads;
    return those.reduce((least, next) => (next.work.size < least.work.size ? next : least));
  }

  #add(): void {
    const thread: PoolThread = new PoolThread({
      ...this.#options,
      hear: (message) => this.#hear(thread, message),
      stopped: (owner) => this.#stopped(thread, owner),
      died: (cause) => this.#replace(thread, cause),
    });
    this.#threads.push(thread);
  }

  #hear(thread: PoolThread, message: Exclude<FromThread, { type: 'ready' }>): void {
    if (message.type === 'counts') thread.counts = message.counts;
    else if (message.type === 'query') this.#answer(thread, message);
    else {
      const work = thread.work.get(message.id);
      if (message.type === 'failed') work?.fail(fromJobError(message.error));
      else if (message.type === 'reads' && work?.trace !== undefined)
        storageSpans(work.trace, message.reads, message.leftOut);
      else work?.done(message);
    }
  }

  #answer(thread: PoolThread, message: Extract<FromThread, { type: 'query' }>): void {
    const { query, id, jobId, stage, task, parts, alone } = message;
    const work = thread.work.get(id);
    if (work?.task === undefined) return;
    const { trace } = work;
    // What another job has persisted is of no listing.
    const key =
      jobId === undefined ? { ...work.task, stage, task, parts } : { jobId, stage, task, listing: '' };
    // Messages come in no trace: the fetch is a step of the task that asked.
    const find = () => this.#options.blocks(key, alone, work.controller.signal);
    (trace === undefined ? find() : withTrace(trace, find)).then(
      ({ bytes, isOwn, isHeld }) =>
        thread.post(
          { type: 'block', query, bytes: ownBytes(bytes), isHeld },
          isOwn ? bytes.buffer : undefined,
        ),
      (error) => thread.post({ type: 'block', query, error: jobError(error) }),
    );
  }

  /** What it held is gone with it; what it read was read. */
  #stopped(thread: PoolThread, owner: number | undefined): void {
    if (owner !== undefined) this.#ranges?.died(owner);
    for (const name of ['storageBytes', 'storageRequests', 'storageErrors', 'storageSeconds'] as const)
      this.#before[name] += thread.counts[name];
    thread.counts = noCounts;
  }

  #replace(thread: PoolThread, cause: unknown): void {
    this.#threads.splice(this.#threads.indexOf(thread), 1);
    if (!this.#closed) {
      this.#options.log.error({ err: cause }, 'a thread died and is replaced');
      this.#add();
    }
    const why = cause instanceof Error ? cause.message : 'it ended';
    const error = new HyperslabError(
      'WORKER_LOST',
      `a thread died while it worked on this: ${why}`,
      {},
      cause,
    );
    for (const { fail } of [...thread.work.values()]) fail(error);
  }
}
