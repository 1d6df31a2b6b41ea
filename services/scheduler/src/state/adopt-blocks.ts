import type { HeldBlocks } from '@hyperslab/proto/scheduler';
import type { Effect } from './effects.ts';
import { keepForExpected } from './expected-jobs.ts';
import { forgetUncounted, givePlan } from './plans.ts';
import type { SchedulerState, WorkerRun } from './scheduler-state.ts';
import { settle } from './settle-job.ts';
import { taskStates } from './task-table.ts';

/** A worker says what it holds: blocks that are wanted need not be made, those of no use are to be forgotten. */
export function adoptBlocks(
  state: SchedulerState,
  worker: WorkerRun,
  blocks: readonly HeldBlocks[],
  now: number,
  effects: Effect[],
): void {
  const unwanted = new Set<string>();
  for (const held of blocks) {
    if (!keepForExpected(state, worker, held) && !adopt(state, worker, held, now, effects))
      unwanted.add(held.jobId);
  }
  for (const jobId of unwanted) {
    effects.push({ type: 'SendForget', workerId: worker.id, jobId, stages: [] });
    state.jobs.get(jobId)?.workers.delete(worker);
  }
  for (const { jobId, stage, tasks } of blocks) {
    const job = state.jobs.get(jobId);
    if (job !== undefined && tasks.length > 0) forgetUncounted(job, stage, worker, effects);
  }
}

/** False when the blocks are of no use: of an unknown or released job or one that borrows, or made by another plan or other kernels. */
function adopt(
  state: SchedulerState,
  worker: WorkerRun,
  held: HeldBlocks,
  now: number,
  effects: Effect[],
): boolean {
  const job = state.jobs.get(held.jobId);
  if (job === undefined || job.released || job.fingerprint !== held.fingerprint) return false;
  // From before a restart: its blocks are those of another job now.
  if (job.lender !== undefined) return false;
  // A listing may differ from one time to the next, and what was indexed by an older one must not be mixed in.
  if (job.plan.publish !== undefined) return false;
  if (job.kernelVersion !== undefined && job.kernelVersion !== worker.kernelVersion) return false;
  givePlan(job, worker, effects);
  const table = job.stages[held.stage]?.tasks;
  held.tasks.forEach((task, at) => {
    if (table === undefined || task >= table.count || table.stateOf(task) !== taskStates.waiting) return;
    table.adopt(task, worker.ordinal, held.sizes[at] ?? 0);
    job.kernelVersion = worker.kernelVersion;
  });
  settle(state, job, now, effects);
  effects.push({ type: 'JobChanged', jobId: job.id });
  return true;
}
