import type { Effect } from './effects.ts';
import { fail } from './end-job.ts';
import { forgetUncounted } from './plans.ts';
import type { SchedulerState } from './scheduler-state.ts';
import { settle } from './settle-job.ts';
import { tell } from './story.ts';
import { taskStates } from './task-table.ts';

/** A block that was lost this often although its workers lived will be lost again. */
const lossesAllowed = 6;

/** Blocks that a worker held are gone, or can't be had from it: those that are needed are made again. */
export function blocksLost(
  state: SchedulerState,
  lost: { workerId: string; jobId: string; stage: number; tasks: readonly number[]; listing: string },
  now: number,
  effects: Effect[],
): void {
  const worker = state.workers.get(lost.workerId);
  const job = state.jobs.get(lost.jobId);
  const table = job?.stages[lost.stage]?.tasks;
  if (worker === undefined || job === undefined || table === undefined) return;
  if (job.released || lost.listing !== job.listing) return;
  const gone = lost.tasks.filter(
    (task) =>
      task < table.count &&
      table.stateOf(task) === taskStates.held &&
      table.workerOf(task) === worker.ordinal,
  );
  if (gone.length === 0) return;
  for (const task of gone) table.lose(task, true);
  forgetUncounted(job, lost.stage, worker, effects);
  tell(job, `worker ${worker.address} lost ${gone.length} blocks of stage ${lost.stage}`);
  const hopeless = gone.find((task) => table.lossesOf(task) >= lossesAllowed);
  if (hopeless !== undefined) {
    const message =
      `block ${lost.stage}/${hopeless} of job ${job.id}: it was made and lost ${lossesAllowed} times; are the disks ` +
      'of the workers sound, and can they reach each other?';
    fail(state, job, { code: 14, reason: 'WORKER_LOST', message, details: {} }, now, effects);
  } else settle(state, job, now, effects);
  effects.push({ type: 'JobChanged', jobId: job.id });
}
