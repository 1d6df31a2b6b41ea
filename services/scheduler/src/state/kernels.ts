import type { Effect } from './effects.ts';
import { forgetRunning } from './end-job.ts';
import { forgetEverywhere } from './plans.ts';
import type { JobRun, SchedulerState } from './scheduler-state.ts';
import { hasWaiting, settle } from './settle-job.ts';
import { tell } from './story.ts';
import { TaskTable } from './task-table.ts';

/** Kernels that no worker has had for so long are gone: a worker that only lost its connection is back by then. */
const absenceMs = 5_000;

/**
 * Jobs whose kernels nobody has any more begin again with those that there are: blocks of different kernels may differ
 * in a bit and are never mixed.
 */
export function beginAgainWithOtherKernels(state: SchedulerState, now: number, effects: Effect[]): void {
  const present = new Set<string>();
  let able = false;
  for (const { kernelVersion, draining } of state.workers.values()) {
    present.add(kernelVersion);
    able ||= !draining;
  }
  if (!able) return;
  for (const job of state.jobs.values()) {
    const { kernelVersion, released } = job;
    if (released || kernelVersion === undefined || present.has(kernelVersion) || !hasWaiting(job)) continue;
    if (now - (state.kernelsLeftMs.get(kernelVersion) ?? 0) < absenceMs) continue;
    beginAgain(state, job, now, effects);
  }
}

function beginAgain(state: SchedulerState, job: JobRun, now: number, effects: Effect[]): void {
  tell(job, `no worker has version ${job.kernelVersion} of the kernels any more; it began again`);
  job.stages.forEach((stage, number) => {
    forgetRunning(state, job, number);
    if (stage.tasks !== undefined) stage.tasks = new TaskTable(stage.tasks.count, stage.tasks);
  });
  forgetEverywhere(job, effects);
  job.kernelVersion = undefined;
  settle(state, job, now, effects);
  effects.push({ type: 'JobChanged', jobId: job.id });
}
