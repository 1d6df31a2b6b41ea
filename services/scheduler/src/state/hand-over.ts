import type { Drain, Move } from './drain-run.ts';
import type { Effect } from './effects.ts';
import { isHeldBy } from './needed-blocks.ts';
import { givePlan } from './plans.ts';
import type { SchedulerState, WorkerRun } from './scheduler-state.ts';

/** What one worker is asked to take at once: little enough to be there soon and to leave memory and disk in peace. */
const mostBlocks = 64;
const mostBytes = 64 * 2 ** 20;

/** Asks a worker to take the next blocks of one that drains; false when there are none. */
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
  for (let parcel = todo.at(-1); parcel !== undefined; parcel = todo.at(-1)) {
    const tasks: number[] = [];
    let bytes = 0;
    while (parcel.tasks.length > 0 && tasks.length < mostBlocks && bytes < mostBytes) {
      const task = parcel.tasks.pop() as number;
      if (!isHeldBy(from, parcel, task)) continue;
      tasks.push(task);
      bytes += parcel.table.bytesOf(task);
    }
    if (parcel.tasks.length === 0) todo.pop();
    if (tasks.length > 0) return { ...parcel, tasks, from, to, sinceMs };
  }
  return undefined;
}

/** A worker holds blocks that it was asked to take; those that it was asked for and that it did not get stay where they are. */
export function blocksTaken(
  worker: WorkerRun,
  taken: { from: string; jobId: string; stage: number; tasks: readonly number[] },
): void {
  const move = worker.taking;
  // One that was called off is over: its blocks are asked of somebody else by now.
  if (move?.job.id !== taken.jobId || move.stage !== taken.stage || move.from.address !== taken.from) return;
  const there = new Set(taken.tasks);
  for (const task of move.tasks) {
    if (!there.has(task) || !isHeldBy(move.from, move, task)) continue;
    move.table.handOver(task, worker.ordinal);
    worker.takenBytes += move.table.bytesOf(task);
    if (move.from.drain !== undefined) move.from.drain.handedOver++;
  }
  callOff(move);
}

/** Ends a move: what is left of it is to be asked of others. */
export function callOff(move: Move): void {
  const { from, to } = move;
  to.taking = undefined;
  const { drain } = from;
  if (drain === undefined) return;
  drain.moves.delete(move);
  const left = move.tasks.filter((task) => isHeldBy(from, move, task));
  if (left.length === 0) return;
  const { job, stage, table } = move;
  drain.todo.push({ job, stage, table, tasks: left });
  drain.refused.add(to);
}

/** A worker is gone, or about to go: it takes nothing from others, and others take nothing more from it when it is gone. */
export function endDrain(state: SchedulerState, worker: WorkerRun): void {
  for (const move of worker.drain?.moves ?? []) move.to.taking = undefined;
  worker.drain = undefined;
  state.drains.delete(worker);
  if (worker.taking !== undefined) callOff(worker.taking);
  for (const drain of state.drains.values()) drain.refused.delete(worker);
}
