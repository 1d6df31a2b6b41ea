import { cellOf, elementCount, gridShape, isFixedWidth, itemSize } from '@hyperslab/array';
import { taskInputs } from '@hyperslab/expression';
import { type Plan, StageKind } from '@hyperslab/proto/expression';
import { holdersOf, isLookedAt, mostLookedAt, readsValues } from './near-inputs.ts';
import { roomOf } from './open-workers.ts';
import { expectedSeconds } from './pace.ts';
import { rendezvous } from './rendezvous.ts';
import type { JobRun, SchedulerState, WorkerRun } from './scheduler-state.ts';
import { type TakenRun, type TaskTable, taskStates } from './task-table.ts';

/** More tasks than this are handed out in runs alone: a list of them is what their tables avoid. */
const mostPlaced = 16_384;
/** The chunks of more tasks than this are more than caches hold. */
const mostByChunks = 256;
/** Of more workers that have what is read it is not asked who is soonest: each idle one would ask at each event. */
const mostHolders = 32;
/** How fast a worker gets blocks of others, bytes: half of what bench/blocks measures, as both workers could compute meanwhile. */
const fetchedPerSecond = 200e6;
/** So long a block of a persisted array is worth waiting for, in its place: elsewhere it is fetched whenever it is read, which is often. */
const patienceForPersisted = 1;

/**
 * The next task of a stage that is best run on a worker, now running there; undefined when none is left, or any will do. Nobody waits for such a task: who has none is
 * given one of the others.
 */
export function takeNear(
  state: SchedulerState,
  job: JobRun,
  stage: number,
  worker: WorkerRun,
): TakenRun | undefined {
  const run = job.stages[stage];
  run.places ??= placesOf(state, job, stage);
  const tasks = run.places.get(worker.ordinal);
  for (let task = tasks?.pop(); task !== undefined; task = tasks?.pop()) {
    const taken = (run.tasks as TaskTable).takeTask(task, worker.ordinal);
    if (taken !== undefined) return taken;
  }
  return undefined;
}

/** Whether all tasks of a stage that wait are best run on other workers, which have room for them now, or will have if they `mayBeBusy`. */
export function isForOthers(
  state: SchedulerState,
  job: JobRun,
  stage: number,
  worker: WorkerRun,
  mayBeBusy: boolean,
): boolean {
  const { places, tasks } = job.stages[stage];
  let theirs = 0;
  for (const [ordinal, { length }] of places ?? []) {
    const other = state.workersByOrdinal.get(ordinal);
    if (other === undefined || other === worker || other.draining) continue;
    if (mayBeBusy || roomOf(other, false) > 0) theirs += length;
  }
  return theirs >= (tasks?.counts[taskStates.waiting] ?? 0);
}

/**
 * Whether all tasks of a stage that wait are done so soon by the workers that they are best run on that nobody else takes one over. Those are at work on the stage more than on
 * anything else: what they have of it may wait behind long tasks of others.
 */
export function isSoonerThere(state: SchedulerState, job: JobRun, stage: number): boolean {
  const { places, tasks, patienceSeconds = 0 } = job.stages[stage];
  if (patienceSeconds === 0 || places === undefined || tasks === undefined || places.size > mostHolders)
    return false;
  let soon = 0;
  for (const [ordinal, theirs] of places) {
    const other = state.workersByOrdinal.get(ordinal);
    if (other === undefined || other.draining) continue;
    // Others have taken over those that would have come first.
    while (theirs.length > 0 && tasks.stateOf(theirs[theirs.length - 1]) !== taskStates.waiting) theirs.pop();
    const { running, slots } = other;
    const isAtWork = 2 * running.of(job, stage) >= Math.max(1, running.size);
    const seconds = (theirs.length * expectedSeconds(job)) / slots;
    if (isAtWork && seconds < patienceSeconds) soon += theirs.length;
  }
  return soon >= tasks.counts[taskStates.waiting];
}

function placesOf(state: SchedulerState, job: JobRun, stage: number): Map<number, number[]> {
  const { kind, tasks } = job.plan.stages[stage];
  const isLast = stage === job.plan.stages.length - 1;
  const reads = readsValues(kind);
  if (reads && job.inputJobs.length > 0 && tasks <= mostLookedAt) {
    job.stages[stage].patienceSeconds = persistedBytes(job.plan, stage) / fetchedPerSecond;
    return nearInputs(job, stage);
  }
  const isNear = (job.kind === 'persist' || job.inputJobs.length > 0) && tasks <= mostPlaced;
  if (isNear && isLast && kind === StageKind.STAGE_KIND_EVALUATE) {
    if (job.kind === 'persist') job.stages[stage].patienceSeconds = patienceForPersisted;
    return sideBySide(state, job, stage);
  }
  if (reads && job.plan.sources.length > 0 && tasks <= mostByChunks) return byChunks(state, job, stage);
  return new Map();
}

/** Of persisted numbers that the first task of a stage reads, which others are like. */
function persistedBytes(plan: Plan, stage: number): number {
  const sizes = new Map<string, number>();
  for (const { variable, persisted } of plan.sources) {
    if (persisted === undefined || variable === undefined || !isFixedWidth(variable.dtype)) continue;
    const blocks = elementCount(gridShape(variable.chunkGrid));
    const bytes = elementCount(variable.shape) * itemSize(variable.dtype);
    sizes.set(persisted.jobId, bytes / Math.max(1, blocks));
  }
  const { persisted } = taskInputs(plan, stage, 0);
  return persisted.reduce((sum, { jobId }) => sum + (sizes.get(jobId) ?? 0), 0);
}

/** Each task where most of the persisted blocks are that it reads. */
function nearInputs(job: JobRun, stage: number): Map<number, number[]> {
  const { tasks } = job.plan.stages[stage];
  if (!isLookedAt(job.plan, stage)) return new Map();
  const results = new Map([...job.reads].map(({ id, stages }) => [id, stages.at(-1)?.tasks]));
  const places = new Map<number, number[]>();
  for (let task = tasks - 1; task >= 0; task--) {
    const [most] = holdersOf(results, job.plan, stage, task);
    if (most !== undefined) place(places, most[0], task);
  }
  return places;
}

/** Each task where tasks go that read the same chunk first: when others read it, it is in the cache of that worker. */
function byChunks(state: SchedulerState, job: JobRun, stage: number): Map<number, number[]> {
  const workers = able(state, job);
  const places = new Map<number, number[]>();
  if (workers.length < 2) return places;
  for (let task = job.plan.stages[stage].tasks - 1; task >= 0; task--) {
    const chunk = firstChunk(job.plan, stage, task);
    if (chunk !== undefined) place(places, rendezvous(chunk, workers).ordinal, task);
  }
  return places;
}

/** The name of a chunk: that of the first values that a task reads. */
function firstChunk(plan: Plan, stage: number, task: number): string | undefined {
  const read = taskInputs(plan, stage, task).sources.find(({ ranges }) =>
    ranges.every(({ count }) => count > 0),
  );
  if (read === undefined) return undefined;
  const { variable, manifest, dataset } = plan.sources[read.source];
  const cell = read.ranges.map(({ start }, axis) => cellOf(variable!.chunkGrid[axis], start));
  return `${manifest?.sha256 ?? dataset}/${variable!.name}/${cell}`;
}

/** Workers that can compute a job and stay. */
function able(state: SchedulerState, job: JobRun): WorkerRun[] {
  return [...state.workers.values()].filter(
    ({ draining, protocolVersion }) => !draining && protocolVersion >= job.protocolVersion,
  );
}

/**
 * Blocks of what is persisted, each worker a part of the maps: runs of the blocks of the two innermost dimensions, row by row, and of further ones only where these are too few.
 * What is reduced along others is then where it is needed, also by tasks that take whole rows of maps, and so is what is computed of arrays on equal grids.
 */
function sideBySide(state: SchedulerState, job: JobRun, stage: number): Map<number, number[]> {
  const { blockGrid, tasks } = job.plan.stages[stage];
  const workers = able(state, job).sort((a, b) => (a.id < b.id ? -1 : 1));
  const places = new Map<number, number[]>();
  const counts = gridShape(blockGrid).reverse();
  let maps = 1;
  for (let axis = 0; axis < counts.length && (axis < 2 || maps < workers.length); axis++)
    maps *= counts[axis];
  if (maps < workers.length || workers.length < 2) return places;
  for (let task = tasks - 1; task >= 0; task--)
    place(places, workers[Math.floor(((task % maps) * workers.length) / maps)].ordinal, task);
  return places;
}

function place(places: Map<number, number[]>, worker: number, task: number): void {
  const tasks = places.get(worker);
  if (tasks === undefined) places.set(worker, [task]);
  else tasks.push(task);
}
