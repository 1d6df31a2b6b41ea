import type { TaskId } from '@hyperslab/proto/scheduler';
import type { Effect } from './effects.ts';
import { listingOf } from './listing.ts';
import { givePlan } from './plans.ts';
import { type JobRun, type SchedulerState, taskKey, type WorkerRun } from './scheduler-state.ts';
import { hasWaiting, inputsComplete } from './settle-job.ts';
import { taskStates } from './task-table.ts';
import { endTurn, inTurn, leaveTurns } from './turns.ts';

/** A worker gets this many more tasks than it runs at once, so that it need not wait for the next one. */
const ahead = 0.5;

/**
 * Gives waiting tasks to workers with room: the worker with most room first, jobs in turn, and of a job the deepest
 * stage that is ready, so that what was begun is finished before more is begun. Workers get tasks ahead only when all
 * are busy.
 */
export function handOut(state: SchedulerState, now: number, effects: Effect[]): void {
  if (state.turns.size === 0) return;
  const batches = new Map<WorkerRun, TaskId[]>();
  for (const factor of [1, 1 + ahead]) fill(state, factor, now, batches, effects);
  for (const [worker, tasks] of batches) effects.push({ type: 'SendTasks', workerId: worker.id, tasks });
}

function fill(
  state: SchedulerState,
  factor: number,
  now: number,
  batches: Map<WorkerRun, TaskId[]>,
  effects: Effect[],
): void {
  const room = (worker: WorkerRun) => Math.ceil(worker.slots * factor) - worker.running.size;
  const open = [...state.workers.values()].filter((worker) => !worker.draining);
  const alone = ({ kernelVersion }: WorkerRun) =>
    open.filter((worker) => worker.kernelVersion === kernelVersion).length === 1;
  const candidates = open.filter((worker) => room(worker) > 0);
  while (candidates.length > 0) {
    const worker = candidates.reduce((most, next) => (room(next) > room(most) ? next : most));
    const task = nextTask(state, worker, alone(worker), now, effects);
    if (task === undefined) {
      candidates.splice(candidates.indexOf(worker), 1);
      continue;
    }
    const batch = batches.get(worker);
    if (batch === undefined) batches.set(worker, [task]);
    else batch.push(task);
    if (room(worker) <= 0) candidates.splice(candidates.indexOf(worker), 1);
  }
}

function nextTask(
  state: SchedulerState,
  worker: WorkerRun,
  alone: boolean,
  now: number,
  effects: Effect[],
): TaskId | undefined {
  for (const job of inTurn(state)) {
    if (now < job.startAfterMs) continue;
    const found = takeFrom(job, worker, alone);
    if (found === undefined) continue;
    endTurn(state, job);
    if (!hasWaiting(job)) leaveTurns(state, job);
    job.tasksStarted++;
    job.kernelVersion = worker.kernelVersion;
    givePlan(job, worker, effects);
    worker.running.set(taskKey(job.id, found.stage, found.task), { job, ...found, startedMs: now });
    const attempt = job.stages[found.stage].tasks!.attemptOf(found.task);
    return { jobId: job.id, ...found, attempt, listing: listingOf(job, found.stage, attempt) };
  }
  return undefined;
}

function takeFrom(
  job: JobRun,
  worker: WorkerRun,
  alone: boolean,
): { stage: number; task: number } | undefined {
  if (job.kernelVersion !== undefined && job.kernelVersion !== worker.kernelVersion) return undefined;
  for (let stage = job.stages.length - 1; stage >= 0; stage--) {
    const table = job.stages[stage].tasks;
    if (table === undefined || table.counts[taskStates.waiting] === 0 || !inputsComplete(job, stage))
      continue;
    const task = table.take(worker.ordinal, alone);
    if (task !== undefined) return { stage, task };
  }
  return undefined;
}
