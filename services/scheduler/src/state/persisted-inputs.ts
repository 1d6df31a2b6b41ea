import type { Plan } from '@hyperslab/proto/expression';
import type { JobError } from '@hyperslab/proto/scheduler';
import { isComputation } from './computation.ts';
import type { JobRun, SchedulerState } from './scheduler-state.ts';
import { taskStates } from './task-table.ts';

/** Jobs whose results a plan reads. */
export function jobsReadBy({ sources }: Plan): string[] {
  return [...new Set(sources.flatMap(({ persisted }) => persisted?.jobId ?? []))];
}

/**
 * What others have persisted, or was kept, and a job reads stays while it does, also when it is released meanwhile: until the job is released, too,
 * for its blocks may have to be made again.
 */
export function startReading(state: SchedulerState, job: JobRun): void {
  for (const id of job.inputJobs) {
    const read = resultOf(state, id);
    if (read === undefined) continue;
    job.reads.add(read);
    read.readers.add(job);
    // What is kept for nobody reads nothing; from now on its blocks may have to be made again.
    if (state.kept.delete(read)) startReading(state, read);
  }
}

/**
 * Whether lost blocks of a result could be made again: all that it is made of is there, and all that that is made of. What is kept for nobody reads nothing until
 * somebody needs it.
 */
export function hasInputs(state: SchedulerState, job: JobRun): boolean {
  // One after the other: results may be made of each other in a row of thousands.
  const needed = new Set([job]);
  for (const each of needed) {
    for (const id of each.inputJobs) {
      const read = resultOf(state, id);
      if (read === undefined || (!each.reads.has(read) && !state.kept.has(each))) return false;
      needed.add(read);
    }
  }
  return true;
}

/** A job whose result can be read, or will be; undefined when that is gone. */
function resultOf(state: SchedulerState, id: string): JobRun | undefined {
  const job = state.jobs.get(id);
  return job !== undefined && isComputation(job) && !job.released ? job : undefined;
}

/** A job whose result is needed to go on and is gone; undefined when there is none. */
export function goneInput({ inputJobs, reads }: JobRun): string | undefined {
  if (inputJobs.length === reads.size) return undefined;
  const there = new Set([...reads].map(({ id }) => id));
  return inputJobs.find((id) => !there.has(id));
}

/** Whether all blocks of what others have persisted and a job reads are there. */
export function readsComplete({ inputJobs, reads }: JobRun): boolean {
  for (const { stages } of reads) {
    const table = stages.at(-1)?.tasks;
    if (table?.complete !== true || table.counts[taskStates.freed] > 0) return false;
  }
  return inputJobs.length === reads.size;
}

/** Why a job fails whose input is gone. */
export function inputGone(jobId: string): JobError {
  const message = `job ${jobId}, whose result it reads: it was released or is gone; if you persisted it, do so again, else submit the expression again`;
  return { code: 5, reason: 'JOB_NOT_FOUND', message, details: { job: jobId } };
}
