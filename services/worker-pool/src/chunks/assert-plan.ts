import { HyperslabError } from '@hyperslab/errors';

/**
 * Blocks of a job that was planned again, with a dataset that was published in between, are of another result. A worker that has not heard of it yet still has those of before.
 * @param known fingerprint of the plan by which this worker knows the job; empty where it does not
 * @param wanted the reader's; empty where it says none
 * @throws HyperslabError UNAVAILABLE: soon the worker hears of it
 */
export function assertPlan(jobId: string, known: string, wanted: string): void {
  if (known === wanted || known === '' || wanted === '') return;
  throw new HyperslabError(
    'UNAVAILABLE',
    `job ${jobId} was planned again, and this worker knows it by another plan; try again in a moment`,
    { job: jobId },
  );
}
