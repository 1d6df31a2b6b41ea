import type { JobAccepted, JobEnded, SchedulerEvent } from '@hyperslab/proto/scheduler';
import { JobState } from '@hyperslab/proto/scheduler';

/** A job as the journal tells it. */
export interface JournalledJob {
  accepted: JobAccepted;
  submittedMs: number;
  ended?: JobEnded;
  endedMs?: number;
  released: boolean;
}

/** Jobs in the order of their acceptance, as the events tell them. Events of unknown jobs are passed over. */
export function recoverJobs(events: Iterable<SchedulerEvent>): JournalledJob[] {
  const jobs = new Map<string, JournalledJob>();
  for (const { change, time } of events) {
    const timeMs = time?.getTime() ?? 0;
    if (change?.$case === 'accepted') {
      jobs.set(change.value.jobId, { accepted: change.value, submittedMs: timeMs, released: false });
    } else if (change !== undefined) {
      const job = jobs.get(change.value.jobId);
      if (job === undefined) continue;
      if (change.$case === 'released') job.released = true;
      else {
        job.ended = change.value;
        job.endedMs = timeMs;
      }
    }
  }
  return [...jobs.values()];
}

/**
 * Whether a job is to be run again after a restart: a publish that had not ended, and a persisted array that was not
 * released. The client of a plain computation or an inspection submits it again.
 */
export function mustRunAgain({ accepted, ended, released }: JournalledJob): boolean {
  if (accepted.request?.$case === 'publish') return ended === undefined;
  if (accepted.request?.$case !== 'compute' || !accepted.request.value.persist || released) return false;
  return ended === undefined || ended.state === JobState.JOB_STATE_SUCCEEDED;
}
