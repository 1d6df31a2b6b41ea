import type { TaskId } from '@hyperslab/proto/scheduler';
import type { Effect } from './effects.ts';
import { listingOf } from './listing.ts';
import { type OpenWorkers, roomChanged } from './open-workers.ts';
import { givePlan } from './plans.ts';
import { type JobRun, type SchedulerState, taskKey, type WorkerRun } from './scheduler-state.ts';
import { hasWaiting, inputsComplete } from './settle-job.ts';
import { taskStates } from './task-table.ts';
import { endTurn, inTurn, leaveTurns } from './turns.ts';
import { WorkersByRoom } from './workers-by-room.ts';

/**
 * Gives waiting tasks to workers with room: the worker with most room first, jobs in turn, and of a job the deepest
 * stage that is ready, so that what was begun is finished before more is begun. Workers get tasks ahead only when all
 * are busy.
 */
export function handOut(state: SchedulerState, now: number, effects: Effect[]): void {
  if (state.turns.size === 0) return;
  const batches = new Map<WorkerRun, TaskId[]>();
  for (const mayWait of [false, true]) {
    for (const [version, group] of state.open) {
      if (group.withRoom.size > 0 && hasReady(state, version, now))
        fill(state, group, mayWait, now, batches, effects);
    }
  }
  for (const [worker, tasks] of batches) effects.push({ type: 'SendTasks', workerId: worker.id, tasks });
}

function fill(
  state: SchedulerState,
  group: OpenWorkers,
  mayWait: boolean,
  now: number,
  batches: Map<WorkerRun, TaskId[]>,
  effects: Effect[],
): void {
  const byRoom = new WorkersByRoom(group.withRoom, mayWait);
  for (let worker = byRoom.take(); worker !== undefined; worker = byRoom.take()) {
    const task = nextTask(state, worker, group.count === 1, now, effects);
    if (task === undefined) {
      // Others may get what this one has failed at; when nothing is left, nobody need be asked.
      if (!hasReady(state, worker.kernelVersion, now)) return;
      continue;
    }
    const batch = batches.get(worker);
    if (batch === undefined) batches.set(worker, [task]);
    else batch.push(task);
    byRoom.add(worker);
  }
}

/** Whether a job has a task that a worker with such kernels might be given. */
function hasReady(state: SchedulerState, version: string, now: number): boolean {
  for (const job of inTurn(state)) {
    if (now >= job.startAfterMs && mayRunOn(job, version) && readyStages(job).next().done !== true)
      return true;
  }
  return false;
}

function nextTask(
  state: SchedulerState,
  worker: WorkerRun,
  alone: boolean,
  now: number,
  effects: Effect[],
): TaskId | undefined {
  for (const job of inTurn(state)) {
    if (now < job.startAfterMs || !mayRunOn(job, worker.kernelVersion)) continue;
    const found = takeFrom(job, worker, alone);
    if (found === undefined) continue;
    endTurn(state, job);
    if (!hasWaiting(job)) leaveTurns(state, job);
    job.tasksStarted++;
    job.kernelVersion = worker.kernelVersion;
    givePlan(job, worker, effects);
    worker.running.set(taskKey(job.id, found.stage, found.task), { job, ...found, startedMs: now });
    roomChanged(state, worker);
    const attempt = job.stages[found.stage].tasks!.attemptOf(found.task);
    return { jobId: job.id, ...found, attempt, listing: listingOf(job, found.stage, attempt) };
  }
  return undefined;
}

/** Tasks of one job never run on different kernels. */
function mayRunOn(job: JobRun, version: string): boolean {
  return job.kernelVersion === undefined || job.kernelVersion === version;
}

function takeFrom(
  job: JobRun,
  worker: WorkerRun,
  alone: boolean,
): { stage: number; task: number } | undefined {
  for (const stage of readyStages(job)) {
    const task = job.stages[stage].tasks!.take(worker.ordinal, alone);
    if (task !== undefined) return { stage, task };
  }
  return undefined;
}

/** Stages with tasks that wait and whose inputs are there, the deepest first. */
function* readyStages(job: JobRun): Generator<number> {
  for (let stage = job.stages.length - 1; stage >= 0; stage--) {
    const table = job.stages[stage].tasks;
    if (table !== undefined && table.counts[taskStates.waiting] > 0 && inputsComplete(job, stage))
      yield stage;
  }
}
