import { join } from 'node:path';
import { BackupServiceClient } from '@hyperslab/proto/backup';
import { CatalogServiceClient } from '@hyperslab/proto/catalog';
import { connect, type ServedService, type ServiceEnvironment } from '@hyperslab/rpc';
import { openObjectStore } from '@hyperslab/storage';
import { DatasetFetches } from './jobs/dataset-fetches.ts';
import { KeptIndexes } from './jobs/kept-indexes.ts';
import { StoredArrays } from './jobs/stored-arrays.ts';
import { createBackupLink } from './journal/backup-link.ts';
import { Journal } from './journal/journal.ts';
import { type Fence, fencedLink, unfenced } from './lead/fence.ts';
import { observeState } from './observe-state.ts';
import { recover } from './recover.ts';
import { Scheduler } from './scheduler.ts';
import { schedulerService } from './scheduler-service.ts';
import { CatalogDatasets } from './submit/catalog-datasets.ts';
import { createExplain } from './submit/explain.ts';
import { PersistedResults } from './submit/persisted-results.ts';
import { planExpressions } from './submit/plan-expressions.ts';
import { createPlanRequest } from './submit/plan-request.ts';
import { Submissions } from './submit/submissions.ts';
import { WorkerClients } from './workers/worker-clients.ts';
import { workerLinkService } from './workers/worker-link-service.ts';

/** A worker that has not reported for this long counts as gone, milliseconds; it reports every second. */
const silenceMs = 15_000;
const rememberedJobs = 1_000;

/** A scheduler at work. */
export interface Scheduling {
  schedulerService: ServedService;
  workerLinkService: ServedService;
  /** What keeps it from its work. */
  problem(): string | undefined;
  /** Begins no more and hangs up on workers, whose connections last until they are ended. */
  wind(): void;
  /** Writes what is left to write and lets go of everything; after the last call was answered. */
  close(): Promise<void>;
}

/** Where several schedulers take turns. */
export interface TakingTurns {
  fence: Fence;
  /** Ends the start. */
  signal: AbortSignal;
}

/** Opens the journal, takes up the jobs that are in it, and is ready for calls. */
export async function startScheduling(
  { config, log, metrics }: ServiceEnvironment,
  turns?: TakingTurns,
): Promise<Scheduling> {
  const stopped = new AbortController();
  const signal = turns ? AbortSignal.any([stopped.signal, turns.signal]) : stopped.signal;
  const fence = turns?.fence ?? unfenced;
  const backup = connect(BackupServiceClient, config.metadataBackup, { caller: 'scheduler' });
  const catalog = connect(CatalogServiceClient, config.catalog, { caller: 'scheduler' });
  const workers = new WorkerClients();

  const compactAfter = { events: config.journalCompactEvents, bytes: config.journalCompactBytes };
  const options = { rememberedJobs, compactAfter, othersMayWrite: turns !== undefined };
  const link = fencedLink(createBackupLink(backup), fence);
  const journal = await Journal.open(journalPath(config.state), link, log, signal, options);
  const limits = {
    resultTtlMs: config.resultTtl,
    keptResultBytes: config.keptResultBytes,
    keptResultMs: config.keptResultAge,
    silenceMs,
    rememberedJobs,
  };
  const scheduler = new Scheduler(limits, journal, log, fence);
  const datasets = new CatalogDatasets(catalog, workers, scheduler.state);
  const named = { datasets, results: new PersistedResults(scheduler) };
  const plan = createPlanRequest(planExpressions(named, scheduler.state));
  const submissions = new Submissions(scheduler, plan);
  const fetches = new DatasetFetches(scheduler, catalog, workers, log);
  const arrays = new StoredArrays(openObjectStore(config.objects), log, { fence });
  const indexes = new KeptIndexes(
    openObjectStore(config.objects),
    { ageMs: config.indexAge, bytes: config.indexBytes },
    log,
    fence,
  );
  scheduler.attach(fetches, arrays, (jobId) => {
    submissions.forget(jobId);
    fetches.forget(jobId);
  });
  const takeUp = () => recover(scheduler, submissions, plan, log, signal);
  await takeUp();
  journal.start(() => {
    takeUp().catch((error) => log.error({ err: error }, 'could not take up jobs that the backup knows'));
  });

  observeState(metrics, scheduler.state, scheduler.history);
  const explain = createExplain(named, scheduler.state);
  return {
    schedulerService: schedulerService({ scheduler, submissions, fetches, explain }),
    workerLinkService: workerLinkService(scheduler),
    problem: () => journal.problem,
    wind() {
      stopped.abort();
      scheduler.close();
    },
    async close() {
      await journal.close();
      await arrays.close();
      await indexes.close();
      workers.close();
      catalog.close();
      backup.close();
    },
  };
}

/** Where the local journal lies. */
export function journalPath(state: string): string {
  return join(state, 'scheduler', 'journal');
}
