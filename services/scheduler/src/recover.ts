import { setTimeout as sleep } from 'node:timers/promises';
import { asHyperslabError } from '@hyperslab/errors';
import { Plan } from '@hyperslab/proto/expression';
import { JobState } from '@hyperslab/proto/scheduler';
import { backoffMs, jobError } from '@hyperslab/rpc';
import type { Logger } from '@hyperslab/telemetry';
import { type JournalledJob, mustRunAgain } from './journal/recover-jobs.ts';
import type { Scheduler } from './scheduler.ts';
import type { SchedulerEvent } from './state/events.ts';
import type { PlannedRequest, PlanRequest } from './submit/plan-request.ts';
import { defineJob, type Submissions } from './submit/submissions.ts';

/** After a restart, workers have this long to say what they hold before anything is made again. */
const graceMs = 3_000;
const retry = { firstMs: 100, longestMs: 2_000 };

const phases = {
  [JobState.JOB_STATE_SUCCEEDED]: 'succeeded',
  [JobState.JOB_STATE_FAILED]: 'failed',
} as Partial<Record<JobState, 'succeeded' | 'failed'>>;

/** Gives the scheduler back the jobs that it had: those that must be run again, and how the others ended. */
export async function recover(
  scheduler: Scheduler,
  submissions: Submissions,
  plan: PlanRequest,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  for await (const job of scheduler.journal.jobs()) {
    const { jobId, request } = job.accepted;
    if (request === undefined || scheduler.knows(jobId)) continue;
    if (mustRunAgain(job)) {
      const unwanted = new AbortController();
      const arrival = runAgain(scheduler, job, plan, log, { stopped: signal, unwanted: unwanted.signal });
      scheduler.recovering(jobId, {
        arrival,
        hadEnded: job.ended !== undefined,
        giveUp: () => unwanted.abort(),
      });
      submissions.restore(jobId, request, arrival);
    } else if (job.ended !== undefined) {
      restoreEnded(scheduler, job);
      // The client of an ended publish may ask once more; a computation's result is gone and is made anew.
      if (request.$case === 'publish') submissions.restore(jobId, request, Promise.resolve());
    }
  }
}

function restoreEnded(scheduler: Scheduler, { accepted, ended, submittedMs, endedMs }: JournalledJob): void {
  const { jobId, caller, request } = accepted;
  if (request === undefined || ended === undefined || request.$case !== 'publish') return;
  const job = defineJob(jobId, caller, request, unplanned(request.value.name));
  scheduler.dispatch({
    type: 'JobRestored',
    job: {
      ...job,
      resumed: true,
      submittedMs,
      startAfterMs: 0,
      phase: phases[ended.state] ?? 'cancelled',
      error: ended.error,
      published: ended.published,
      cubes: ended.cubes,
      endedMs: endedMs ?? submittedMs,
    },
  });
}

/** Plans a job as before and hands it to the scheduler; waits for the catalog as long as that takes, and as the job is wanted. */
async function runAgain(
  scheduler: Scheduler,
  journalled: JournalledJob,
  plan: PlanRequest,
  log: Logger,
  { stopped, unwanted }: { stopped: AbortSignal; unwanted: AbortSignal },
): Promise<void> {
  const { accepted, submittedMs } = journalled;
  const { jobId, caller, request, resolvedDatasets } = accepted;
  if (request === undefined) return;
  const signal = AbortSignal.any([stopped, unwanted]);
  for (let attempt = 1; !stopped.aborted; attempt++) {
    try {
      signal.throwIfAborted();
      const planned = await plan(jobId, request, resolvedDatasets, signal);
      const job = defineJob(jobId, caller, request, planned);
      const startAfterMs = Date.now() + (request.$case === 'compute' ? graceMs : 0);
      scheduler.dispatch({ type: 'JobAccepted', job: { ...job, resumed: true, submittedMs, startAfterMs } });
      log.info({ job: jobId, kind: job.kind }, 'job resumed');
      return;
    } catch (error) {
      if (stopped.aborted) return;
      const end = unwanted.aborted
        ? ({ type: 'CancelRequested', jobId } as const)
        : mayPass(error)
          ? undefined
          : ({ type: 'JobFailed', jobId, error: jobError(error) } as const);
      if (end !== undefined) {
        endUnplanned(scheduler, journalled, end);
        return;
      }
      if (attempt === 1) log.warn({ err: error, job: jobId }, 'could not plan a job again yet');
      await sleep(backoffMs(attempt, retry), undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Whether planning may go well later: the catalog, or the worker that reads a coordinate, is away or slow. */
function mayPass(error: unknown): boolean {
  const { retryable, reason } = asHyperslabError(error);
  return retryable || reason === 'DEADLINE_EXCEEDED';
}

/** A request that nobody plans. */
function unplanned(description: string, stages: { tasks: number }[] = []): PlannedRequest {
  return { plan: Plan.fromPartial({ stages }), description, resolvedDatasets: {} };
}

/** Lets a job end that is not planned again: as one whose only task nobody is given, for a plan without tasks would be done. */
function endUnplanned(
  scheduler: Scheduler,
  { accepted, submittedMs }: JournalledJob,
  end: SchedulerEvent,
): void {
  const { jobId, caller, request } = accepted;
  if (request === undefined) return;
  const job = defineJob(jobId, caller, request, unplanned(request.$case, [{ tasks: 1 }]));
  const startAfterMs = Number.POSITIVE_INFINITY;
  scheduler.dispatch({ type: 'JobAccepted', job: { ...job, resumed: true, submittedMs, startAfterMs } });
  scheduler.dispatch(end);
}
