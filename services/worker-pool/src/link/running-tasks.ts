import { asHyperslabError, HyperslabError } from '@hyperslab/errors';
import { Plan } from '@hyperslab/proto/expression';
import type { JobPlan, TaskId, WorkerMessage } from '@hyperslab/proto/scheduler';
import { jobError } from '@hyperslab/rpc';
import {
  attributeNames,
  type Counter,
  inStep,
  type Logger,
  type Span,
  spanNames,
  withTraceparent,
} from '@hyperslab/telemetry';
import type { BlockFinder } from '../blocks/block-finder.ts';
import type { BlockStore } from '../blocks/block-store.ts';
import type { ThreadPool } from '../threads/thread-pool.ts';

/** Reasons with which another try, perhaps elsewhere, might do, beside those that a later call might mend. */
const worthAnotherTry = new Set(['BLOCK_NOT_FOUND', 'DISK_FULL', 'CHECKSUM_MISMATCH', 'CANCELLED']);

export type Report = NonNullable<WorkerMessage['message']>;

export interface RunningTasksOptions {
  slots: number;
  threads: ThreadPool;
  store: BlockStore;
  finder: BlockFinder;
  log: Logger;
  /** Counts tasks by outcome. */
  ended: Counter;
  /** Whether memory has room for one task more. */
  hasRoom: () => boolean;
  /** Tells the scheduler. */
  report: (message: Report) => void;
}

interface KnownPlan {
  bytes: Uint8Array;
  fingerprint: string;
  traceparent: string;
}

interface Running {
  id: TaskId;
  controller: AbortController;
  /** When it began, by performance.now(). */
  startedMs: number;
}

/** The tasks that the scheduler has given to this worker: so many run at once, the others wait. */
export class RunningTasks {
  readonly #options: RunningTasksOptions;
  readonly #plans = new Map<string, KnownPlan>();
  readonly #running = new Map<string, Running>();
  #waiting: TaskId[] = [];
  #draining = false;
  #idle: (() => void)[] = [];

  constructor(options: RunningTasksOptions) {
    this.#options = options;
  }

  get running(): number {
    return this.#running.size;
  }

  /** Tasks that wait for room. */
  get waiting(): number {
    return this.#waiting.length;
  }

  fingerprintOf(jobId: string): string {
    return this.#plans.get(jobId)?.fingerprint ?? '';
  }

  /** Jobs whose plan is known here. */
  jobs(): string[] {
    return [...this.#plans.keys()];
  }

  /** Takes note of a job's plan. One that differs from before makes what is held of the job worthless. */
  plan({ jobId, plan, fingerprint, traceparent }: JobPlan): void {
    if (plan === undefined) return;
    const known = this.#plans.get(jobId);
    if (known?.fingerprint === fingerprint) return;
    if (known !== undefined) this.forget(jobId, []);
    this.#plans.set(jobId, { bytes: Plan.encode(plan).finish(), fingerprint, traceparent });
  }

  /** Runs tasks as there is room. A new try of a task ends one that still runs. */
  run(tasks: readonly TaskId[]): void {
    for (const id of tasks) {
      this.#abort(({ jobId, stage, task }) => jobId === id.jobId && stage === id.stage && task === id.task);
      this.#waiting.push(id);
    }
    if (this.#draining) this.#returnWaiting();
    this.startWaiting();
  }

  /** Starts what waits, as far as there is room. */
  startWaiting(): void {
    const { slots, hasRoom } = this.#options;
    while (this.#waiting.length > 0 && this.#running.size < slots) {
      // One task always runs: if memory stays short, only progress can change that.
      if (this.#running.size > 0 && !hasRoom()) return;
      this.#start(this.#waiting.shift() as TaskId);
    }
  }

  /** Ends the tasks of a job and forgets all of it; or gives back the blocks of some stages. */
  forget(jobId: string, stages: readonly number[]): void {
    const { store, threads, finder } = this.#options;
    if (stages.length > 0) {
      // Tasks of these stages, if there are any, are of an older listing.
      const outdated = (id: TaskId) => id.jobId === jobId && stages.includes(id.stage);
      this.#waiting = this.#waiting.filter((id) => !outdated(id));
      this.#abort(outdated);
      for (const stage of stages) store.forget(jobId, stage);
      return;
    }
    this.#waiting = this.#waiting.filter((id) => id.jobId !== jobId);
    this.#abort((id) => id.jobId === jobId);
    this.#plans.delete(jobId);
    threads.forget(jobId);
    finder.forget(jobId);
    store.forget(jobId);
  }

  /** Drops what has not started: the scheduler has given it to others by now. */
  dropWaiting(): void {
    this.#waiting = [];
  }

  /**
   * Gives back what has not started. Resolves when nothing runs any more; what still runs after `graceMs` is aborted and
   * counts as not done.
   */
  async drain(graceMs: number): Promise<void> {
    this.#draining = true;
    this.#returnWaiting();
    const timer = setTimeout(() => this.#abort(() => true), graceMs);
    while (this.#running.size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
    clearTimeout(timer);
  }

  #returnWaiting(): void {
    const error = jobError(new HyperslabError('CANCELLED', 'this worker is about to go'));
    for (const task of this.#waiting.splice(0))
      this.#options.report({ $case: 'failed', value: { task, error, retryable: true, runMs: 0 } });
  }

  #abort(matches: (id: TaskId) => boolean): void {
    for (const { id, controller } of this.#running.values()) {
      if (matches(id)) controller.abort(new HyperslabError('CANCELLED', 'cancelled'));
    }
  }

  #start(id: TaskId): void {
    const name = `${id.jobId}/${id.stage}/${id.task}/${id.attempt}`;
    const running = { id, controller: new AbortController(), startedMs: performance.now() };
    this.#running.set(name, running);
    const { traceparent = '' } = this.#plans.get(id.jobId) ?? {};
    const attributes = taskAttributes(id);
    const work = () =>
      inStep(spanNames.task[0], { attributes }, (span) => this.#run(running, span)).catch((error) =>
        this.#failed(running, error),
      );
    // Whoever has made room for it may belong to another trace.
    withTraceparent(traceparent, work).finally(() => {
      this.#running.delete(name);
      if (this.#running.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
      this.startWaiting();
    });
  }

  async #run({ id, controller: { signal }, startedMs }: Running, span?: Span): Promise<void> {
    const { threads, store, report } = this.#options;
    const plan = this.#plans.get(id.jobId);
    if (plan === undefined)
      throw new HyperslabError('INTERNAL', `job ${id.jobId}: a task came without its plan`);
    const { bytes, objects } = await threads.runTask(id, plan.bytes, signal);
    signal.throwIfAborted();
    await store.put(id, bytes);
    if (signal.aborted && !this.#plans.has(id.jobId)) store.forget(id.jobId);
    signal.throwIfAborted();
    span?.setAttribute(attributeNames.blockBytes[0], bytes.length);
    this.#options.ended.increment(1, { outcome: 'done' });
    const runMs = Math.round(performance.now() - startedMs);
    report({ $case: 'done', value: { task: id, bytes: bytes.length, objects, runMs } });
  }

  #failed({ id, startedMs }: Running, thrown: unknown): void {
    const error = asHyperslabError(thrown);
    const retryable = error.retryable || worthAnotherTry.has(error.reason);
    if (error.reason === 'INTERNAL') this.#options.log.error({ err: error, task: id }, 'a task failed');
    else this.#options.log.info({ task: id, reason: error.reason }, error.message);
    this.#options.ended.increment(1, { outcome: error.reason });
    const runMs = Math.round(performance.now() - startedMs);
    this.#options.report({ $case: 'failed', value: { task: id, error: jobError(error), retryable, runMs } });
  }
}

function taskAttributes({ jobId, stage, task, attempt }: TaskId) {
  return {
    [attributeNames.job[0]]: jobId,
    [attributeNames.stage[0]]: stage,
    [attributeNames.task[0]]: task,
    [attributeNames.attempt[0]]: attempt,
  };
}
