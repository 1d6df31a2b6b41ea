import type { HeldBlocks } from '@hyperslab/proto/scheduler';
import type { Effect } from './effects.ts';
import { fail } from './end-job.ts';
import { endDrain } from './hand-over.ts';
import { closeWorker, openWorker } from './open-workers.ts';
import { givePlan } from './plans.ts';
import type { JobRun, SchedulerState, WorkerRun } from './scheduler-state.ts';
import { settle } from './settle-job.ts';
import { tell } from './story.ts';
import { taskStates } from './task-table.ts';

/** A task whose workers went away this often, each while it ran, is taken to be why they did. */
const lossesAllowed = 6;

/** A worker connected, perhaps again; blocks that it still holds and that are wanted need not be made. */
export function workerJoined(
  state: SchedulerState,
  joined: {
    workerId: string;
    address: string;
    slots: number;
    protocolVersion: number;
    kernelVersion: string;
    held: readonly HeldBlocks[];
  },
  now: number,
  effects: Effect[],
): void {
  workerLeft(state, joined.workerId, now, effects);
  const worker: WorkerRun = {
    id: joined.workerId,
    ordinal: state.nextOrdinal++,
    address: joined.address,
    slots: joined.slots,
    kernelVersion: joined.kernelVersion,
    protocolVersion: joined.protocolVersion,
    draining: false,
    running: new Map(),
    takenBytes: 0,
    connectedMs: now,
    seenMs: now,
  };
  state.workers.set(worker.id, worker);
  state.workersByOrdinal.set(worker.ordinal, worker);
  openWorker(state, worker);
  const unwanted = new Set<string>();
  for (const held of joined.held) if (!adopt(state, worker, held, now, effects)) unwanted.add(held.jobId);
  for (const jobId of unwanted) {
    effects.push({ type: 'SendForget', workerId: worker.id, jobId, stages: [] });
    state.jobs.get(jobId)?.workers.delete(worker);
  }
}

/** False when the blocks are of no use: of an unknown or released job, or made by another plan or other kernels. */
function adopt(
  state: SchedulerState,
  worker: WorkerRun,
  held: HeldBlocks,
  now: number,
  effects: Effect[],
): boolean {
  const job = state.jobs.get(held.jobId);
  if (job === undefined || job.released || job.fingerprint !== held.fingerprint) return false;
  // A listing may differ from one time to the next, and what was indexed by an older one must not be mixed in.
  if (job.plan.publish !== undefined) return false;
  if (job.kernelVersion !== undefined && job.kernelVersion !== worker.kernelVersion) return false;
  givePlan(job, worker, effects);
  const table = job.stages[held.stage]?.tasks;
  held.tasks.forEach((task, at) => {
    if (table === undefined || task >= table.count || table.stateOf(task) !== taskStates.waiting) return;
    table.adopt(task, worker.ordinal, held.sizes[at] ?? 0);
    job.kernelVersion = worker.kernelVersion;
  });
  settle(state, job, now, effects);
  effects.push({ type: 'JobChanged', jobId: job.id });
  return true;
}

/** A worker is gone: what it ran is returned, and what it held is made again where it is needed. */
export function workerLeft(state: SchedulerState, workerId: string, now: number, effects: Effect[]): void {
  const worker = state.workers.get(workerId);
  if (worker === undefined) return;
  state.workers.delete(workerId);
  state.workersByOrdinal.delete(worker.ordinal);
  state.kernelsLeftMs.set(worker.kernelVersion, now);
  if (!worker.draining) closeWorker(state, worker);
  endDrain(state, worker);
  for (const job of state.jobs.values()) {
    if (!job.workers.delete(worker) || !loseTasks(job, worker)) continue;
    const culprit = fatalTask(job);
    if (culprit !== undefined) {
      const message =
        `${culprit}: ${lossesAllowed} workers went away while they ran it; it may need more memory ` +
        'than a worker has: select less, or give workers more memory';
      fail(state, job, { code: 14, reason: 'WORKER_LOST', message, details: {} }, now, effects);
    } else settle(state, job, now, effects);
    effects.push({ type: 'JobChanged', jobId: job.id });
  }
}

/** Returns and loses what the worker had of a job; false when that was nothing. */
function loseTasks(job: JobRun, worker: WorkerRun): boolean {
  let running = 0;
  let held = 0;
  for (const { tasks } of job.stages) {
    tasks?.forEachOf(worker.ordinal, (task, state) => {
      if (state === taskStates.running) {
        tasks.returnTask(task, 'lost');
        running++;
      } else {
        // Whether it is needed, and so has to be made again, is for settle to say.
        tasks.lose(task, false);
        held++;
      }
    });
  }
  if (running + held > 0)
    tell(job, `worker ${worker.address} went away with ${running} tasks and ${held} blocks`);
  return running + held > 0;
}

function fatalTask(job: JobRun): string | undefined {
  for (const [stage, { tasks }] of job.stages.entries()) {
    const returned = tasks?.returnedTasks() ?? [];
    const found = returned.find((task) => tasks!.lossesOf(task) >= lossesAllowed);
    if (found !== undefined) return `task ${stage}/${found} of job ${job.id}`;
  }
  return undefined;
}
