import { setTimeout as sleep } from 'node:timers/promises';
import { HyperslabError } from '@hyperslab/errors';
import { type Job, SchedulerServiceService } from '@hyperslab/proto/scheduler';
import { implement, jobError, type ServedService, serverStream, unary } from '@hyperslab/rpc';
import { watchCluster } from './history/watch-cluster.ts';
import type { DatasetFetches } from './jobs/dataset-fetches.ts';
import { jobPage } from './jobs/job-page.ts';
import { readersView } from './jobs/job-view.ts';
import { requireJob, watchJob } from './jobs/watch-job.ts';
import type { Scheduler } from './scheduler.ts';
import type { Explain } from './submit/explain.ts';
import type { Submissions } from './submit/submissions.ts';
import { clusterView } from './workers/cluster-view.ts';

/** A version that is being committed gets this long to be there before its job is cancelled. */
const commitGraceMs = 300;

/** What SchedulerService needs. */
export interface SchedulerParts {
  scheduler: Scheduler;
  submissions: Submissions;
  fetches: DatasetFetches;
  explain: Explain;
}

/** SchedulerService: turns requests into events and state into answers. */
export function schedulerService({
  scheduler,
  submissions,
  fetches,
  explain,
}: SchedulerParts): ServedService {
  const { state, changes, history } = scheduler;
  const view = (jobId: string) => readersView(state, requireJob(state, jobId));
  return implement(SchedulerServiceService, {
    submitCompute: unary((value, { caller, signal }) =>
      submissions.submit(caller, { $case: 'compute', value }, signal),
    ),
    submitPublish: unary((value, { caller, signal }) =>
      submissions.submit(caller, { $case: 'publish', value }, signal),
    ),
    submitInspect: unary((value, { caller, signal }) =>
      submissions.submit(caller, { $case: 'inspect', value }, signal),
    ),
    explain: unary(({ expression }, { signal }) => explain(expression, signal)),
    getJob: unary(async ({ jobId }, { signal }) => {
      await scheduler.recovered(jobId, signal);
      return view(jobId);
    }),
    watchJob: serverStream(async function* ({ jobId }, { signal }): AsyncGenerator<Job> {
      await scheduler.recovered(jobId, signal);
      yield* watchJob(state, changes, jobId, signal);
    }),
    getInspection: unary(({ jobId }) => {
      const job = requireJob(state, jobId);
      const dataset = fetches.inspection(jobId);
      if (dataset !== undefined) return dataset;
      const message =
        job.kind === 'inspect'
          ? `job ${jobId}: it is ${job.phase} and has no dataset; watch it until it has succeeded`
          : `job ${jobId}: it is no inspection`;
      throw new HyperslabError('INVALID_ARGUMENT', message);
    }),
    listJobs: unary((request) => jobPage(state, request)),
    cancelJob: unary(async ({ jobId }, { signal }) => {
      const hadEnded = await scheduler.recoveredForCancel(jobId, signal);
      requireJob(state, jobId);
      if (!hadEnded) await cancelJob(scheduler, fetches, jobId);
      return view(jobId);
    }),
    releaseJob: unary(async ({ jobId }, { signal }) => {
      await scheduler.recoveredForRelease(jobId, signal);
      requireJob(state, jobId);
      scheduler.dispatch({ type: 'ReleaseRequested', jobId });
      return {};
    }),
    getCluster: unary(() => clusterView(state, history)),
    watchCluster: serverStream((request, { signal }) => watchCluster(state, history, request, signal), {
      unbuffered: true,
    }),
    reportScaling: unary(({ decision }) => {
      if (decision !== undefined) history.scaled(decision, Date.now());
      return {};
    }),
  });
}

async function cancelJob(scheduler: Scheduler, fetches: DatasetFetches, jobId: string): Promise<void> {
  if (fetches.isCommitting(jobId)) {
    const patience = AbortSignal.timeout(commitGraceMs);
    await scheduler.changes.next(jobId, patience).catch(() => sleep(0));
  }
  const uncertain = fetches.isCommitting(jobId)
    ? jobError(
        new HyperslabError('CANCELLED', 'cancelled while the catalog committed; the version may be visible'),
      )
    : undefined;
  scheduler.dispatch({ type: 'CancelRequested', jobId, remark: uncertain });
}
