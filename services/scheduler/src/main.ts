import { join } from 'node:path';
import { BackupServiceClient } from '@hyperslab/proto/backup';
import { CatalogServiceClient } from '@hyperslab/proto/catalog';
import { connect, type RunningService, runService, type ServiceEnvironment, serve } from '@hyperslab/rpc';
import { openObjectStore } from '@hyperslab/storage';
import { DatasetFetches } from './jobs/dataset-fetches.ts';
import { StoredArrays } from './jobs/stored-arrays.ts';
import { createBackupLink } from './journal/backup-link.ts';
import { Journal } from './journal/journal.ts';
import { observeState } from './observe-state.ts';
import { recover } from './recover.ts';
import { Scheduler } from './scheduler.ts';
import { schedulerService } from './scheduler-service.ts';
import { CatalogDatasets } from './submit/catalog-datasets.ts';
import { createExplain } from './submit/explain.ts';
import { planExpressions } from './submit/plan-expressions.ts';
import { createPlanRequest } from './submit/plan-request.ts';
import { Submissions } from './submit/submissions.ts';
import { WorkerClients } from './workers/worker-clients.ts';
import { workerLinkService } from './workers/worker-link-service.ts';

/** A worker that has not reported for this long counts as gone, milliseconds; it reports every second. */
const silenceMs = 15_000;
const rememberedJobs = 1_000;

await runService('scheduler', start);

async function start({ config, log, metrics }: ServiceEnvironment): Promise<RunningService> {
  const stopped = new AbortController();
  const backup = connect(BackupServiceClient, config.metadataBackup, { caller: 'scheduler' });
  const catalog = connect(CatalogServiceClient, config.catalog, { caller: 'scheduler' });
  const workers = new WorkerClients();

  const path = join(config.state, 'scheduler', 'journal');
  const compactAfter = { events: config.journalCompactEvents, bytes: config.journalCompactBytes };
  const options = { rememberedJobs, compactAfter };
  const journal = await Journal.open(path, createBackupLink(backup), log, stopped.signal, options);
  const limits = { resultTtlMs: config.resultTtl, silenceMs, rememberedJobs };
  const scheduler = new Scheduler(limits, journal, log);
  const datasets = new CatalogDatasets(catalog, workers, scheduler.state);
  const plan = createPlanRequest(planExpressions(datasets));
  const submissions = new Submissions(scheduler, plan);
  const fetches = new DatasetFetches(scheduler, catalog, workers, log);
  const arrays = new StoredArrays(openObjectStore(config.objects), log);
  scheduler.attach(fetches, arrays, (jobId) => {
    submissions.forget(jobId);
    fetches.forget(jobId);
  });
  const takeUp = () => recover(scheduler, submissions, plan, log, stopped.signal);
  await takeUp();
  journal.start(() => {
    takeUp().catch((error) => log.error({ err: error }, 'could not take up jobs that the backup knows'));
  });

  observeState(metrics, scheduler.state, scheduler.history);
  const explain = createExplain(datasets);
  const server = await serve({
    service: 'scheduler',
    bind: config.bind,
    port: config.schedulerPort,
    services: [schedulerService({ scheduler, submissions, fetches, explain }), workerLinkService(scheduler)],
    log,
    metrics,
    readiness: () => journal.problem,
    requestTimeoutMs: config.requestTimeout,
  });
  return {
    async stop(graceMs) {
      stopped.abort();
      // Workers' connections last until they are ended: without this, the server would wait for them.
      scheduler.close();
      await server.stop(graceMs);
      await journal.close();
      await arrays.close();
      workers.close();
      catalog.close();
      backup.close();
    },
  };
}
