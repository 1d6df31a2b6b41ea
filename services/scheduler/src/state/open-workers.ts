import type { JobRun, SchedulerState, WorkerRun } from './scheduler-state.ts';

/** A worker gets this much more than its slots take, so that it need not wait for the next task. */
const ahead = 0.5;
/** Short tasks fill slots bit by bit: a worker gets more when so much of a slot is free, in one long run rather than many. */
const leastRoom = 0.5;

/** So much more a worker gets for callers of whose tasks none runs anywhere: they need not wait until those of others end. */
const forGuests = 1;

/** Workers of one version of the kernels that take tasks. */
export interface OpenWorkers {
  /** How many there are. */
  count: number;
  /** How many of them speak which version of the protocol. */
  spoken: Map<number, number>;
  /** Those that have room for a task now, be it to wait there. A busy mesh has few: no event looks at all the others. */
  withRoom: Set<WorkerRun>;
  /** Those, and others that have room for a guest. */
  withGuestRoom: Set<WorkerRun>;
}

/** How many slots' worth of tasks a worker is given more, 0 for none: to run at once, or as much as may wait with it. */
export function roomOf({ slots, running }: WorkerRun, mayWait: boolean): number {
  const room = Math.ceil(slots * (mayWait ? 1 + ahead : 1)) - running.load;
  return room < leastRoom ? 0 : room;
}

/** How many slots' worth of tasks a worker is given more of callers of whose tasks none runs, 0 for none. */
export function guestRoomOf({ slots, running }: WorkerRun): number {
  const room = Math.ceil(slots * (1 + ahead)) + forGuests - running.load;
  return room < leastRoom ? 0 : room;
}

/** How many of them can compute a job: as long as the mesh is upgraded, perhaps not all. */
export function countAble({ spoken }: OpenWorkers, { protocolVersion }: JobRun): number {
  let able = 0;
  for (const [version, count] of spoken) if (version >= protocolVersion) able += count;
  return able;
}

/** A worker joined. */
export function openWorker(state: SchedulerState, worker: WorkerRun): void {
  const group = state.open.get(worker.kernelVersion) ?? {
    count: 0,
    spoken: new Map(),
    withRoom: new Set(),
    withGuestRoom: new Set(),
  };
  state.open.set(worker.kernelVersion, group);
  group.count++;
  group.spoken.set(worker.protocolVersion, (group.spoken.get(worker.protocolVersion) ?? 0) + 1);
  roomChanged(state, worker);
}

/** A worker is gone, or about to go: it gets no more tasks. */
export function closeWorker(state: SchedulerState, worker: WorkerRun): void {
  const group = state.open.get(worker.kernelVersion);
  if (group === undefined) return;
  group.count--;
  group.spoken.set(worker.protocolVersion, (group.spoken.get(worker.protocolVersion) ?? 0) - 1);
  group.withRoom.delete(worker);
  group.withGuestRoom.delete(worker);
  if (group.count === 0) state.open.delete(worker.kernelVersion);
}

/** A worker was given a task, or is rid of one. */
export function roomChanged(state: SchedulerState, worker: WorkerRun): void {
  if (worker.draining) return;
  const group = state.open.get(worker.kernelVersion);
  if (roomOf(worker, true) > 0) group?.withRoom.add(worker);
  else group?.withRoom.delete(worker);
  if (guestRoomOf(worker) > 0) group?.withGuestRoom.add(worker);
  else group?.withGuestRoom.delete(worker);
}
