import type { HeldBlocks, RunDone, TaskRun } from '@hyperslab/proto/scheduler';
import type { SchedulerState, WorkerRun } from './scheduler-state.ts';

/** What a worker holds of a job that is being planned again. */
export interface KeptBlocks {
  worker: WorkerRun;
  held: HeldBlocks;
}

/** A job from before a restart is being planned again: what workers hold of it is of use, or not, when it is there. */
export function expectJob(state: SchedulerState, jobId: string): void {
  if (!state.jobs.has(jobId) && !state.expected.has(jobId)) state.expected.set(jobId, []);
}

/** Leaves blocks with their worker until their job is there; false when it is not expected. */
export function keepForExpected(state: SchedulerState, worker: WorkerRun, held: HeldBlocks): boolean {
  const kept = state.expected.get(held.jobId);
  kept?.push({ worker, held });
  return kept !== undefined;
}

/**
 * A worker made blocks of an expected job, in tasks from before the restart: they stay with it as well. `sizes` as of RunDone; false when the job is not
 * expected.
 */
export function keepMade(
  state: SchedulerState,
  worker: WorkerRun,
  { jobId, stage, first, count }: Pick<TaskRun, 'jobId' | 'stage' | 'first' | 'count'>,
  sizes: RunDone['sizes'],
): boolean {
  const kept = state.expected.get(jobId);
  // A worker has one plan of a job, and has said which when it came.
  const known = kept?.find((each) => each.worker === worker);
  if (known !== undefined) {
    const tasks = Array.from({ length: count }, (_, at) => first + at);
    const each = tasks.map((_, at) => (sizes.length > 1 ? sizes[at] : sizes[0]));
    const { fingerprint } = known.held;
    kept?.push({ worker, held: { jobId, stage, tasks, sizes: each, fingerprint } });
  }
  return kept !== undefined;
}

/** An expected job is there: what workers hold of it, by worker. */
export function takeKept(state: SchedulerState, jobId: string): Map<WorkerRun, HeldBlocks[]> {
  const kept = Map.groupBy(state.expected.get(jobId) ?? [], ({ worker }) => worker);
  state.expected.delete(jobId);
  return new Map([...kept].map(([worker, blocks]) => [worker, blocks.map(({ held }) => held)]));
}

/** Whether a worker holds blocks of which it is not known yet whether they are of use. */
export function holdsKept(state: SchedulerState, worker: WorkerRun): boolean {
  return [...state.expected.values()].some((kept) => kept.some((each) => each.worker === worker));
}

/** A worker is gone, with what it held of expected jobs. */
export function dropKept(state: SchedulerState, worker: WorkerRun): void {
  for (const [jobId, kept] of state.expected) {
    const others = kept.filter((each) => each.worker !== worker);
    state.expected.set(jobId, others);
  }
}
