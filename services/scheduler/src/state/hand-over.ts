import type { Drain, Move, Parcel } from './drain-run.ts';
import type { Effect } from './effects.ts';
import { isHeldBy } from './needed-blocks.ts';
import { givePlan } from './plans.ts';
import type { SchedulerState, WorkerRun } from './scheduler-state.ts';

/** What one worker is asked to take at once: little enough to be there soon and to leave memory and disk in peace. */
const mostBlocks = 64;
const mostBytes = 64 * 2 ** 20;

/**
 * Whether a worker knows the plan that blocks are of. One that does not would keep them and answer for them otherwise: the whole block for a part of an
 * exchange.
 */
export function knowsPlanOf({ protocolVersion }: WorkerRun, { job }: Parcel): boolean {
  return protocolVersion >= job.protocolVersion;
}

/** Asks a worker to take the next blocks of one that drains; false when there are none for it. */
export function startMove(
  from: WorkerRun,
  to: WorkerRun,
  drain: Drain,
  now: number,
  effects: Effect[],
): boolean {
  const move = nextMove(from, to, drain, now);
  if (move === undefined) return false;
  const { job, stage, tasks } = move;
  drain.moves.add(move);
  to.taking = move;
  givePlan(job, to, effects);
  effects.push({
    type: 'SendTakeBlocks',
    workerId: to.id,
    from: from.address,
    jobId: job.id,
    stage,
    tasks: [...tasks],
    listing: job.listing,
  });
  return true;
}

function nextMove(from: WorkerRun, to: WorkerRun, { todo }: Drain, sinceMs: number): Move | undefined {
  for (let at = todo.length - 1; at >= 0; at--) {
    const parcel = todo[at];
    if (!knowsPlanOf(to, parcel)) continue;
    const tasks: number[] = [];
    let bytes = 0;
    while (parcel.tasks.length > 0 && tasks.length < mostBlocks && bytes < mostBytes) {
      const task = parcel.tasks.pop() as number;
      if (!isHeldBy(from, parcel, task)) continue;
      tasks.push(task);
      bytes += parcel.table.bytesOf(task);
    }
    if (parcel.tasks.length === 0) todo.splice(at, 1);
    if (tasks.length > 0) return { ...parcel, tasks, from, to, sinceMs };
  }
  return undefined;
}

/** A worker holds blocks that it was asked to take; those that it was asked for and that it did not get stay where they are. */
export function blocksTaken(
  worker: WorkerRun,
  taken: { from: string; jobId: string; stage: number; tasks: readonly number[] },
  now: number,
): void {
  const move = worker.taking;
  // One that was called off is over: its blocks are asked of somebody else by now.
  if (move?.job.id !== taken.jobId || move.stage !== taken.stage || move.from.address !== taken.from) return;
  const { drain } = move.from;
  const there = new Set(taken.tasks);
  let took = 0;
  for (const task of move.tasks) {
    if (!there.has(task) || !isHeldBy(move.from, move, task)) continue;
    move.table.handOver(task, worker.ordinal);
    worker.takenBytes += move.table.bytesOf(task);
    took++;
  }
  const left = endMove(move);
  if (drain === undefined) return;
  drain.handedOver += took;
  if (left === undefined) return;
  // They may be damaged: all others go before them.
  drain.todo.unshift(left);
  if (took === 0) refuse(drain, worker, now);
}

/** A worker that was asked is not there any more, or about to go: somebody else is asked next. */
export function callOff(move: Move): void {
  const left = endMove(move);
  if (left !== undefined) move.from.drain?.todo.push(left);
}

/** Somebody else is asked next, and a worker that did not do as it was asked not before some time has passed. */
export function giveUp(move: Move, now: number): void {
  callOff(move);
  if (move.from.drain !== undefined) refuse(move.from.drain, move.to, now);
}

function refuse(drain: Drain, worker: WorkerRun, now: number): void {
  drain.refused.add(worker);
  drain.refusedMs = now;
}

/** What is left of a move that is over; undefined when that is nothing. */
function endMove(move: Move): Parcel | undefined {
  const { from, to, job, stage, table } = move;
  to.taking = undefined;
  from.drain?.moves.delete(move);
  const tasks = move.tasks.filter((task) => isHeldBy(from, move, task));
  return tasks.length > 0 ? { job, stage, table, tasks } : undefined;
}

/** A worker is gone, or about to go: it takes nothing from others, and others take nothing more from it when it is gone. */
export function endDrain(state: SchedulerState, worker: WorkerRun): void {
  for (const move of worker.drain?.moves ?? []) move.to.taking = undefined;
  worker.drain = undefined;
  state.drains.delete(worker);
  if (worker.taking !== undefined) callOff(worker.taking);
  for (const drain of state.drains.values()) drain.refused.delete(worker);
}
