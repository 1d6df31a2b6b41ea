import { StageKind } from '@hyperslab/proto/expression';
import { protocolVersions } from '@hyperslab/rpc';
import { adoptBlocks } from './adopt-blocks.ts';
import { isComputation } from './computation.ts';
import type { Effect } from './effects.ts';
import { succeed } from './end-job.ts';
import type { EndedJob } from './events.ts';
import { takeKept } from './expected-jobs.ts';
import { jobsReadBy, startReading } from './persisted-inputs.ts';
import { tellWriters } from './plans.ts';
import { protocolOfPlan } from './protocol-of-plan.ts';
import type { JobDefinition, JobRun, SchedulerState, StageRun } from './scheduler-state.ts';
import { hasWaiting, settle } from './settle-job.ts';
import { lend, lenderFor } from './shared-results.ts';
import { TaskTable } from './task-table.ts';
import { joinTurns } from './turns.ts';

/** A job begins: its tasks wait for room. One that is known already stays as it is. */
export function acceptJob(
  state: SchedulerState,
  definition: JobDefinition,
  now: number,
  effects: Effect[],
): void {
  if (state.jobs.has(definition.id)) return;
  const job: JobRun = {
    ...definition,
    phase: 'running',
    acceptedMs: now,
    listing: '',
    protocolVersion: protocolOfPlan(definition.plan),
    stages: [],
    borrowers: new Set(),
    inputJobs: jobsReadBy(definition.plan),
    reads: new Set(),
    readers: new Set(),
    workers: new Set(),
    returned: false,
    released: false,
    story: [],
    readMs: now,
    published: '',
    cubes: 0,
    tasksStarted: 0,
    taskShare: 1,
    lastProgress: { tasks: 0, done: 0 },
  };
  state.jobs.set(job.id, job);
  const kept = takeKept(state, job.id);
  const lender = kept.size === 0 ? lenderFor(state, job) : undefined;
  if (lender === undefined) begin(state, job, now, effects);
  else borrow(state, job, lender, now, effects);
  for (const [worker, held] of kept) adoptBlocks(state, worker, held, now, effects);
}

/** The job that these borrowed from is cancelled: the first does what there is to do, for all of them. */
export function beginWithout(
  state: SchedulerState,
  borrowers: readonly JobRun[],
  now: number,
  effects: Effect[],
): void {
  const [first, ...others] = borrowers;
  if (first === undefined) return;
  first.lender?.borrowers.clear();
  first.lender = undefined;
  begin(state, first, now, effects);
  for (const job of others) {
    // What they all read may be gone by now.
    if (first.phase === 'failed') begin(state, job, now, effects);
    else borrow(state, job, first, now, effects);
  }
  for (const { id } of borrowers) effects.push({ type: 'JobChanged', jobId: id });
}

function borrow(state: SchedulerState, job: JobRun, lender: JobRun, now: number, effects: Effect[]): void {
  lend(state, lender, job, now);
  // Now that one waits for it that may be more urgent.
  if (hasWaiting(lender)) joinTurns(state, lender);
  if (lender.phase === 'succeeded') succeed(job, now, effects);
}

function begin(state: SchedulerState, job: JobRun, now: number, effects: Effect[]): void {
  job.stages = emptyStages(job);
  if (isComputation(job)) state.lenders.set(job.fingerprint, job);
  startReading(state, job);
  tellWriters(state, job, effects);
  settle(state, job, now, effects);
}

/** A job that ended before a restart is remembered, without its result. */
export function restoreJob(state: SchedulerState, ended: EndedJob): void {
  state.jobs.set(ended.id, {
    ...ended,
    acceptedMs: ended.submittedMs,
    listing: '',
    protocolVersion: protocolVersions.oldest,
    stages: [],
    borrowers: new Set(),
    inputJobs: [],
    reads: new Set(),
    readers: new Set(),
    workers: new Set(),
    returned: true,
    released: true,
    story: [],
    readMs: ended.endedMs,
    tasksStarted: 0,
    taskShare: 1,
    lastProgress: { tasks: 0, done: 0 },
  });
}

function emptyStages({ plan }: JobDefinition): StageRun[] {
  return plan.stages.map((stage, number) => ({
    tasks: stage.kind === StageKind.STAGE_KIND_INDEX ? undefined : new TaskTable(stage.tasks),
    consumers: plan.stages.flatMap(({ inputs }, consumer) => (inputs.includes(number) ? [consumer] : [])),
  }));
}
