import type { Effect } from './effects.ts';
import { givePlan } from './plans.ts';
import type { JobRun, SchedulerState, WorkerRun } from './scheduler-state.ts';
import { type TaskTable, taskStates } from './task-table.ts';

/** The table that a worker's report is about; undefined when it counts no more: then it may hear that the job is forgotten. */
export function reportedTable(
  state: SchedulerState,
  worker: WorkerRun,
  { jobId, stage }: { jobId: string; stage: number },
  effects: Effect[],
): { job: JobRun; table: TaskTable } | undefined {
  // Whether it is of use shows when the job is there: until then nothing of it is forgotten.
  if (state.expected.has(jobId)) return undefined;
  const job = state.jobs.get(jobId);
  // Who borrows has no tasks: it had before a restart.
  if (job === undefined || job.released || job.lender !== undefined) {
    effects.push({ type: 'SendForget', workerId: worker.id, jobId, stages: [] });
    return undefined;
  }
  // It may hold a block that nobody counts: it must hear when the job is forgotten.
  givePlan(job, worker, effects);
  const table = job.stages[stage]?.tasks;
  return table && { job, table };
}

/** Whether a worker runs this try of a task. */
export function runsOn(worker: WorkerRun, table: TaskTable, task: number, attempt: number): boolean {
  return (
    task < table.count &&
    table.stateOf(task) === taskStates.running &&
    table.workerOf(task) === worker.ordinal &&
    table.attemptOf(task) === attempt
  );
}
