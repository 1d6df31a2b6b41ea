import type { Effect } from './effects.ts';
import { forgetRunning } from './end-job.ts';
import { forgetEverywhere, tellWriters } from './plans.ts';
import type { JobRun, SchedulerState } from './scheduler-state.ts';
import { hasWaiting, settle } from './settle-job.ts';
import { tell } from './story.ts';
import { TaskTable } from './task-table.ts';

/** Kernels that no worker has had for so long are gone: a worker that only lost its connection is back by then. */
const absenceMs = 5_000;

/**
 * Jobs whose kernels nobody has any more who understands them begin again with those that there are: blocks of different
 * kernels may differ in a bit and are never mixed.
 */
export function beginAgainWithOtherKernels(state: SchedulerState, now: number, effects: Effect[]): void {
  // With the newest version of the protocol that a worker of theirs speaks: older ones may know no such plan.
  const present = new Map<string, number>();
  let newest = 0;
  for (const { kernelVersion, draining, protocolVersion } of state.workers.values()) {
    present.set(kernelVersion, Math.max(protocolVersion, present.get(kernelVersion) ?? 0));
    if (!draining) newest = Math.max(protocolVersion, newest);
  }
  for (const job of state.jobs.values()) {
    const { kernelVersion, released, protocolVersion } = job;
    if (released || kernelVersion === undefined || !hasWaiting(job)) continue;
    if (newest < protocolVersion || (present.get(kernelVersion) ?? 0) >= protocolVersion) continue;
    if (now - (state.kernelsLeftMs.get(kernelVersion) ?? 0) < absenceMs) continue;
    beginAgain(state, job, `no worker has version ${kernelVersion} of the kernels any more`, now, effects);
  }
}

function beginAgain(state: SchedulerState, job: JobRun, why: string, now: number, effects: Effect[]): void {
  const reasons = new Map([[job, why]]);
  for (const [each, reason] of reasons) {
    beginOneAgain(state, each, reason, now, effects);
    // What they have made of its blocks must not be mixed with what others make of it.
    for (const reader of each.readers)
      if (!reasons.has(reader)) reasons.set(reader, `job ${each.id} makes again what it reads`);
  }
}

function beginOneAgain(
  state: SchedulerState,
  job: JobRun,
  why: string,
  now: number,
  effects: Effect[],
): void {
  tell(job, `${why}; it began again`);
  job.stages.forEach((stage, number) => {
    forgetRunning(state, job, number);
    // Of workers that are gone, and of blocks that are made elsewhere now.
    stage.places = undefined;
    if (stage.tasks !== undefined) stage.tasks = new TaskTable(stage.tasks.count, stage.tasks);
  });
  forgetEverywhere(job, effects);
  tellWriters(state, job, effects);
  job.kernelVersion = undefined;
  settle(state, job, now, effects);
  effects.push({ type: 'JobChanged', jobId: job.id });
}
