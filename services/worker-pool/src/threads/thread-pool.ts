import { Worker } from 'node:worker_threads';
import { HyperslabError } from '@hyperslab/errors';
import { ReadArrayRequest } from '@hyperslab/proto/worker';
import { KeptRanges } from '@hyperslab/reader';
import { fromJobError, jobError } from '@hyperslab/rpc';
import { activeTrace, isSampled, type Logger, type TraceContext, withTrace } from '@hyperslab/telemetry';
import type { TaskInput } from '../blocks/block-finder.ts';
import type { BlockKey } from '../blocks/block-key.ts';
import { ownBytes, splitBlocks } from './made-blocks.ts';
import type { EncodedSlab, FromThread, ThreadCounts, ThreadData, ToThread } from './messages.ts';
import { Permits } from './permits.ts';
import { countShared } from './shared-bytes.ts';
import { SlabQueue } from './slab-queue.ts';
import { storageSpans } from './storage-spans.ts';
import type { ThreadMemory } from './thread-memory.ts';

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

interface Work {
  /** The task that this is. */
  task?: BlockKey;
  /** What its reads and the fetches of its blocks are steps of; undefined when nobody records that. */
  trace?: TraceContext;
  controller: AbortController;
  done: (message: FromThread) => void;
  fail: (error: unknown) => void;
}

interface Thread {
  worker: Worker;
  work: Map<number, Work>;
  plans: Set<string>;
  counts: ThreadCounts;
  ready: boolean;
  /** Its number in the memory that threads share. */
  owner?: number;
}

export interface ThreadPoolOptions {
  threads: number;
  data: Omit<ThreadData, 'shared'>;
  memory: ThreadMemory;
  blocks: BlockSource;
  log: Logger;
  /** Slabs that are read at once, and streams of them that are open. */
  reads: number;
  streams: number;
}

/** Why fetches for work that has ended are given up; made once, as errors are dear. */
const over = new HyperslabError('CANCELLED', 'what it was for has ended');

const noCounts: ThreadCounts = {
  storageBytes: 0,
  storageRequests: 0,
  storageErrors: 0,
  storageSeconds: 0,
  heapBytes: 0,
  arrayBufferBytes: 0,
};

/** Threads that read, decode and compute. One that dies takes its work down as retryable, and is replaced. */
export class ThreadPool {
  readonly #options: ThreadPoolOptions;
  readonly #threads: Thread[] = [];
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
    for (let n = 0; n < options.threads; n++) this.#start();
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
    for (const thread of this.#threads) post(thread, { type: 'collect', leastMade });
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
      yield* slabs.read(() => post(thread, { type: 'more', id }));
    } finally {
      stop.abort();
      close();
    }
  }

  forget(jobId: string): void {
    for (const thread of this.#threads) {
      if (thread.plans.delete(jobId)) post(thread, { type: 'forget', jobId });
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  /** The plan of a job, for a thread that does not know it. */
  #news(thread: Thread, jobId: string, plan: Uint8Array): Uint8Array | undefined {
    if (thread.plans.has(jobId)) return undefined;
    thread.plans.add(jobId);
    return plan;
  }

  #begin(
    thread: Thread,
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
      post(thread, { type: 'abort', id });
    };
    const active = activeTrace();
    const trace = active !== undefined && isSampled(active) ? active : undefined;
    const { message, done, fail } = describe(id, trace !== undefined, () => {
      thread.work.delete(id);
      signal.removeEventListener('abort', abort);
      controller.abort(over);
    });
    thread.work.set(id, { task, trace, controller, done, fail });
    post(thread, message);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    return { id, abort };
  }

  #leastBusy(): Thread {
    return this.#threads.reduce((least, next) => (next.work.size < least.work.size ? next : least));
  }

  #start(): void {
    const { data, memory } = this.#options;
    const shared = memory.join();
    const workerData: ThreadData = { ...data, shared };
    const worker = new Worker(new URL('./worker-thread.ts', import.meta.url), { workerData });
    const { owner } = shared ?? {};
    const thread = {
      worker,
      work: new Map(),
      plans: new Set<string>(),
      counts: noCounts,
      ready: false,
      owner,
    };
    this.#threads.push(thread);
    let cause: unknown;
    worker.on('message', (message: FromThread) => this.#hear(thread, message));
    worker.on('error', (error) => {
      cause = error;
    });
    worker.on('exit', () => this.#ended(thread, cause));
  }

  #hear(thread: Thread, message: FromThread): void {
    if (message.type === 'ready') thread.ready = true;
    else if (message.type === 'counts') thread.counts = message.counts;
    else if (message.type === 'query') this.#answer(thread, message);
    else {
      const work = thread.work.get(message.id);
      if (message.type === 'failed') work?.fail(fromJobError(message.error));
      else if (message.type === 'reads' && work?.trace !== undefined)
        storageSpans(work.trace, message.reads, message.leftOut);
      else work?.done(message);
    }
  }

  #answer(thread: Thread, message: Extract<FromThread, { type: 'query' }>): void {
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
        post(
          thread,
          { type: 'block', query, bytes: ownBytes(bytes), isHeld },
          isOwn ? bytes.buffer : undefined,
        ),
      (error) => post(thread, { type: 'block', query, error: jobError(error) }),
    );
  }

  #ended(thread: Thread, cause: unknown): void {
    this.#threads.splice(this.#threads.indexOf(thread), 1);
    if (thread.owner !== undefined) {
      this.#ranges?.died(thread.owner);
      this.#options.memory.leave(thread.owner);
    }
    // What it held is gone with it; what it read was read.
    for (const name of ['storageBytes', 'storageRequests', 'storageErrors', 'storageSeconds'] as const)
      this.#before[name] += thread.counts[name];
    if (!this.#closed) {
      this.#options.log.error({ err: cause }, 'a thread died and is replaced');
      this.#start();
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

function post({ worker }: Thread, message: ToThread, moved?: ArrayBufferLike): void {
  worker.postMessage(message, moved instanceof ArrayBuffer ? [moved] : []);
}
