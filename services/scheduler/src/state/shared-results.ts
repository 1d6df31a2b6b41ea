import { sharesResultsSince } from '@hyperslab/rpc';
import { startReading } from './persisted-inputs.ts';
import type { JobDefinition, JobRun, SchedulerState } from './scheduler-state.ts';

/** Whether the blocks of a job depend on its plan alone, so that equal ones may share them, and nothing else comes of it. */
export function isComputation({ kind, plan }: JobDefinition): boolean {
  return (kind === 'compute' || kind === 'persist') && plan.output === undefined;
}

/** The job whose blocks and tasks are those of a job: its lender, or the job itself. */
export function runOf(job: JobRun): JobRun {
  return job.lender ?? job;
}

/**
 * A computation of the same plan that runs or has its blocks, if there is one. A plan says which versions of datasets are read. What is to be persisted does
 * not borrow: its own blocks are found again after a restart.
 */
export function lenderFor(state: SchedulerState, job: JobRun): JobRun | undefined {
  if (job.kind !== 'compute') return undefined;
  const lender = state.lenders.get(job.fingerprint);
  if (lender === undefined || !hasKernels(state, lender)) return undefined;
  // Others would look for the blocks under the borrower's name.
  for (const { protocolVersion } of state.workers.values())
    if (protocolVersion < sharesResultsSince) return undefined;
  return lender;
}

/** Whether what a job has may be gone on with: its kernels are not only those of workers that are about to go. */
function hasKernels(state: SchedulerState, { kernelVersion }: JobRun): boolean {
  return kernelVersion === undefined || (state.open.get(kernelVersion)?.count ?? 0) > 0;
}

/** Makes the blocks of one job the result of an equal one. */
export function lend(state: SchedulerState, lender: JobRun, job: JobRun, now: number): void {
  job.lender = lender;
  lender.borrowers.add(job);
  lender.readMs = now;
  // What is kept for nobody needs nothing to be made again.
  if (state.kept.delete(lender)) startReading(state, lender);
}

/** The blocks of a job are gone, or it needs those of another no more: answers that. */
export function endSharing(state: SchedulerState, job: JobRun): JobRun | undefined {
  state.kept.delete(job);
  if (state.lenders.get(job.fingerprint) === job) state.lenders.delete(job.fingerprint);
  const { lender } = job;
  job.lender = undefined;
  lender?.borrowers.delete(job);
  return lender;
}
