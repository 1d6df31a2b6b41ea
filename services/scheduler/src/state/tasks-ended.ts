import type { RunDone, TaskRun } from '@hyperslab/proto/scheduler';
import type { Effect } from './effects.ts';
import { keepMade } from './expected-jobs.ts';
import { roomChanged } from './open-workers.ts';
import { learnPace } from './pace.ts';
import { reportedTable, runsOn } from './reports.ts';
import type { JobRun, SchedulerState, WorkerRun } from './scheduler-state.ts';
import { settle } from './settle-job.ts';
import type { TaskTable } from './task-table.ts';

const microseconds = 1e6;

/** Tasks of a worker ended: all of a report is taken note of before anything is done about it. */
export function tasksEnded(
  state: SchedulerState,
  worker: WorkerRun,
  { done, returned }: { done: readonly RunDone[]; returned: readonly TaskRun[] },
  now: number,
  effects: Effect[],
): void {
  const changed = new Set<JobRun>();
  for (const each of done) {
    const job = each.run && runDone(state, worker, each.run, each, effects);
    if (job !== undefined) changed.add(job);
  }
  for (const run of returned) {
    const job = runReturned(state, worker, run, effects);
    if (job !== undefined) changed.add(job);
  }
  roomChanged(state, worker);
  for (const job of changed) {
    settle(state, job, now, effects);
    effects.push({ type: 'JobChanged', jobId: job.id });
  }
}

/** Answers the job when any task of the run counted. */
function runDone(
  state: SchedulerState,
  worker: WorkerRun,
  run: TaskRun,
  { sizes, runUs }: RunDone,
  effects: Effect[],
): JobRun | undefined {
  if (keepMade(state, worker, run, sizes)) return undefined;
  const found = reportedTable(state, worker, run, effects);
  if (found === undefined) return undefined;
  const { job, table } = found;
  const seconds = runUs / microseconds / run.count;
  let counted = 0;
  for (const part of runningParts(worker, table, run)) {
    const partSizes = sizes.length > 1 ? sizes.slice(part.first - run.first).slice(0, part.count) : sizes;
    for (let at = 0; at < part.count; at++)
      table.finish(part.first + at, (sizes.length > 1 ? partSizes[at] : sizes[0]) ?? 0);
    counted += part.count;
    effects.push({ type: 'TasksCounted', workerId: worker.id, run: part, sizes: partSizes, seconds });
  }
  if (counted === 0) return undefined;
  worker.running.add(job, run.stage, -counted);
  learnPace(state, job, seconds, counted);
  return job;
}

/** They wait again; nobody is to blame. */
function runReturned(
  state: SchedulerState,
  worker: WorkerRun,
  run: TaskRun,
  effects: Effect[],
): JobRun | undefined {
  const found = reportedTable(state, worker, run, effects);
  if (found === undefined) return undefined;
  let counted = 0;
  for (const { first, count } of runningParts(worker, found.table, run)) {
    for (let task = first; task < first + count; task++) found.table.returnTask(task, 'excused');
    counted += count;
  }
  if (counted === 0) return undefined;
  worker.running.add(found.job, run.stage, -counted);
  return found.job;
}

/** The parts of a run whose tries count: those that the worker has. */
function* runningParts(worker: WorkerRun, table: TaskTable, run: TaskRun): Generator<TaskRun> {
  const end = Math.min(run.first + run.count, table.count);
  let task = run.first;
  while (task < end) {
    const first = task;
    while (task < end && runsOn(worker, table, task, run.attempt)) task++;
    if (task > first) yield { ...run, first, count: task - first };
    else task++;
  }
}
