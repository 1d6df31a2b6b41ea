import { randomUUID } from 'node:crypto';
import { HyperslabError, isHyperslabError } from '@hyperslab/errors';
import { type Job, JobPriority, JobState } from '@hyperslab/proto/scheduler';
import { call, fromJobError, openStream } from '@hyperslab/rpc/calls';
import { Backoff } from './backoff.ts';
import type { Connection } from './connection.ts';

/** How a job is to be followed. */
export interface JobOptions {
  /** Stops waiting and cancels the job. */
  signal?: AbortSignal;
  /** Told of each change, at most ten times a second. */
  onProgress?: (job: Job) => void;
  /** Names what is wanted: a repeat with the same id, from any process, answers what the first one did. */
  requestId?: string;
  /** High: before your other jobs. Low: when nobody's other jobs have anything to do. */
  priority?: Priority;
}

export type Priority = 'high' | 'normal' | 'low';

const priorities = {
  high: JobPriority.JOB_PRIORITY_HIGH,
  normal: undefined,
  low: JobPriority.JOB_PRIORITY_LOW,
};

/** What every request for a job says of it. */
export function jobFields({ requestId = newRequestId(), priority = 'normal' }: JobOptions) {
  return { requestId, priority: priorities[priority] };
}

/** Submits a job; the same request each time, so that it may be repeated. */
export type Submit = () => Promise<Job>;

/** A scheduler that lost the job this often in a row is not going to finish it. */
const resubmissionsAllowed = 5;
const cancelTimeoutMs = 5000;

/** An id for a request that is made only once. */
export function newRequestId(): string {
  return randomUUID();
}

/** True when a job is at its end. */
export function hasEnded(job: Job): boolean {
  return job.state >= JobState.JOB_STATE_SUCCEEDED;
}

/** Throws what a job failed with: its error, or CANCELLED. */
export function assertNotFailed(job: Job): void {
  if (job.state === JobState.JOB_STATE_CANCELLED) {
    throw new HyperslabError('CANCELLED', `job ${job.jobId} was cancelled`, { job: job.jobId });
  }
  if (job.state !== JobState.JOB_STATE_FAILED) return;
  if (job.error === undefined)
    throw new HyperslabError('INTERNAL', `job ${job.jobId} failed without saying why`);
  throw fromJobError(job.error);
}

/** Submits a job and follows it to its end. Throws what it failed with; aborting cancels it. */
export async function runJob(connection: Connection, submit: Submit, options: JobOptions): Promise<Job> {
  const { signal, onProgress } = options;
  let resubmissions = 0;
  let job = await submit();
  try {
    for (;;) {
      try {
        for await (job of watchJob(connection, job.jobId, signal)) onProgress?.(job);
        assertNotFailed(job);
        return job;
      } catch (error) {
        // A restarted scheduler may have forgotten what was not journalled; the same request makes it again.
        if (!isHyperslabError(error, 'JOB_NOT_FOUND') || ++resubmissions > resubmissionsAllowed) throw error;
        job = await submit();
      }
    }
  } finally {
    if (!hasEnded(job)) await cancelQuietly(connection, job.jobId);
  }
}

/** A job as it changes, to its end; goes on after a lost connection. */
export async function* watchJob(
  connection: Connection,
  jobId: string,
  signal?: AbortSignal,
): AsyncGenerator<Job> {
  const backoff = new Backoff({ patienceMs: connection.patienceMs, signal });
  for (;;) {
    try {
      const changes = openStream(connection.scheduler, 'watchJob', { jobId }, { signal });
      for await (const job of changes) {
        backoff.succeeded();
        yield job;
        if (hasEnded(job)) return;
      }
      throw new HyperslabError('UNAVAILABLE', `the scheduler stopped telling about job ${jobId}`, {
        job: jobId,
      });
    } catch (error) {
      await backoff.failed(error);
    }
  }
}

/** Cancels a job that nobody waits for any more. What goes wrong with that is of no interest to anyone. */
export async function cancelQuietly(connection: Connection, jobId: string): Promise<void> {
  await call(connection.scheduler, 'cancelJob', { jobId }, { deadlineMs: cancelTimeoutMs }).catch(() => {});
}

/** Gives back the memory of a result. If that fails, the scheduler does it after a time. */
export async function releaseQuietly(connection: Connection, jobId: string): Promise<void> {
  await call(connection.scheduler, 'releaseJob', { jobId }, { deadlineMs: cancelTimeoutMs }).catch(() => {});
}
