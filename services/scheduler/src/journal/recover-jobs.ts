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

/**
 * Jobs as the events tell them, publishes that are over as soon as that is told and the others at the end. Events of
 * unknown jobs are passed over.
 */
export async function* recoverJobs(
  events: AsyncIterable<SchedulerEvent> | Iterable<SchedulerEvent>,
): AsyncGenerator<JournalledJob, void, undefined> {
  const jobs = new Map<string, JournalledJob>();
  for await (const { change, time } of events) {
    const timeMs = time?.getTime() ?? 0;
    if (change?.$case === 'accepted') {
      jobs.set(change.value.jobId, { accepted: change.value, submittedMs: timeMs, released: false });
      continue;
    }
    const job = jobs.get(change?.value.jobId ?? '');
    if (change === undefined || job === undefined) continue;
    if (change.$case === 'released') job.released = true;
    else {
      job.ended = change.value;
      job.endedMs = timeMs;
      if (job.accepted.request?.$case !== 'publish') continue;
      jobs.delete(change.value.jobId);
      yield job;
    }
  }
  yield* jobs.values();
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
