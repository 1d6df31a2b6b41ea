import type { TaskId, TaskRun } from '@hyperslab/proto/scheduler';

/** Adds tasks to a list, as part of its last run where they follow it or come before it. */
export function addRun(runs: TaskRun[], run: TaskRun): void {
  const last = runs.at(-1);
  const alike =
    last !== undefined &&
    last.jobId === run.jobId &&
    last.stage === run.stage &&
    last.attempt === run.attempt &&
    last.listing === run.listing;
  if (alike && last.first + last.count === run.first) last.count += run.count;
  else if (alike && run.first + run.count === last.first) {
    last.first = run.first;
    last.count += run.count;
  } else runs.push(run);
}

/** The tasks of runs, each by itself. */
export function tasksOf(runs: readonly TaskRun[]): TaskId[] {
  return runs.flatMap(({ jobId, stage, first, count, attempt, listing }) =>
    Array.from({ length: count }, (_, at) => ({ jobId, stage, task: first + at, attempt, listing })),
  );
}
