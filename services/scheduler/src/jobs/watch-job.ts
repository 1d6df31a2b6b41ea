import { HyperslabError } from '@hyperslab/errors';
import type { Job } from '@hyperslab/proto/scheduler';
import { hasEnded, type JobRun, type SchedulerState } from '../state/scheduler-state.ts';
import type { JobChanges } from './job-changes.ts';
import { jobView } from './job-view.ts';

/** A watcher hears of a job at most this often, but of its end at once. */
const intervalMs = 100;

/** The job now and after each change, changes within a tenth of a second together; ends when the job has ended. */
export async function* watchJob(
  state: SchedulerState,
  changes: JobChanges,
  jobId: string,
  signal: AbortSignal,
): AsyncGenerator<Job> {
  for (let last = requireJob(state, jobId); ; last = state.jobs.get(jobId) ?? last) {
    const change = hasEnded(last) ? undefined : changes.next(jobId, signal);
    // A reader that goes while the message is on its way is no unhandled rejection.
    change?.catch(() => undefined);
    yield jobView(last, state);
    if (change === undefined) return;
    await change;
    const now = state.jobs.get(jobId);
    if (now !== undefined && !hasEnded(now)) await changes.ended(jobId, intervalMs, signal);
  }
}

/** @throws HyperslabError JOB_NOT_FOUND */
export function requireJob(state: SchedulerState, jobId: string): JobRun {
  const job = state.jobs.get(jobId);
  if (job === undefined) throw new HyperslabError('JOB_NOT_FOUND', `job ${jobId}: no such job`);
  return job;
}
