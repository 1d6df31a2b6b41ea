import type { Parcel } from './drain-run.ts';
import { hasEnded, type JobRun, type SchedulerState, type WorkerRun } from './scheduler-state.ts';
import { taskStates } from './task-table.ts';

/**
 * What a worker holds and somebody may read, the most precious last. A persisted result comes
 * before what a running job reads, and that before results which somebody may still read.
 */
export function neededBlocks(state: SchedulerState, worker: WorkerRun): Parcel[] {
  const parcels: Parcel[] = [];
  const jobs = [...state.jobs.values()].filter((job) => job.workers.has(worker) && !state.kept.has(job));
  for (const job of jobs.sort((a, b) => worth(a) - worth(b))) {
    job.stages.forEach(({ tasks: table }, stage) => {
      if (table === undefined || table.counts[taskStates.held] === 0) return;
      const tasks: number[] = [];
      table.forEachOf(worker.ordinal, (task, at) => {
        if (at === taskStates.held) tasks.push(task);
      });
      if (tasks.length > 0) parcels.push({ job, stage, table, tasks });
    });
  }
  return parcels;
}

/** Whether a block is still where it was listed and of use. */
export function isHeldBy(worker: WorkerRun, { job, stage, table }: Parcel, task: number): boolean {
  return (
    job.stages[stage]?.tasks === table &&
    table.stateOf(task) === taskStates.held &&
    table.workerOf(task) === worker.ordinal
  );
}

function worth(job: JobRun): number {
  if (job.kind === 'persist' && !job.returned) return 2;
  return hasEnded(job) && [...job.readers].every(hasEnded) ? 0 : 1;
}
