import type { TaskRun } from '@hyperslab/proto/scheduler';
import type { Effect } from './effects.ts';
import { listingOf } from './listing.ts';
import { countAble, guestRoomOf, type OpenWorkers, roomChanged, roomOf } from './open-workers.ts';
import { isForOthers, isSoonerThere, takeNear } from './place-tasks.ts';
import { givePlan } from './plans.ts';
import type { JobRun, SchedulerState, WorkerRun } from './scheduler-state.ts';
import { hasWaiting, inputsComplete } from './settle-job.ts';
import { addRun } from './task-runs.ts';
import { type TakenRun, taskStates } from './task-table.ts';
import { beforeLow, endTurn, inTurn, leaveTurns } from './turns.ts';
import { WorkersByRoom } from './workers-by-room.ts';

/** Short tasks are handed out so many at least as fill this part of a slot: the last of a stage need not go one by one. */
const leastPart = 1 / 64;

/**
 * Whether a worker is given what is best run there, or that nobody with room is better for; or also what it is to do when its slots are free again, but nothing that
 * is best run elsewhere, be it later; or whatever waits. What is sooner done where its inputs are it is never given.
 */
type Asked = 'own' | 'ahead' | 'all';

/**
 * Gives waiting tasks to workers with room: the worker with most room first, jobs in turn, and of a job the deepest
 * stage that is ready, so that what was begun is finished before more is begun; low jobs when the others have got what they can be given. A turn is one task, or as many short ones as
 * fill a slot. Workers get tasks ahead only when all are busy; a caller of whose tasks none runs gets one even where there is no room.
 */
export function handOut(state: SchedulerState, now: number, effects: Effect[]): void {
  if (state.turns.size === 0) return;
  const batches = new Map<WorkerRun, TaskRun[]>();
  for (const areLow of [false, true]) {
    for (const mayWait of [false, true]) {
      for (const [version, group] of state.open) {
        if (group.withRoom.size > 0 && hasReady(state, areLow, version, now))
          fill(state, areLow, group, mayWait, now, batches, effects);
      }
    }
  }
  for (const [version, group] of state.open) seatGuests(state, version, group, now, batches, effects);
  for (const [worker, runs] of batches) effects.push({ type: 'SendTasks', workerId: worker.id, runs });
}

function fill(
  state: SchedulerState,
  areLow: boolean,
  group: OpenWorkers,
  mayWait: boolean,
  now: number,
  batches: Map<WorkerRun, TaskRun[]>,
  effects: Effect[],
): void {
  const byRoom = new WorkersByRoom(group.withRoom, mayWait);
  for (let worker = byRoom.take(); worker !== undefined; worker = byRoom.take()) {
    const later = roomOf(worker, false) > 0 ? 'all' : 'ahead';
    const asked = mayWait ? later : 'own';
    const run = runOfOne(
      state,
      inTurn(state, areLow),
      worker,
      group,
      roomOf(worker, mayWait),
      asked,
      now,
      effects,
    );
    if (run === undefined) {
      // Others may get what this one has failed at; when nothing is left, nobody need be asked.
      if (!hasReady(state, areLow, worker.kernelVersion, now)) return;
      continue;
    }
    addTo(batches, worker, run);
    byRoom.add(worker);
  }
}

/** Gives a task of each caller of whom none runs, but for low ones, to the worker that has least to do of those that take guests. */
function seatGuests(
  state: SchedulerState,
  version: string,
  group: OpenWorkers,
  now: number,
  batches: Map<WorkerRun, TaskRun[]>,
  effects: Effect[],
): void {
  if (group.withGuestRoom.size === 0) return;
  const idle = [...state.turns].filter(([caller]) => !state.runningOf.has(caller));
  for (const [, turns] of idle) {
    // One that is low and urgent for others only is no guest: its tasks, which are not counted, would be again and again.
    const jobs = [...beforeLow(turns)].filter((job) => job.priority !== 'low' && isReady(job, version, now));
    if (jobs.length === 0) continue;
    const workers = [...group.withGuestRoom].sort((a, b) => guestRoomOf(b) - guestRoomOf(a));
    for (const worker of workers) {
      const run = runOfOne(state, jobs, worker, group, guestRoomOf(worker), 'all', now, effects);
      if (run === undefined) continue;
      addTo(batches, worker, run);
      break;
    }
  }
}

function addTo(batches: Map<WorkerRun, TaskRun[]>, worker: WorkerRun, run: TaskRun): void {
  const batch = batches.get(worker);
  if (batch === undefined) batches.set(worker, [run]);
  else addRun(batch, run);
}

/** Whether a low job, or one of the others, has a task that a worker with such kernels might be given. */
function hasReady(state: SchedulerState, areLow: boolean, version: string, now: number): boolean {
  for (const job of inTurn(state, areLow)) if (isReady(job, version, now)) return true;
  return false;
}

function isReady(job: JobRun, version: string, now: number): boolean {
  return now >= job.startAfterMs && mayRunOn(job, version) && readyStages(job).next().done !== true;
}

/** The next tasks of the first of some jobs that has any for a worker, which it has then. */
function runOfOne(
  state: SchedulerState,
  jobs: Iterable<JobRun>,
  worker: WorkerRun,
  group: OpenWorkers,
  room: number,
  asked: Asked,
  now: number,
  effects: Effect[],
): TaskRun | undefined {
  for (const job of jobs) {
    if (now < job.startAfterMs || !mayRunOn(job, worker.kernelVersion)) continue;
    if (worker.protocolVersion < job.protocolVersion) continue;
    const found = takeFrom(state, job, worker, countAble(group, job), room, asked);
    if (found === undefined) continue;
    const { stage, first, count, attempt } = found;
    endTurn(state, job);
    if (!hasWaiting(job)) leaveTurns(state, job);
    job.tasksStarted += count;
    job.kernelVersion = worker.kernelVersion;
    givePlan(job, worker, effects);
    worker.running.add(job, stage, count);
    roomChanged(state, worker);
    return { jobId: job.id, stage, first, count, attempt, listing: listingOf(job, stage, attempt) };
  }
  return undefined;
}

/** Tasks of one job never run on different kernels. */
function mayRunOn(job: JobRun, version: string): boolean {
  return job.kernelVersion === undefined || job.kernelVersion === version;
}

function takeFrom(
  state: SchedulerState,
  job: JobRun,
  worker: WorkerRun,
  workers: number,
  room: number,
  asked: Asked,
): (TakenRun & { stage: number }) | undefined {
  for (const stage of readyStages(job)) {
    const table = job.stages[stage].tasks!;
    const most = turnOf(job, table.counts[taskStates.waiting], workers, room);
    const near = takeNear(state, job, stage, worker);
    if (near !== undefined) return { stage, ...near };
    if (isSoonerThere(state, job, stage)) continue;
    if (asked !== 'all' && isForOthers(state, job, stage, worker, asked === 'ahead')) continue;
    const run = table.takeRun(worker.ordinal, workers === 1, most);
    if (run !== undefined) return { stage, ...run };
  }
  return undefined;
}

/**
 * How many tasks of a job a worker is given in one turn: as many as fill a slot, or what is left of its room, but no more
 * than leaves the other workers their part of what waits.
 */
function turnOf({ taskShare }: JobRun, waiting: number, workers: number, room: number): number {
  if (taskShare === 1) return 1;
  const fair = Math.max(Math.ceil(leastPart / taskShare), Math.ceil(waiting / (2 * workers)));
  return Math.min(1 / taskShare, Math.ceil(room / taskShare), fair);
}

/** Stages with tasks that wait and whose inputs are there, the deepest first. */
function* readyStages(job: JobRun): Generator<number> {
  for (let stage = job.stages.length - 1; stage >= 0; stage--) {
    const table = job.stages[stage].tasks;
    if (table !== undefined && table.counts[taskStates.waiting] > 0 && inputsComplete(job, stage))
      yield stage;
  }
}
