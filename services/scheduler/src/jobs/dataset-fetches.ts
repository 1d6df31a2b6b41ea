import { setTimeout as sleep } from 'node:timers/promises';
import { asHyperslabError } from '@hyperslab/errors';
import type { CatalogServiceClient } from '@hyperslab/proto/catalog';
import { Dataset } from '@hyperslab/proto/cube';
import { LocateBlocksRequest } from '@hyperslab/proto/scheduler';
import { backoffMs, call, jobError } from '@hyperslab/rpc';
import type { Logger } from '@hyperslab/telemetry';
import type { Scheduler } from '../scheduler.ts';
import type { JobRun } from '../state/scheduler-state.ts';
import { fetchBlock } from '../workers/fetch-block.ts';
import type { WorkerClients } from '../workers/worker-clients.ts';
import { locateBlocks } from './locate-blocks.ts';

const retry = { firstMs: 100, longestMs: 2_000 };
const commitDeadlineMs = 30_000;
/** Tries to fetch a dataset before its job fails, and before its block counts as lost where it is. */
const mostTries = 12;
const triesAtWorker = 4;

interface Fetch {
  controller: AbortController;
  /** CommitVersion is on its way: whether the version will be there can't be known without its answer. */
  committing: boolean;
}

/** Brings the datasets that publishes and inspections made to where they belong. */
export class DatasetFetches {
  readonly #scheduler: Scheduler;
  readonly #catalog: CatalogServiceClient;
  readonly #workers: WorkerClients;
  readonly #log: Logger;
  readonly #running = new Map<string, Fetch>();
  readonly #inspections = new Map<string, Dataset>();

  constructor(scheduler: Scheduler, catalog: CatalogServiceClient, workers: WorkerClients, log: Logger) {
    this.#scheduler = scheduler;
    this.#catalog = catalog;
    this.#workers = workers;
    this.#log = log;
  }

  /** Fetches the dataset of a job and commits that of a publish; tells the scheduler when it is done. */
  start(job: JobRun): void {
    const fetch: Fetch = { controller: new AbortController(), committing: false };
    this.#running.set(job.id, fetch);
    this.#run(job, fetch)
      .catch((error) => {
        if (fetch.controller.signal.aborted) return;
        this.#scheduler.dispatch({ type: 'JobFailed', jobId: job.id, error: jobError(error) });
      })
      .finally(() => this.#running.delete(job.id));
  }

  /** Whether a version may become visible although its job is cancelled now. */
  isCommitting(jobId: string): boolean {
    return this.#running.get(jobId)?.committing ?? false;
  }

  cancel(jobId: string): void {
    this.#running.get(jobId)?.controller.abort();
  }

  /** What an inspection found; undefined when it is not kept. */
  inspection(jobId: string): Dataset | undefined {
    return this.#inspections.get(jobId);
  }

  forget(jobId: string): void {
    this.#inspections.delete(jobId);
  }

  close(): void {
    for (const { controller } of this.#running.values()) controller.abort();
  }

  async #run(job: JobRun, fetch: Fetch): Promise<void> {
    const { signal } = fetch.controller;
    const dataset = await this.#fetch(job, signal);
    if (job.kind === 'inspect') {
      this.#inspections.set(job.id, dataset);
      this.#done(job.id, '', dataset);
      return;
    }
    fetch.committing = true;
    const committed = await this.#commit(job, dataset, fetch);
    this.#done(job.id, `${committed.name}@${committed.version}`, dataset);
  }

  #done(jobId: string, published: string, { cubes, provenance }: Dataset): void {
    const leftOut = provenance?.leftOut ?? [];
    this.#scheduler.dispatch({ type: 'CommitDone', jobId, published, cubes: cubes.length, leftOut });
  }

  /**
   * Waits for the block when its worker goes away: it is made again. One that can't be had from its worker is taken to
   * be lost there, and after `mostTries` the job fails.
   */
  async #fetch(job: JobRun, signal: AbortSignal): Promise<Dataset> {
    const stage = job.plan.stages.length - 1;
    const { state, changes } = this.#scheduler;
    for (let attempt = 1; ; attempt++) {
      const where = LocateBlocksRequest.fromPartial({ jobId: job.id, stage, count: 1 });
      const { addresses } = await locateBlocks(state, changes, where, signal);
      const { listing } = job;
      try {
        const client = this.#workers.at(addresses[0]);
        const bytes = await fetchBlock(client, { jobId: job.id, stage, task: 0, listing }, signal);
        return Dataset.decode(bytes);
      } catch (error) {
        signal.throwIfAborted();
        const failure = asHyperslabError(error);
        this.#log.warn({ err: failure, job: job.id }, 'could not fetch the dataset; trying again');
        if (attempt >= mostTries) throw failure;
        if (attempt % triesAtWorker === 0) this.#lose(job, addresses[0]);
        await sleep(backoffMs(attempt, retry), undefined, { signal });
      }
    }
  }

  #lose(job: JobRun, address: string): void {
    const worker = [...this.#scheduler.state.workers.values()].find((each) => each.address === address);
    if (worker === undefined) return;
    const [jobId, stage, { listing }] = [job.id, job.plan.stages.length - 1, job];
    this.#scheduler.dispatch({ type: 'BlocksLost', workerId: worker.id, jobId, stage, tasks: [0], listing });
  }

  /** Asks for the version until the catalog answers: the same request_id gives the same version. */
  async #commit(job: JobRun, made: Dataset, fetch: Fetch): Promise<Dataset> {
    const dataset = { ...made, name: job.plan.publish?.name ?? '' };
    const { unlessSame } = job.plan.publish ?? {};
    const request = { requestId: `publish-${job.id}`, dataset, unlessSame };
    const { signal } = fetch.controller;
    for (let attempt = 1; ; attempt++) {
      try {
        const options = { signal, deadlineMs: commitDeadlineMs, caller: job.caller };
        return await call(this.#catalog, 'commitVersion', request, options);
      } catch (error) {
        signal.throwIfAborted();
        const { status } = asHyperslabError(error);
        if (status !== 'UNAVAILABLE' && status !== 'DEADLINE_EXCEEDED') {
          // The catalog does not take it: no version will be visible.
          if (status === 'INVALID_ARGUMENT') fetch.committing = false;
          throw error;
        }
        this.#log.warn({ err: error, job: job.id }, 'the catalog does not commit; trying again');
        await sleep(backoffMs(attempt, retry), undefined, { signal });
      }
    }
  }
}
