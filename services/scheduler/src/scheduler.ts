import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { runsSince } from '@hyperslab/rpc';
import { type Logger, withTraceparent } from '@hyperslab/telemetry';
import { History } from './history/history.ts';
import type { DatasetFetches } from './jobs/dataset-fetches.ts';
import { JobChanges } from './jobs/job-changes.ts';
import { recordJob } from './jobs/job-span.ts';
import { jobView } from './jobs/job-view.ts';
import type { StoredArrays } from './jobs/stored-arrays.ts';
import type { Change } from './journal/job-ledger.ts';
import type { Journal } from './journal/journal.ts';
import { type Fence, unfenced } from './lead/fence.ts';
import type { Effect } from './state/effects.ts';
import type { SchedulerEvent } from './state/events.ts';
import type { JobRun, SchedulerLimits, SchedulerState } from './state/scheduler-state.ts';
import { emptyState } from './state/scheduler-state.ts';
import { tasksOf } from './state/task-runs.ts';
import { transition } from './state/transitions.ts';
import { WorkerLinks } from './workers/worker-links.ts';

const tickMs = 250;

/** A job from before a restart that is being planned again. */
interface Recovering {
  arrival: Promise<void>;
  /** It had ended before, and its result has only to be there again: there is nothing to cancel. */
  hadEnded: boolean;
  /** Has it arrive at once, cancelled. */
  giveUp: () => void;
}

/** The state machine among its surroundings: takes events in, carries out what they ask for. */
export class Scheduler {
  readonly state: SchedulerState;
  readonly changes = new JobChanges();
  readonly links = new WorkerLinks();
  readonly journal: Journal;
  /** What people see of all this. */
  readonly history: History;
  readonly #log: Logger;
  readonly #fence: Fence;
  readonly #timer: NodeJS.Timeout;
  readonly #recovering = new Map<string, Recovering>();
  #fetches: DatasetFetches | undefined;
  #arrays: StoredArrays | undefined;
  #onForgotten: (jobId: string) => void = () => undefined;

  constructor(limits: SchedulerLimits, journal: Journal, log: Logger, fence: Fence = unfenced) {
    this.state = emptyState(limits, Date.now());
    this.history = new History(this.state, randomUUID(), hostname(), Date.now());
    this.journal = journal;
    this.#log = log;
    this.#fence = fence;
    this.#timer = setInterval(() => this.dispatch({ type: 'Tick' }), tickMs);
  }

  /** Says who fetches datasets, who deletes what was stored in vain, and who else remembers jobs. */
  attach(fetches: DatasetFetches, arrays: StoredArrays, onForgotten: (jobId: string) => void): void {
    this.#fetches = fetches;
    this.#arrays = arrays;
    this.#onForgotten = onForgotten;
  }

  dispatch(event: SchedulerEvent): void {
    this.#fence();
    const now = Date.now();
    const effects = transition(this.state, event, now);
    this.history.observe(event, effects, now);
    for (const effect of effects) this.#carryOut(effect);
  }

  /** Whether a job is there or on its way. */
  knows(jobId: string): boolean {
    return this.state.jobs.has(jobId) || this.#recovering.has(jobId);
  }

  /** A job from before a restart is on its way. */
  recovering(jobId: string, job: Recovering): void {
    this.#recovering.set(jobId, job);
    this.dispatch({ type: 'JobExpected', jobId });
    job.arrival.finally(() => this.#recovering.delete(jobId));
  }

  /** Waits for a job that is on its way; at once for all others. */
  async recovered(jobId: string, signal: AbortSignal): Promise<void> {
    const coming = this.#recovering.get(jobId);
    if (coming === undefined) return;
    await new Promise<void>((resolve, reject) => {
      coming.arrival.then(resolve, reject);
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  }

  /** As `recovered`, of a job that is to be released: it is cancelled if it is on its way. */
  async recoveredForRelease(jobId: string, signal: AbortSignal): Promise<void> {
    this.#recovering.get(jobId)?.giveUp();
    await this.recovered(jobId, signal);
  }

  /**
   * As `recovered`, of a job that is to be cancelled: that is done to one that is on its way, unless it had ended before. Answers whether that is so, and there is
   * nothing to cancel.
   */
  async recoveredForCancel(jobId: string, signal: AbortSignal): Promise<boolean> {
    const coming = this.#recovering.get(jobId);
    if (coming?.hadEnded === false) coming.giveUp();
    await this.recovered(jobId, signal);
    return coming?.hadEnded === true;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#fetches?.close();
    this.links.dropAll();
  }

  #carryOut(effect: Effect): void {
    switch (effect.type) {
      case 'SendPlan':
        this.#withJob(effect.jobId, ({ id, plan, fingerprint, traceparent }) =>
          this.links.send(effect.workerId, {
            $case: 'plan',
            value: { jobId: id, plan, fingerprint, traceparent },
          }),
        );
        break;
      case 'SendTasks':
        this.#sendTasks(effect);
        break;
      case 'SendForget': {
        const { workerId, jobId, stages } = effect;
        this.links.send(workerId, { $case: 'forget', value: { jobId, stages } });
        break;
      }
      case 'SendTakeBlocks': {
        const { workerId, from, jobId, stage, tasks, listing } = effect;
        this.links.send(workerId, { $case: 'take', value: { from, jobId, stage, tasks, listing } });
        break;
      }
      case 'SendDrained': {
        const { workerId, handedOver, left } = effect;
        this.#log.info({ worker: workerId, handedOver, left }, 'worker may go');
        this.links.send(workerId, { $case: 'drained', value: { handedOver, left } });
        break;
      }
      case 'DropWorker':
        this.#log.warn({ worker: effect.workerId }, 'worker fell silent');
        this.links.drop(effect.workerId);
        break;
      case 'FetchDataset':
        this.#withJob(effect.jobId, (job) => this.#fetches?.start(job));
        break;
      case 'JobEnded':
        this.changes.end(effect.jobId);
        this.#withJob(effect.jobId, (job) => this.#ended(job));
        break;
      case 'JobReleased':
        this.#write({ $case: 'released', value: { jobId: effect.jobId } });
        break;
      case 'JobForgotten':
        this.#onForgotten(effect.jobId);
        break;
      case 'JobChanged':
        this.changes.changed(effect.jobId);
        break;
    }
  }

  /** As runs, or one by one to a worker that does not know these. */
  #sendTasks({ workerId, runs }: Extract<Effect, { type: 'SendTasks' }>): void {
    const knowsRuns = (this.state.workers.get(workerId)?.protocolVersion ?? 0) >= runsSince;
    const value = knowsRuns ? { tasks: [], runs } : { tasks: tasksOf(runs), runs: [] };
    this.links.send(workerId, { $case: 'run', value });
  }

  /** Does something for a job, in its trace: what brought it about may belong to another. */
  #withJob(jobId: string, act: (job: JobRun) => void): void {
    const job = this.state.jobs.get(jobId);
    if (job !== undefined) withTraceparent(job.traceparent, () => act(job));
  }

  #ended(job: JobRun): void {
    const { state, error, published, cubes } = jobView(job, this.state);
    // A version that may be visible keeps its array, whatever is said of the job.
    const mayBeVisible = job.phase === 'succeeded' || job.resumed || this.#fetches?.isCommitting(job.id);
    if (!mayBeVisible) this.#arrays?.discard(job);
    this.#fetches?.cancel(job.id);
    recordJob(job);
    this.#log.info({ job: job.id, kind: job.kind, phase: job.phase, reason: error?.reason }, 'job ended');
    this.#write({ $case: 'ended', value: { jobId: job.id, state, error, published, cubes } });
  }

  /** Behind the answer: if it is lost, a publish ends once more in the same version. */
  #write(change: Change): void {
    this.journal.appendBehind(change);
  }
}
