import type { JobRun } from './scheduler-state.ts';
import { runOf } from './shared-results.ts';
import { taskStates } from './task-table.ts';

/** How many tasks a job has, as far as known, and how many of them are done, or need not be any more. */
export function progress(job: JobRun): { tasks: number; done: number } {
  let { tasks, done } = job.lastProgress;
  for (const { tasks: table } of runOf(job).stages) {
    if (table === undefined) continue;
    tasks += table.count;
    done += table.counts[taskStates.held] + table.counts[taskStates.freed];
  }
  return { tasks, done };
}
