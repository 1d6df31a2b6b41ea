import type { Plan } from '@hyperslab/proto/expression';
import type { LeftOut } from '@hyperslab/proto/merge';
import type { JobError } from '@hyperslab/proto/scheduler';
import type { Effect } from './effects.ts';
import { roomChanged } from './open-workers.ts';
import { forgetEverywhere } from './plans.ts';
import { progress } from './progress.ts';
import { hasEnded, type JobRun, type SchedulerState } from './scheduler-state.ts';
import { endSharing } from './shared-results.ts';
import { withStory } from './story.ts';
import { taskStates } from './task-table.ts';
import { leaveTurns } from './turns.ts';

/** The tasks of a job are done and its result stays until it is released. */
export function succeed(job: JobRun, now: number, effects: Effect[]): void {
  job.phase = 'succeeded';
  job.endedMs = now;
  job.readMs = now;
  effects.push({ type: 'JobEnded', jobId: job.id });
  for (const borrower of job.borrowers) if (!hasEnded(borrower)) succeed(borrower, now, effects);
}

/** The dataset of a publish or an inspection is where it belongs: the workers' blocks have served. */
export function succeedWithDataset(
  state: SchedulerState,
  job: JobRun,
  outcome: { published: string; cubes: number; leftOut: readonly LeftOut[] },
  now: number,
  effects: Effect[],
): void {
  job.published = outcome.published;
  job.cubes = outcome.cubes;
  job.leftOut = outcome.leftOut;
  succeed(job, now, effects);
  forgetBlocks(state, job, effects);
}

/** A job can't be done. */
export function fail(
  state: SchedulerState,
  job: JobRun,
  error: JobError,
  now: number,
  effects: Effect[],
): void {
  job.phase = 'failed';
  job.error = withStory(job, error);
  job.endedMs = now;
  effects.push({ type: 'JobEnded', jobId: job.id });
  forgetBlocks(state, job, effects);
  for (const borrower of [...job.borrowers]) {
    fail(state, borrower, error, now, effects);
    effects.push({ type: 'JobChanged', jobId: borrower.id });
  }
  failReaders(state, job, error, now, effects);
}

/** What jobs read is gone: those that run can't be done, and those that are done can't be done again. */
function failReaders(
  state: SchedulerState,
  job: JobRun,
  error: JobError,
  now: number,
  effects: Effect[],
): void {
  for (const reader of job.readers) {
    reader.reads.delete(job);
    job.readers.delete(reader);
    if (hasEnded(reader)) continue;
    const message = `job ${job.id}, whose result it reads: ${error.message}`;
    fail(state, reader, { ...error, message }, now, effects);
    effects.push({ type: 'JobChanged', jobId: reader.id });
  }
}

/** Somebody cancelled a job. */
export function cancel(
  state: SchedulerState,
  job: JobRun,
  remark: JobError | undefined,
  now: number,
  effects: Effect[],
): void {
  job.phase = 'cancelled';
  job.error = remark;
  job.endedMs = now;
  effects.push({ type: 'JobEnded', jobId: job.id });
  forgetBlocks(state, job, effects);
  const message = 'it was cancelled; persist it again';
  failReaders(state, job, { code: 5, reason: 'JOB_NOT_FOUND', message, details: {} }, now, effects);
}

/** Gives back all that the workers have of a job, and the job's own columns. */
export function forgetBlocks(state: SchedulerState, job: JobRun, effects: Effect[]): void {
  job.lastProgress = progress(job);
  job.returned = true;
  job.released = true;
  const lender = endSharing(state, job);
  if (lender !== undefined) becomeSpare(state, lender, effects);
  endReading(state, job, effects);
  leaveTurns(state, job);
  job.stages.forEach((stage, number) => {
    forgetRunning(state, job, number);
    stage.tasks = undefined;
    stage.places = undefined;
  });
  forgetEverywhere(job, effects);
  job.plan = withoutSources(job.plan);
}

/** A result that nobody needs, if that is so: it stays for who asks for the same, if it is whole, and needs no others for that. */
export function becomeSpare(state: SchedulerState, job: JobRun, effects: Effect[]): void {
  if (!job.returned || job.released || job.borrowers.size + job.readers.size > 0) return;
  if (job.stages.at(-1)?.tasks?.complete !== true) {
    forgetBlocks(state, job, effects);
    effects.push({ type: 'JobChanged', jobId: job.id });
    return;
  }
  state.kept.add(job);
  endReading(state, job, effects);
}

function endReading(state: SchedulerState, job: JobRun, effects: Effect[]): void {
  for (const read of job.reads) {
    job.reads.delete(read);
    read.readers.delete(job);
    read.readMs = Math.max(read.readMs, job.readMs);
    becomeSpare(state, read, effects);
  }
}

/** What is left to tell of a job that is over: not what it read, which may be a thousand times as much. */
function withoutSources(plan: Plan): Plan {
  const result = plan.result && { ...plan.result, coordinates: [] };
  return { ...plan, sources: [], nodes: [], result };
}

/** Takes the running tasks of a stage off their workers' accounts. */
export function forgetRunning(state: SchedulerState, job: JobRun, stage: number): void {
  const table = job.stages[stage].tasks;
  if (table === undefined || table.counts[taskStates.running] === 0) return;
  for (const worker of job.workers) {
    worker.running.drop(job, stage);
    roomChanged(state, worker);
  }
}
