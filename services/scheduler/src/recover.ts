import { setTimeout as sleep } from 'node:timers/promises';
import { asHyperslabError } from '@hyperslab/errors';
import { Plan } from '@hyperslab/proto/expression';
import { JobState } from '@hyperslab/proto/scheduler';
import { backoffMs, jobError } from '@hyperslab/rpc';
import type { Logger } from '@hyperslab/telemetry';
import { type JournalledJob, mustRunAgain } from './journal/recover-jobs.ts';
import type { Scheduler } from './scheduler.ts';
import type { PlanRequest } from './submit/plan-request.ts';
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
      const arrival = runAgain(scheduler, job, plan, log, signal);
      scheduler.recovering(jobId, arrival);
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
  const job = defineJob(jobId, caller, request, Plan.fromPartial({}), request.value.name);
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

/** Plans a job as before and hands it to the scheduler; waits for the catalog as long as that takes. */
async function runAgain(
  scheduler: Scheduler,
  { accepted, submittedMs }: JournalledJob,
  plan: PlanRequest,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  const { jobId, caller, request, resolvedDatasets } = accepted;
  if (request === undefined) return;
  for (let attempt = 1; !signal.aborted; attempt++) {
    try {
      const planned = await plan(jobId, request, resolvedDatasets, signal);
      const job = defineJob(jobId, caller, request, planned.plan, planned.description);
      const startAfterMs = Date.now() + (request.$case === 'compute' ? graceMs : 0);
      scheduler.dispatch({ type: 'JobAccepted', job: { ...job, resumed: true, submittedMs, startAfterMs } });
      log.info({ job: jobId, kind: job.kind }, 'job resumed');
      return;
    } catch (error) {
      if (signal.aborted) return;
      if (!asHyperslabError(error).retryable) {
        const job = defineJob(jobId, caller, request, Plan.fromPartial({ stages: [{}] }), request.$case);
        scheduler.dispatch({
          type: 'JobAccepted',
          job: { ...job, resumed: true, submittedMs, startAfterMs: Number.POSITIVE_INFINITY },
        });
        scheduler.dispatch({ type: 'JobFailed', jobId, error: jobError(error) });
        return;
      }
      if (attempt === 1) log.warn({ err: error, job: jobId }, 'could not plan a job again yet');
      await sleep(backoffMs(attempt, retry), undefined, { signal }).catch(() => undefined);
    }
  }
}
