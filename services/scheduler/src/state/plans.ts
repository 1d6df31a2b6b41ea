import type { Effect } from './effects.ts';
import type { JobRun, SchedulerState, WorkerRun } from './scheduler-state.ts';

/** Gives a worker the plan of a job, unless it has it. */
export function givePlan(job: JobRun, worker: WorkerRun, effects: Effect[]): void {
  if (job.workers.has(worker)) return;
  job.workers.add(worker);
  effects.push({ type: 'SendPlan', workerId: worker.id, jobId: job.id });
}

/**
 * Workers remove the store of a job that they were told to forget, a while later and each by itself. All hear that a job of
 * this name writes it now: before a restart, or with other kernels, they may have known it.
 */
export function tellWriters(state: SchedulerState, job: JobRun, effects: Effect[]): void {
  if (job.plan.output === undefined || job.released) return;
  for (const worker of state.workers.values())
    if (worker.protocolVersion >= job.protocolVersion) givePlan(job, worker, effects);
}

/** Has the workers forget their blocks of some stages of a job. */
export function forgetStages(job: JobRun, stages: number[], effects: Effect[]): void {
  for (const worker of job.workers)
    effects.push({ type: 'SendForget', workerId: worker.id, jobId: job.id, stages });
}

/**
 * Has a worker forget its blocks of a stage when none of them counts, nor does it run tasks of it, nor takes over blocks of it: others have made them, or
 * nobody could have them from it. Single blocks can't be named: beside some that count they stay until the stage or the job is forgotten.
 */
export function forgetUncounted(job: JobRun, stage: number, worker: WorkerRun, effects: Effect[]): void {
  // Those that it has got so far count when it says that it has them.
  let counts = worker.taking?.job === job && worker.taking.stage === stage;
  job.stages[stage]?.tasks?.forEachOf(worker.ordinal, () => {
    counts = true;
  });
  if (!counts && job.workers.has(worker))
    effects.push({ type: 'SendForget', workerId: worker.id, jobId: job.id, stages: [stage] });
}

/** Has the workers forget all that they have of a job. */
export function forgetEverywhere(job: JobRun, effects: Effect[]): void {
  forgetStages(job, [], effects);
  job.workers.clear();
}
