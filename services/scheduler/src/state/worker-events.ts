import type { HeldBlocks } from '@hyperslab/proto/scheduler';
import { Account } from './account.ts';
import { adoptBlocks } from './adopt-blocks.ts';
import type { Effect } from './effects.ts';
import { fail } from './end-job.ts';
import { dropKept } from './expected-jobs.ts';
import { endDrain } from './hand-over.ts';
import { closeWorker, openWorker } from './open-workers.ts';
import { tellWriters } from './plans.ts';
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
    running: new Account(state.runningOf),
    takenBytes: 0,
    connectedMs: now,
    seenMs: now,
  };
  state.workers.set(worker.id, worker);
  state.workersByOrdinal.set(worker.ordinal, worker);
  openWorker(state, worker);
  adoptBlocks(state, worker, joined.held, now, effects);
  for (const job of state.jobs.values()) tellWriters(state, job, effects);
}

/** A worker is gone: what it ran is returned, and what it held is made again where it is needed. */
export function workerLeft(state: SchedulerState, workerId: string, now: number, effects: Effect[]): void {
  const worker = state.workers.get(workerId);
  if (worker === undefined) return;
  state.workers.delete(workerId);
  state.workersByOrdinal.delete(worker.ordinal);
  state.kernelsLeftMs.set(worker.kernelVersion, now);
  if (!worker.draining) {
    closeWorker(state, worker);
    state.kernelsLostMs.set(worker.kernelVersion, now);
  }
  worker.running.dropAll();
  endDrain(state, worker);
  dropKept(state, worker);
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
