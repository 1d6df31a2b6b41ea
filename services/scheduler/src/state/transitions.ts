import type { JobError } from '@hyperslab/proto/scheduler';
import { acceptJob, beginWithout, restoreJob } from './accept-job.ts';
import { continueDrains, startDrain, wakesDrains } from './drain.ts';
import type { Effect } from './effects.ts';
import { cancel, fail, succeedWithDataset } from './end-job.ts';
import type { SchedulerEvent } from './events.ts';
import { expectJob } from './expected-jobs.ts';
import { handOut } from './hand-out.ts';
import { blocksTaken } from './hand-over.ts';
import { relieve, returnResult, trimResults } from './kept-results.ts';
import { blocksLost } from './lost-blocks.ts';
import { newestProtocol, tellWhoWaits } from './newest-protocol.ts';
import { startReading } from './persisted-inputs.ts';
import { hasEnded, type JobRun, type SchedulerState } from './scheduler-state.ts';
import { taskDone, taskFailed } from './task-events.ts';
import { tasksEnded } from './tasks-ended.ts';
import { tick } from './tick.ts';
import { workerJoined, workerLeft } from './worker-events.ts';

/**
 * The scheduler as a state machine: changes `state` as the event at `now` (milliseconds) demands and answers what is
 * to be done, in order. It does no I/O, knows no clock and throws nothing: events about what is not known (any more)
 * change nothing.
 */
export function transition(state: SchedulerState, event: SchedulerEvent, now: number): Effect[] {
  const effects: Effect[] = [];
  const newest = newestProtocol(state);
  apply(state, event, now, effects);
  tellWhoWaits(state, newest, effects);
  if (state.drains.size > 0 && wakesDrains(state, event)) continueDrains(state, now, effects);
  handOut(state, now, effects);
  tellBorrowers(state, effects);
  return effects;
}

/** What changes of a job changes of those that have its blocks. */
function tellBorrowers(state: SchedulerState, effects: Effect[]): void {
  const changed = effects.filter(({ type }) => type === 'JobChanged') as Extract<Effect, { jobId: string }>[];
  for (const { jobId } of changed)
    for (const { id } of state.jobs.get(jobId)?.borrowers ?? [])
      effects.push({ type: 'JobChanged', jobId: id });
}

function apply(state: SchedulerState, event: SchedulerEvent, now: number, effects: Effect[]): void {
  switch (event.type) {
    case 'JobExpected':
      expectJob(state, event.jobId);
      break;
    case 'JobAccepted':
      acceptJob(state, event.job, now, effects);
      break;
    case 'JobRestored':
      restoreJob(state, event.job);
      break;
    case 'WorkerJoined':
      workerJoined(state, event, now, effects);
      break;
    case 'WorkerLeft':
      workerLeft(state, event.workerId, now, effects);
      break;
    case 'Tick':
      tick(state, now, effects);
      break;
    case 'WorkerReported':
    case 'WorkerDraining':
    case 'TaskDone':
    case 'TasksEnded':
    case 'TaskFailed':
    case 'BlocksLost':
    case 'BlocksTaken':
      workerSpoke(state, event, now, effects);
      break;
    default:
      aboutJob(state, event, now, effects);
  }
}

type WorkerMessage = Extract<
  SchedulerEvent,
  {
    type:
      | 'WorkerReported'
      | 'WorkerDraining'
      | 'TaskDone'
      | 'TasksEnded'
      | 'TaskFailed'
      | 'BlocksLost'
      | 'BlocksTaken';
  }
>;

function workerSpoke(state: SchedulerState, event: WorkerMessage, now: number, effects: Effect[]): void {
  const worker = state.workers.get(event.workerId);
  if (worker === undefined) return;
  // That its blocks can't be had may be somebody else's word.
  if (event.type !== 'BlocksLost') worker.seenMs = now;
  if (event.type === 'WorkerReported') {
    worker.report = event.report;
    worker.takenBytes = 0;
    relieve(state, worker, event.report, effects);
  } else if (event.type === 'WorkerDraining') startDrain(state, worker, now);
  else if (event.type === 'BlocksTaken') blocksTaken(worker, event, now);
  else if (event.type === 'TaskDone') taskDone(state, event, now, effects);
  else if (event.type === 'TasksEnded') tasksEnded(state, worker, event, now, effects);
  else if (event.type === 'BlocksLost') blocksLost(state, event, now, effects);
  else taskFailed(state, event, now, effects);
}

type JobMessage = Extract<
  SchedulerEvent,
  { type: 'CommitDone' | 'JobFailed' | 'CancelRequested' | 'ReleaseRequested' | 'ResultRead' }
>;

function aboutJob(state: SchedulerState, event: JobMessage, now: number, effects: Effect[]): void {
  const job = state.jobs.get(event.jobId);
  if (job === undefined) return;
  const ended = hasEnded(job);
  if (event.type === 'ResultRead') job.readMs = now;
  else if (event.type === 'CommitDone' && !ended) succeedWithDataset(state, job, event, now, effects);
  else if (event.type === 'JobFailed' && !ended) fail(state, job, event.error, now, effects);
  else if (event.type === 'CancelRequested' && !ended) giveUp(state, job, event.remark, now, effects);
  else if (event.type === 'ReleaseRequested' && !job.returned) {
    if (!ended) giveUp(state, job, undefined, now, effects);
    else returnResult(state, job, now, effects);
    trimResults(state, now, effects);
    effects.push({ type: 'JobReleased', jobId: job.id });
  } else return;
  if (event.type !== 'ResultRead') effects.push({ type: 'JobChanged', jobId: job.id });
}

/** Cancels a job; those who joined it go on without it. */
function giveUp(
  state: SchedulerState,
  job: JobRun,
  remark: JobError | undefined,
  now: number,
  effects: Effect[],
): void {
  const borrowers = [...job.borrowers];
  // What it reads must not go before the one reads it that goes on.
  if (borrowers.length > 0) startReading(state, borrowers[0]);
  cancel(state, job, remark, now, effects);
  beginWithout(state, borrowers, now, effects);
}
