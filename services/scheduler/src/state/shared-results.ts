import { readsPersistedSince, sharesResultsSince } from '@hyperslab/rpc';
import { hasInputs, startReading } from './persisted-inputs.ts';
import type { JobRun, SchedulerState } from './scheduler-state.ts';
import { taskStates } from './task-table.ts';

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
  return allSpeak(state, sharesResultsSince) ? lender : undefined;
}

/** Whether a part of what a job has computed may be read instead of computed: it is all there, and what is lost of it meanwhile can be made again. */
export function mayBeReadInPart(state: SchedulerState, job: JobRun): boolean {
  if (job.phase !== 'succeeded' || job.released || !hasKernels(state, job)) return false;
  const table = job.stages.at(-1)?.tasks;
  const isWhole = table?.complete === true && table.counts[taskStates.freed] === 0;
  return isWhole && allSpeak(state, readsPersistedSince) && hasInputs(state, job);
}

function allSpeak(state: SchedulerState, version: number): boolean {
  return [...state.workers.values()].every(({ protocolVersion }) => protocolVersion >= version);
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
