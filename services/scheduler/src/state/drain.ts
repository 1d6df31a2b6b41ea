import { handsOverSince } from '@hyperslab/rpc';
import type { Drain, Parcel } from './drain-run.ts';
import type { Effect } from './effects.ts';
import type { SchedulerEvent } from './events.ts';
import { holdsKept } from './expected-jobs.ts';
import { callOff, giveUp, knowsPlanOf, startMove } from './hand-over.ts';
import { neededBlocks } from './needed-blocks.ts';
import { closeWorker } from './open-workers.ts';
import type { SchedulerState, WorkerRun } from './scheduler-state.ts';

/** Nothing is moved before: workers that are stopped together have all said so by then, and nothing is moved for nothing. */
const pauseMs = 200;
/** Workers that take blocks from one that drains at the same time. */
const mostMoves = 4;
/** A worker that was asked to take blocks has answered within, or somebody else is asked. */
const takePatienceMs = 30_000;
/** A worker that took nothing is asked again after so long, and so often. */
const refusalMs = 2_000;
const mostForgiven = 3;
/** Workers that are not back for so long after the scheduler began, or after they were lost, are not waited for. */
const absenceMs = 5_000;

/** A worker is about to go: it gets no more tasks, and others are to take what is needed of it. */
export function startDrain(state: SchedulerState, worker: WorkerRun, now: number): void {
  if (worker.draining) return;
  worker.draining = true;
  closeWorker(state, worker);
  if (worker.taking !== undefined) callOff(worker.taking);
  if (worker.protocolVersion < handsOverSince) return;
  const drain: Drain = {
    sinceMs: now,
    listed: false,
    todo: [],
    moves: new Set(),
    refused: new Set(),
    refusedMs: now,
    forgiven: 0,
    handedOver: 0,
  };
  worker.drain = drain;
  state.drains.set(worker, drain);
}

/** Whether an event may let a drain go on. What else may is seen to by the next tick. */
export function wakesDrains(state: SchedulerState, event: SchedulerEvent): boolean {
  switch (event.type) {
    case 'WorkerDraining':
    case 'WorkerLeft':
    case 'BlocksTaken':
    case 'Tick':
      return true;
    case 'TaskDone':
    case 'TasksEnded':
    case 'TaskFailed':
      return state.workers.get(event.workerId)?.draining === true;
    default:
      return false;
  }
}

/** Has blocks taken over as far as there are workers that can, and tells workers that may go. */
export function continueDrains(state: SchedulerState, now: number, effects: Effect[]): void {
  const takers = [...state.workers.values()].filter(canTake).sort((a, b) => room(b) - room(a));
  for (const [worker, drain] of state.drains) {
    for (const move of [...drain.moves]) if (now - move.sinceMs > takePatienceMs) giveUp(move, now);
    forgive(drain, now);
    const alike = takers.filter(({ kernelVersion }) => kernelVersion === worker.kernelVersion);
    continueDrain(state, worker, drain, alike, now, effects);
  }
}

/** Workers that took nothing are asked again after a while: a disk may have room by then. */
function forgive(drain: Drain, now: number): void {
  if (drain.refused.size === 0 || drain.forgiven >= mostForgiven || now - drain.refusedMs < refusalMs) return;
  drain.refused.clear();
  drain.forgiven++;
}

function continueDrain(
  state: SchedulerState,
  worker: WorkerRun,
  drain: Drain,
  alike: WorkerRun[],
  now: number,
  effects: Effect[],
): void {
  const idle = worker.running.size === 0;
  const takers = alike.filter((taker) => !drain.refused.has(taker));
  if (takers.length === 0 && drain.moves.size === 0) {
    if (!idle) return;
    const stay = neededBlocks(state, worker);
    const wantsTakers = stay.length > 0 || holdsKept(state, worker);
    const mayBeForgiven = alike.length > 0 && drain.forgiven < mostForgiven;
    if (wantsTakers && (mayBeForgiven || takersMayCome(state, worker, now))) return;
    sendDrained(state, worker, drain, stay, effects);
    return;
  }
  const isEmpty = () => drain.todo.length === 0 && drain.moves.size === 0;
  if (isEmpty() && (idle || !drain.listed)) {
    const needed = neededBlocks(state, worker);
    const canGo = (parcel: Parcel) => takers.some((taker) => knowsPlanOf(taker, parcel));
    drain.todo = needed.filter(canGo);
    drain.listed = true;
    if (idle && isEmpty() && !holdsKept(state, worker))
      // What none of them can have is made again.
      sendDrained(state, worker, drain, needed, effects);
  }
  if (now - drain.sinceMs < pauseMs) return;
  for (const taker of takers) {
    if (drain.moves.size >= mostMoves) return;
    if (taker.taking === undefined) startMove(worker, taker, drain, now, effects);
  }
  // Those who could have taken what is left may be gone by now: what can be taken is listed anew.
  if (drain.moves.size === 0 && takers.every(({ taking }) => taking === undefined)) drain.todo = [];
}

/** Whether workers that could take its blocks may only have lost their connection, or a scheduler before this one. */
function takersMayCome(
  { startedMs, kernelsLostMs }: SchedulerState,
  worker: WorkerRun,
  now: number,
): boolean {
  const lostMs = kernelsLostMs.get(worker.kernelVersion) ?? startedMs;
  return now - Math.max(startedMs, lostMs) < absenceMs;
}

function sendDrained(
  state: SchedulerState,
  worker: WorkerRun,
  drain: Drain,
  stay: readonly Parcel[],
  effects: Effect[],
): void {
  state.drains.delete(worker);
  const left = stay.reduce((count, { tasks }) => count + tasks.length, 0);
  effects.push({ type: 'SendDrained', workerId: worker.id, handedOver: drain.handedOver, left });
}

function canTake({ draining, protocolVersion }: WorkerRun): boolean {
  return !draining && protocolVersion >= handsOverSince;
}

/** Memory that blocks do not take yet, bytes: resident memory would lag behind what was freed. */
function room({ report, takenBytes }: WorkerRun): number {
  if (report === undefined) return 0;
  return report.memoryLimit - report.blockBytes - report.spilledBytes - takenBytes;
}
