import { asHyperslabError, HyperslabError } from '@hyperslab/errors';
import type { JobPlan, TaskId, TaskRun, WorkerMessage } from '@hyperslab/proto/scheduler';
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
import type { BlockKey } from '../blocks/block-key.ts';
import type { BlockStore } from '../blocks/block-store.ts';
import type { ThreadPool } from '../threads/thread-pool.ts';
import type { GivenUpOutputs } from './given-up-outputs.ts';
import { type KnownPlan, type KnownResult, knownPlan, learnTaskMs, tasksTogether } from './known-plans.ts';
import { WaitingTasks } from './waiting-tasks.ts';
import { assertHoldable } from './weights-need.ts';
import { assertWritable, writingBytesOf } from './writing-need.ts';

/** Reasons with which another try, perhaps elsewhere, might do, beside those that a later call might mend. */
const worthAnotherTry = new Set(['BLOCK_NOT_FOUND', 'DISK_FULL', 'CHECKSUM_MISMATCH', 'CANCELLED']);

export type Report = NonNullable<WorkerMessage['message']>;

export interface RunningTasksOptions {
  slots: number;
  /** How many more may run, each of a job of which none runs. */
  guests: number;
  /** What tasks that write chunks of stores or hold weights may take at once for that, bytes. */
  heldBytes: number;
  threads: Pick<ThreadPool, 'runTask' | 'runTasks' | 'forget'>;
  store: Pick<BlockStore, 'put' | 'putAll' | 'forget'>;
  finder: Pick<BlockFinder, 'forget'>;
  outputs: Pick<GivenUpOutputs, 'discard' | 'keep'>;
  log: Logger;
  /** Counts tasks by outcome. */
  ended: Counter;
  /** Whether memory has room for one task more. */
  hasRoom: () => boolean;
  /** Tells the scheduler. */
  link: TaskLink;
}

/** What the scheduler is told of tasks. */
export interface TaskLink {
  failed: (report: Extract<Report, { $case: 'failed' }>) => void;
  /** A block is held; the task ran for so long. */
  done: (id: TaskId, bytes: number, objects: number, runMs: number) => void;
  /** It is not done, through no fault of its own. */
  returned: (id: TaskId) => void;
}

type Tasks = Pick<TaskRun, 'jobId' | 'stage' | 'first' | 'count'>;

/** Tasks that a thread works on: one, or several short ones. */
interface Running {
  run: TaskRun;
  controller: AbortController;
  ended: PromiseWithResolvers<void>;
  /** When it began, by performance.now(). */
  startedMs: number;
}

/** The tasks that the scheduler has given to this worker: so many run at once, the others wait. */
export class RunningTasks {
  readonly #options: RunningTasksOptions;
  readonly #plans = new Map<string, KnownPlan>();
  readonly #running = new Set<Running>();
  readonly #waiting = new WaitingTasks();
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
    return this.#waiting.size;
  }

  fingerprintOf(jobId: string): string {
    return this.#plans.get(jobId)?.fingerprint ?? '';
  }

  /** Jobs whose plan is known here. */
  jobs(): string[] {
    return [...this.#plans.keys()];
  }

  /** Takes note of a job's plan. One that differs from before makes what is held of the job worthless. */
  plan(plan: JobPlan): void {
    if (plan.plan === undefined) return;
    const known = this.#plans.get(plan.jobId);
    if (known?.fingerprint === plan.fingerprint) return;
    if (known !== undefined) this.forget(plan.jobId, []);
    this.#options.outputs.keep(plan.jobId);
    this.#plans.set(plan.jobId, knownPlan(plan));
  }

  /** Resolves when a task that runs here has ended, well or ill; undefined when it does not run here. */
  ending({ jobId, stage, task }: BlockKey): Promise<void> | undefined {
    const one = { jobId, stage, first: task, count: 1 };
    const running = [...this.#running].find(({ run }) => overlap(run, one));
    return running?.ended.promise;
  }

  /**
   * The result of a job when all of it is one block, whose task runs here: then nobody need be asked what it is, or whether it may
   * be read.
   */
  makingResultOf(jobId: string): KnownResult | undefined {
    const result = this.#plans.get(jobId)?.result;
    if (result?.tasks !== 1) return undefined;
    const isRunning = this.ending({ jobId, stage: result.stage, task: 0, listing: '' }) !== undefined;
    return isRunning ? result : undefined;
  }

  /** The result of a job of which tasks run here: then nobody need be asked what it is, or whether it may be read. */
  runningResultOf(jobId: string): KnownResult | undefined {
    const isRunning = [...this.#running].some(({ run }) => run.jobId === jobId);
    return isRunning ? this.#plans.get(jobId)?.result : undefined;
  }

  /** Runs tasks as there is room. A new try of a task ends one that still runs. */
  run(runs: readonly TaskRun[]): void {
    for (const run of runs) {
      this.#abort((other) => overlap(run, other));
      this.#waiting.add(run);
    }
    if (this.#draining) this.#returnWaiting();
    this.startWaiting();
  }

  /** Starts what waits, as far as there is room. */
  startWaiting(): void {
    const { slots, hasRoom } = this.#options;
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      // One task always runs: if memory stays short, only progress can change that.
      if (this.#running.size > 0 && !hasRoom()) return;
      const together = tasksTogether(this.#plans.get(next.jobId), next.stage);
      const fair = Math.ceil(this.#waiting.size / slots);
      this.#start(this.#waiting.take(Math.min(together, fair), next.jobId) as TaskRun);
    }
  }

  /** What is next and may run, as far as slots go: behind these, of a job of which none runs. */
  #next(): TaskRun | undefined {
    const { slots, guests } = this.#options;
    if (this.#running.size < slots) return this.#nextOf(() => true);
    if (this.#running.size >= slots + guests || this.#waiting.size === 0) return undefined;
    const running = new Set([...this.#running].map(({ run }) => run.jobId));
    return this.#nextOf((run) => !running.has(run.jobId));
  }

  /**
   * The next of those that may be and that there is room for what it holds. Where there is none, what holds less does not go before: of that
   * there might always be more. What holds nothing does.
   */
  #nextOf(mayBe: (run: TaskRun) => boolean): TaskRun | undefined {
    let isPassed = false;
    return this.#waiting.next((run) => {
      if (!mayBe(run)) return false;
      const bytes = this.#heldBytesOf(run);
      if (bytes === 0) return true;
      isPassed ||= !this.#mayHold(bytes);
      return !isPassed;
    });
  }

  /** Whether there is room for so many bytes beside what others hold. One always may: too much for one is refused. */
  #mayHold(bytes: number): boolean {
    const others = [...this.#running].reduce((sum, each) => sum + this.#heldBytesOf(each.run), 0);
    return others === 0 || others + bytes <= this.#options.heldBytes;
  }

  #heldBytesOf({ jobId, stage }: TaskRun): number {
    const plan = this.#plans.get(jobId);
    return writingBytesOf(plan?.writing, stage) + (plan?.weights[stage] ?? 0);
  }

  /** Ends the tasks of a job and forgets all of it; or gives back the blocks of some stages. */
  forget(jobId: string, stages: readonly number[]): void {
    const { store, threads, finder, outputs } = this.#options;
    if (stages.length > 0) {
      // Tasks of these stages, if there are any, are of an older listing, or nobody reads what they make any more.
      this.#waiting.remove(jobId, stages);
      this.#abort((run) => run.jobId === jobId && stages.includes(run.stage));
      for (const stage of stages) store.forget(jobId, stage);
      return;
    }
    this.#waiting.remove(jobId);
    this.#abort((run) => run.jobId === jobId);
    const { output, reads = [] } = this.#plans.get(jobId) ?? {};
    if (output !== undefined) outputs.discard(jobId, output);
    this.#plans.delete(jobId);
    threads.forget(jobId);
    // What is kept of peers' blocks of those that it read would outlive them: nobody tells of them here.
    for (const each of [jobId, ...reads]) finder.forget(each);
    store.forget(jobId);
  }

  /** Drops what has not started: the scheduler has given it to others by now. */
  dropWaiting(): void {
    this.#waiting.removeAll();
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
    for (const run of this.#waiting.removeAll()) this.#return(run);
  }

  #return(run: TaskRun): void {
    for (let at = 0; at < run.count; at++) this.#options.link.returned(taskOf(run, at));
  }

  #abort(matches: (run: TaskRun) => boolean): void {
    for (const { run, controller } of this.#running) {
      if (matches(run)) controller.abort(new HyperslabError('CANCELLED', 'cancelled'));
    }
  }

  #start(run: TaskRun): void {
    const ended = Promise.withResolvers<void>();
    const running = { run, controller: new AbortController(), ended, startedMs: performance.now() };
    this.#running.add(running);
    const alone = run.count === 1;
    // Whoever has made room for it may belong to another trace.
    const { traceparent = '' } = this.#plans.get(run.jobId) ?? {};
    const work = withTraceparent(traceparent, () =>
      alone ? this.#runAlone(running) : this.#runTogether(running),
    );
    work.finally(() => {
      this.#running.delete(running);
      ended.resolve();
      if (this.#running.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
      this.startWaiting();
    });
  }

  #runAlone(running: Running): Promise<void> {
    const id = taskOf(running.run, 0);
    const attributes = taskAttributes(id);
    return inStep(spanNames.task[0], { attributes }, (span) => this.#run(running, id, span)).catch((error) =>
      this.#failed(id, performance.now() - running.startedMs, error),
    );
  }

  async #run({ controller: { signal }, startedMs }: Running, id: TaskId, span?: Span): Promise<void> {
    const { threads, store, link } = this.#options;
    const plan = this.#planOf(id.jobId);
    assertWritable(plan.writing, id.stage, this.#options.heldBytes);
    assertHoldable(plan.weights[id.stage] ?? 0, this.#options.heldBytes);
    const { bytes, objects, runMs } = await threads.runTask(id, plan.bytes, signal);
    signal.throwIfAborted();
    // It may be on disk as soon as it is held, and its memory be gone.
    const { length } = bytes;
    await store.put(id, bytes);
    this.#checkHeld(id.jobId, signal);
    span?.setAttribute(attributeNames.blockBytes[0], length);
    this.#options.ended.increment(1, { outcome: 'done' });
    learnTaskMs(plan, id.stage, runMs);
    link.done(id, length, objects, performance.now() - startedMs);
  }

  /** Runs several short tasks in a thread. When one fails, those behind it wait again. */
  async #runTogether({ run, controller: { signal } }: Running): Promise<void> {
    const { threads, store, link } = this.#options;
    let made = 0;
    try {
      const plan = this.#planOf(run.jobId);
      for await (const { blocks, runMs } of threads.runTasks(run, plan.bytes, signal)) {
        signal.throwIfAborted();
        const lengths = blocks.map(({ length }) => length);
        await store.putAll(blocks.map((bytes, at) => ({ key: taskOf(run, made + at), bytes })));
        this.#checkHeld(run.jobId, signal);
        const eachMs = runMs / blocks.length;
        for (const length of lengths) link.done(taskOf(run, made++), length, 0, eachMs);
        this.#options.ended.increment(blocks.length, { outcome: 'done' });
        learnTaskMs(plan, run.stage, eachMs);
      }
    } catch (error) {
      const rest = { ...run, first: run.first + made + 1, count: run.count - made - 1 };
      if (signal.aborted) this.#return({ ...rest, first: run.first + made, count: run.count - made });
      else {
        this.#failed(taskOf(run, made), 0, error);
        if (rest.count > 0 && this.#plans.has(run.jobId)) this.#waiting.add(rest);
        if (this.#draining) this.#returnWaiting();
      }
    }
  }

  #planOf(jobId: string): KnownPlan {
    const plan = this.#plans.get(jobId);
    if (plan === undefined)
      throw new HyperslabError('INTERNAL', `job ${jobId}: a task came without its plan`);
    return plan;
  }

  /** What was put while its job was forgotten is not held. */
  #checkHeld(jobId: string, signal: AbortSignal): void {
    if (signal.aborted && !this.#plans.has(jobId)) this.#options.store.forget(jobId);
    signal.throwIfAborted();
  }

  #failed(id: TaskId, ranMs: number, thrown: unknown): void {
    const error = asHyperslabError(thrown);
    const retryable = error.retryable || worthAnotherTry.has(error.reason);
    if (error.reason === 'INTERNAL') this.#options.log.error({ err: error, task: id }, 'a task failed');
    else this.#options.log.info({ task: id, reason: error.reason }, error.message);
    this.#options.ended.increment(1, { outcome: error.reason });
    const runMs = Math.round(ranMs);
    this.#options.link.failed({
      $case: 'failed',
      value: { task: id, error: jobError(error), retryable, runMs },
    });
  }
}

function taskOf({ jobId, stage, first, attempt, listing }: TaskRun, at: number): TaskId {
  return { jobId, stage, task: first + at, attempt, listing };
}

function overlap(a: Tasks, b: Tasks): boolean {
  const sameStage = a.jobId === b.jobId && a.stage === b.stage;
  return sameStage && a.first < b.first + b.count && b.first < a.first + a.count;
}

function taskAttributes({ jobId, stage, task, attempt }: TaskId) {
  return {
    [attributeNames.job[0]]: jobId,
    [attributeNames.stage[0]]: stage,
    [attributeNames.task[0]]: task,
    [attributeNames.attempt[0]]: attempt,
  };
}
