import { type ClusterTotals, type ScalingDecision, TaskOutcome } from '@hyperslab/proto/scheduler';
import type { Effect } from '../state/effects.ts';
import type { SchedulerEvent } from '../state/events.ts';
import type { JobRun, SchedulerState } from '../state/scheduler-state.ts';
import { ClusterSeries } from './cluster-series.ts';
import { EventLog } from './event-log.ts';
import * as happenings from './happenings.ts';
import { JobChangeSets } from './job-change-sets.ts';
import { JobTallies, type Load } from './job-tallies.ts';
import { reportSums } from './report-sums.ts';
import { TaskStream } from './task-stream.ts';
import type { WorkerProgress } from './worker-series.ts';
import { WorkersPast } from './workers-past.ts';

type Ended = Extract<SchedulerEvent, { type: 'TaskDone' | 'TaskFailed' }>;
type Counted = Extract<Effect, { type: 'TasksCounted' }>;

/**
 * What people see of the cluster: its last hours in aggregates, made of events as they happen. It does no I/O, knows no
 * clock and has a bound for all that it keeps; an event costs the same however many tasks there are.
 */
export class History {
  /** Identity of this history: numbers of events and records count within it. */
  readonly epoch: string;
  readonly cluster = new ClusterSeries();
  readonly workers = new WorkersPast();
  readonly tasks = new TaskStream();
  readonly events = new EventLog();
  readonly jobs: JobChangeSets;
  /** What the autoscaler decided last; undefined before. */
  scaling: ScalingDecision | undefined;
  readonly #state: SchedulerState;
  readonly #tallies = new JobTallies();
  readonly #knownJobs = new WeakSet<JobRun>();
  #second: number;
  #tasksDone = 0;
  #tasksFailed = 0;

  /** @param who where this scheduler runs, for people */
  constructor(state: SchedulerState, epoch: string, who: string, nowMs: number) {
    this.#state = state;
    this.epoch = epoch;
    this.jobs = new JobChangeSets(state);
    this.#second = Math.floor(nowMs / 1000);
    this.events.add(nowMs, happenings.leads(who));
  }

  /** The work that waits, and the bytes that are held. */
  get load(): Readonly<Load> {
    return this.#tallies.sum(this.#state);
  }

  /** Takes note of an event that the state has been through, and of what it asked for. */
  observe(event: SchedulerEvent, effects: readonly Effect[], nowMs: number): void {
    this.advance(nowMs);
    this.#tallies.observe(event, effects);
    switch (event.type) {
      case 'TaskDone':
      case 'TaskFailed':
        // A try that counts no more changes nothing.
        if (changes(effects, event.task.jobId)) this.#taskEnded(event, nowMs);
        break;
      case 'WorkerReported':
        this.#reported(event, nowMs);
        break;
      case 'JobAccepted':
        this.#accepted(event.job.id, nowMs);
        break;
      case 'BlocksLost':
        if (changes(effects, event.jobId)) this.#blocksLost(event, nowMs);
        break;
      case 'WorkerJoined':
        this.#joined(event.workerId, nowMs);
        break;
      case 'WorkerDraining': {
        const address = this.workers.addressOf(event.workerId);
        this.events.add(nowMs, happenings.workerDraining(event.workerId, address));
        break;
      }
      case 'WorkerLeft':
        this.#left(event.workerId, false, nowMs);
        break;
    }
    for (const effect of effects) this.#observeEffect(effect, nowMs);
  }

  /** Takes note of what the autoscaler decided. */
  scaled(decision: ScalingDecision, nowMs: number): void {
    const isNews = decision.wanted !== decision.current || decision.wanted !== this.scaling?.wanted;
    this.scaling = decision;
    if (isNews) this.events.add(nowMs, happenings.scaled(decision));
  }

  /** Ends the seconds that are over by now. */
  advance(nowMs: number): void {
    const second = Math.floor(nowMs / 1000);
    if (second === this.#second) return;
    const totals = this.totals();
    const sums = reportSums(this.#state.workers.values());
    this.cluster.endSecond(this.#second * 1000, { ...totals, ...sums });
    this.#second = second;
    this.cluster.advance(nowMs);
    this.jobs.distribute();
  }

  /**
   * The figures of the whole cluster, now. A worker is handed a few tasks more than it has slots, so that the next is
   * there when one is done: these wait too.
   */
  totals(): ClusterTotals {
    const { waiting, slotSeconds, heldBytes, running: jobsRunning } = this.load;
    const totals: ClusterTotals = {
      workers: this.#state.workers.size,
      slots: 0,
      tasksQueued: waiting,
      tasksRunning: 0,
      queuedSlotSeconds: slotSeconds,
      heldBytes,
      jobsRunning,
      tasksDone: this.#tasksDone,
      tasksFailed: this.#tasksFailed,
      wantedWorkers: this.scaling?.wanted ?? 0,
    };
    for (const { running, slots } of this.#state.workers.values()) {
      totals.slots += slots;
      totals.tasksQueued += Math.max(0, running.size - slots);
      totals.tasksRunning += Math.min(running.size, slots);
    }
    return totals;
  }

  #observeEffect(effect: Effect, nowMs: number): void {
    switch (effect.type) {
      case 'JobChanged':
      case 'JobReleased':
      case 'JobForgotten':
        this.jobs.changed(effect.jobId);
        break;
      case 'SendTasks':
        for (const { jobId } of effect.runs) this.jobs.changed(jobId);
        break;
      case 'TasksCounted':
        this.#tasksDoneTogether(effect, nowMs);
        break;
      case 'JobEnded':
        this.#jobEnded(effect.jobId, nowMs);
        break;
      case 'SendDrained': {
        const { workerId, handedOver } = effect;
        const address = this.workers.addressOf(workerId);
        if (handedOver > 0)
          this.events.add(nowMs, happenings.blocksHandedOver(workerId, address, handedOver));
        break;
      }
      case 'DropWorker':
        this.#left(effect.workerId, true, nowMs);
        break;
    }
  }

  #tasksDoneTogether({ workerId, run, sizes, seconds }: Counted, nowMs: number): void {
    const { jobId, stage, first, count, attempt } = run;
    this.cluster.count('tasksDone', count);
    this.#tasksDone += count;
    const stageKind = this.#state.jobs.get(jobId)?.plan.stages[stage]?.kind ?? 0;
    const end = new Date(nowMs);
    const start = new Date(nowMs - seconds * 1000);
    this.tasks.add(nowMs, count, (number, at) => ({
      ...{ number, workerId, jobId, stage, stageKind, task: first + at, attempt, start, end },
      outcome: TaskOutcome.TASK_OUTCOME_DONE,
      bytes: sizes[sizes.length > 1 ? at : 0] ?? 0,
      reason: '',
    }));
  }

  #taskEnded(event: Ended, nowMs: number): void {
    const done = event.type === 'TaskDone';
    this.cluster.count(done ? 'tasksDone' : 'tasksFailed');
    if (done) this.#tasksDone++;
    else this.#tasksFailed++;
    this.tasks.add(nowMs, 1, (number) => {
      const { jobId, stage, task, attempt } = event.task;
      const stageKind = this.#state.jobs.get(jobId)?.plan.stages[stage]?.kind ?? 0;
      return {
        number,
        workerId: event.workerId,
        jobId,
        stage,
        stageKind,
        task,
        attempt,
        start: new Date(nowMs - (event.runMs ?? 0)),
        end: new Date(nowMs),
        outcome: done ? TaskOutcome.TASK_OUTCOME_DONE : TaskOutcome.TASK_OUTCOME_FAILED,
        bytes: done ? event.bytes : 0,
        reason: done ? '' : event.error.reason,
      };
    });
  }

  #reported({ workerId, report }: Extract<SchedulerEvent, { type: 'WorkerReported' }>, nowMs: number): void {
    const progress = this.workers.report(workerId, report, nowMs);
    if (progress === undefined) return;
    for (const [what, by] of Object.entries(progress)) this.cluster.count(what as keyof WorkerProgress, by);
  }

  #joined(workerId: string, nowMs: number): void {
    const worker = this.#state.workers.get(workerId);
    if (worker === undefined) return;
    this.workers.join(workerId, worker.address);
    this.events.add(nowMs, happenings.workerJoined(worker));
  }

  #left(workerId: string, silent: boolean, nowMs: number): void {
    const worker = this.workers.leave(workerId);
    if (worker !== undefined) this.events.add(nowMs, happenings.workerLeft(workerId, worker.address, silent));
  }

  #blocksLost(
    { workerId, jobId, tasks }: Extract<SchedulerEvent, { type: 'BlocksLost' }>,
    nowMs: number,
  ): void {
    const address = this.workers.addressOf(workerId);
    this.events.add(nowMs, happenings.blocksLost(workerId, address, jobId, tasks.length));
  }

  #accepted(jobId: string, nowMs: number): void {
    const job = this.#state.jobs.get(jobId);
    // A job that was known before stays as it was.
    if (job === undefined || this.#knownJobs.has(job)) return;
    this.#knownJobs.add(job);
    this.jobs.changed(jobId);
    this.events.add(nowMs, happenings.jobAccepted(job));
  }

  #jobEnded(jobId: string, nowMs: number): void {
    const job = this.#state.jobs.get(jobId);
    if (job === undefined) return;
    this.jobs.changed(jobId);
    this.events.add(nowMs, happenings.jobEnded(job));
    if (job.phase === 'succeeded' && job.published !== '') this.events.add(nowMs, happenings.published(job));
  }
}

/** Whether an event changed a job. */
function changes(effects: readonly Effect[], jobId: string): boolean {
  return effects.some((effect) => effect.type === 'JobChanged' && effect.jobId === jobId);
}
