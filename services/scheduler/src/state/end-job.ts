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
import { joinTurns, leaveTurns, priorityInTurn } from './turns.ts';

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

/** A job can't be done, nor can those that have its result or read it. */
export function fail(
  state: SchedulerState,
  job: JobRun,
  error: JobError,
  now: number,
  effects: Effect[],
): void {
  failAll(state, job, [{ job }], error, now, effects);
}

/** A job that can't be done, and what it has to do with the one that is the cause; nothing if it is that itself. */
interface Failing {
  job: JobRun;
  needs?: 'whose result it reads' | 'of which what it reads was made';
}

/** One after the other, and behind them those that need them: jobs may read each other in a row of thousands. */
function failAll(
  state: SchedulerState,
  cause: JobRun,
  failing: Failing[],
  error: JobError,
  now: number,
  effects: Effect[],
): void {
  for (const { job, needs } of failing) {
    // It may need several of them.
    if (job.released) continue;
    const message = needs === undefined ? error.message : `job ${cause.id}, ${needs}: ${error.message}`;
    job.phase = 'failed';
    job.error = withStory(job, { ...error, message });
    job.endedMs = now;
    effects.push({ type: 'JobEnded', jobId: job.id });
    forgetBlocks(state, job, effects);
    effects.push({ type: 'JobChanged', jobId: job.id });
    for (const borrower of job.borrowers) failing.push({ job: borrower, needs });
    const ofReaders = needs === undefined ? 'whose result it reads' : 'of which what it reads was made';
    for (const reader of leaveReaders(job)) failing.push({ job: reader, needs: ofReaders });
  }
}

/** What jobs read is gone. Answers those that can't be done: they run, or have lost some of their result; those that have all of it can't be done again. */
function leaveReaders(job: JobRun): JobRun[] {
  const readers = [...job.readers];
  job.readers.clear();
  for (const { reads } of readers) reads.delete(job);
  return readers.filter((reader) => !hasEnded(reader) || reader.stages.at(-1)?.tasks?.complete === false);
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
  const error = { code: 5, reason: 'JOB_NOT_FOUND', message, details: {} };
  const readers = leaveReaders(job).map(
    (reader): Failing => ({ job: reader, needs: 'whose result it reads' }),
  );
  failAll(state, job, readers, error, now, effects);
}

/** Gives back all that the workers have of a job, and the job's own columns. */
export function forgetBlocks(state: SchedulerState, job: JobRun, effects: Effect[]): void {
  keepSpares(state, forget(state, job, effects), effects);
}

/** A result that nobody needs, if that is so: it stays for who asks for the same, if it is whole, and needs no others for that. */
export function becomeSpare(state: SchedulerState, job: JobRun, effects: Effect[]): void {
  keepSpares(state, [job], effects);
}

/** One after the other, and behind them those that they needed: results may be made of each other in a row of thousands. */
function keepSpares(state: SchedulerState, jobs: JobRun[], effects: Effect[]): void {
  for (const job of jobs) {
    // One that was more urgent than itself may be as urgent as before now.
    if (priorityInTurn(state, job) !== undefined) joinTurns(state, job);
    if (!job.returned || job.released || job.borrowers.size + job.readers.size > 0) continue;
    const isWhole = job.stages.at(-1)?.tasks?.complete === true;
    if (isWhole) state.kept.add(job);
    for (const needed of isWhole ? endReading(job) : forget(state, job, effects)) jobs.push(needed);
    if (!isWhole) effects.push({ type: 'JobChanged', jobId: job.id });
  }
}

/** Answers the jobs whose results it does not need any more. */
function forget(state: SchedulerState, job: JobRun, effects: Effect[]): JobRun[] {
  job.lastProgress = progress(job);
  job.returned = true;
  job.released = true;
  const lender = endSharing(state, job);
  leaveTurns(state, job);
  job.stages.forEach((stage, number) => {
    forgetRunning(state, job, number);
    stage.tasks = undefined;
    stage.places = undefined;
  });
  forgetEverywhere(job, effects);
  job.plan = withoutSources(job.plan);
  return [...(lender === undefined ? [] : [lender]), ...endReading(job)];
}

/** Answers the jobs that it read. */
function endReading(job: JobRun): JobRun[] {
  const read = [...job.reads];
  job.reads.clear();
  for (const each of read) {
    each.readers.delete(job);
    each.readMs = Math.max(each.readMs, job.readMs);
  }
  return read;
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
