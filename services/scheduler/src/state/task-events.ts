import { StageKind } from '@hyperslab/proto/expression';
import type { JobError, TaskId } from '@hyperslab/proto/scheduler';
import type { Effect } from './effects.ts';
import { fail, forgetRunning } from './end-job.ts';
import { keepMade } from './expected-jobs.ts';
import { listingOf } from './listing.ts';
import { roomChanged } from './open-workers.ts';
import { learnPace } from './pace.ts';
import { forgetStages } from './plans.ts';
import { reportedTable, runsOn } from './reports.ts';
import type { JobRun, SchedulerState, WorkerRun } from './scheduler-state.ts';
import { indexStage, inputsComplete, settle } from './settle-job.ts';
import { tell } from './story.ts';
import { TaskTable } from './task-table.ts';

/** Tries of a task that may fail before its job does. */
const triesAllowed = 3;
/** Reports of single tasks say whole milliseconds: what took less than one is taken to have taken half of it. */
const leastMs = 0.5;

/** A worker made a block. */
export function taskDone(
  state: SchedulerState,
  done: { workerId: string; task: TaskId; bytes: number; objects: number; runMs?: number },
  now: number,
  effects: Effect[],
): void {
  const { jobId, stage, task } = done.task;
  const worker = state.workers.get(done.workerId);
  if (worker && keepMade(state, worker, { jobId, stage, first: task, count: 1 }, [done.bytes])) return;
  const found = settleAccount(state, done.workerId, done.task, effects);
  if (found === undefined) return;
  const { job, table } = found;
  if (done.runMs !== undefined) learnPace(state, job, Math.max(done.runMs, leastMs) / 1000, 1);
  table.finish(task, done.bytes);
  if (job.plan.stages[stage].kind === StageKind.STAGE_KIND_EXPAND)
    listObjects(state, job, done.task, done.objects, effects);
  settle(state, job, now, effects);
  effects.push({ type: 'JobChanged', jobId: job.id });
}

/**
 * The objects are listed: so many index tasks there are. What was made of an earlier listing counts no more, unless it
 * is the dataset already.
 */
function listObjects(
  state: SchedulerState,
  job: JobRun,
  { stage, attempt }: TaskId,
  objects: number,
  effects: Effect[],
): void {
  const index = indexStage(job);
  if (index < 0 || job.stages.at(-1)?.tasks?.complete) return;
  const perTask = Math.max(1, job.plan.publish?.objectsPerTask ?? 1);
  job.listing = listingOf(job, stage, attempt);
  const stages: number[] = [];
  for (let number = index; number < job.stages.length; number++) {
    forgetRunning(state, job, number);
    const before = job.stages[number].tasks;
    const count = number === index ? Math.ceil(objects / perTask) : job.plan.stages[number].tasks;
    job.stages[number].tasks = new TaskTable(count, before);
    if (before !== undefined && before.highestAttempt > 0) stages.push(number);
  }
  if (stages.length > 0) forgetStages(job, stages, effects);
}

/** A worker failed at a task: another try, or the end of the job. */
export function taskFailed(
  state: SchedulerState,
  failed: { workerId: string; task: TaskId; error: JobError; retryable: boolean },
  now: number,
  effects: Effect[],
): void {
  const found = settleAccount(state, failed.workerId, failed.task, effects);
  if (found === undefined) return;
  const { job, table, worker } = found;
  const { stage, task } = failed.task;
  // An input that went away with its worker is no fault of the task: it waits until the input is made again.
  const excused = failed.error.reason === 'CANCELLED' || !inputsComplete(job, stage);
  table.returnTask(task, failed.retryable && excused ? 'excused' : 'failed');
  if (!excused) tell(job, `task ${stage}/${task} failed on ${worker.address}: ${failed.error.message}`);
  if (!failed.retryable || table.failuresOf(task) >= triesAllowed)
    fail(state, job, failed.error, now, effects);
  else settle(state, job, now, effects);
  effects.push({ type: 'JobChanged', jobId: job.id });
}

/** Takes a task off its worker's account. Undefined when the report is of a try that counts no more. */
function settleAccount(
  state: SchedulerState,
  workerId: string,
  id: TaskId,
  effects: Effect[],
): { job: JobRun; table: TaskTable; worker: WorkerRun } | undefined {
  const worker = state.workers.get(workerId);
  const found = worker && reportedTable(state, worker, id, effects);
  if (worker === undefined || found === undefined) return undefined;
  const { job, table } = found;
  if (!runsOn(worker, table, id.task, id.attempt)) return undefined;
  worker.running.add(job, id.stage, -1);
  roomChanged(state, worker);
  return { job, table, worker };
}
