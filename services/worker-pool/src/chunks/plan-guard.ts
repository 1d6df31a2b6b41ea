import { HyperslabError } from '@hyperslab/errors';

/**
 * Looks, for one reader, whether blocks of a job are still of the plan that the reader knows: one that was planned again, with a dataset that was published in between, makes
 * another result. A worker that has not heard of it yet still has the blocks of before; one that was told to forget the job may find those that come after.
 * @param fingerprintOf of the plan by which a job is known here; empty where it is not
 * @param wanted the reader's; empty where it says none
 */
export function planGuard(fingerprintOf: (jobId: string) => string, wanted: string): (jobId: string) => void {
  const known = new Set<string>();
  /** @throws HyperslabError UNAVAILABLE: soon the worker hears of it, and the reader, when it asks for the job */
  return (jobId) => {
    const now = fingerprintOf(jobId);
    if (wanted === '' || (now === '' && !known.has(jobId))) return;
    known.add(jobId);
    if (now === wanted) return;
    throw new HyperslabError(
      'UNAVAILABLE',
      `job ${jobId} was planned again, and this worker knows it by another plan; try again in a moment`,
      { job: jobId },
    );
  };
}
