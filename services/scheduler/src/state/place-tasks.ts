import { cellOf, gridShape } from '@hyperslab/array';
import { taskInputs } from '@hyperslab/expression';
import { type Plan, StageKind } from '@hyperslab/proto/expression';
import { roomOf } from './open-workers.ts';
import { rendezvous } from './rendezvous.ts';
import type { JobRun, SchedulerState, WorkerRun } from './scheduler-state.ts';
import { type TakenRun, type TaskTable, taskStates } from './task-table.ts';

/** Of a stage of more tasks it is not worked out what each reads: that takes some ten microseconds a task. */
const mostLookedAt = 4096;
/** More tasks than this are handed out in runs alone: a list of them is what their tables avoid. */
const mostPlaced = 16_384;
/** Nor of one whose tasks read more than so many blocks in all: a block takes about a microsecond, in which the scheduler does nothing else. */
const mostInputs = 2 ** 18;
/** The chunks of more tasks than this are more than caches hold. */
const mostByChunks = 256;

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

function placesOf(state: SchedulerState, job: JobRun, stage: number): Map<number, number[]> {
  const { kind, tasks } = job.plan.stages[stage];
  const isLast = stage === job.plan.stages.length - 1;
  const reads = kind === StageKind.STAGE_KIND_EVALUATE || kind === StageKind.STAGE_KIND_REDUCE_PARTIAL;
  if (reads && job.inputJobs.length > 0 && tasks <= mostLookedAt) return nearInputs(job, stage);
  const isNear = (job.kind === 'persist' || job.inputJobs.length > 0) && tasks <= mostPlaced;
  if (isNear && isLast && kind === StageKind.STAGE_KIND_EVALUATE) return sideBySide(state, job, stage);
  if (reads && job.plan.sources.length > 0 && tasks <= mostByChunks) return byChunks(state, job, stage);
  return new Map();
}

/** Each task where most of the persisted blocks are that it reads. */
function nearInputs(job: JobRun, stage: number): Map<number, number[]> {
  const { tasks } = job.plan.stages[stage];
  const { persisted, blocks } = taskInputs(job.plan, stage, 0);
  if ((persisted.length + blocks.length) * tasks > mostInputs) return new Map();
  const results = new Map([...job.reads].map(({ id, stages }) => [id, stages.at(-1)?.tasks]));
  const places = new Map<number, number[]>();
  for (let task = tasks - 1; task >= 0; task--) {
    const held = new Map<number, number>();
    for (const { jobId, block } of taskInputs(job.plan, stage, task).persisted) {
      const result = results.get(jobId);
      if (result?.stateOf(block) !== taskStates.held) continue;
      const holder = result.workerOf(block);
      held.set(holder, (held.get(holder) ?? 0) + 1);
    }
    const [most] = [...held].sort(([, a], [, b]) => b - a);
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
