import type { CatalogEvent, DatasetSummary } from '@hyperslab/proto/catalog';
import type { Dataset as DatasetMetadata } from '@hyperslab/proto/cube';
import type { Cluster, ClusterUpdate, Job, JobState } from '@hyperslab/proto/scheduler';
import type { SavedResults } from '@hyperslab/results';
import { call } from '@hyperslab/rpc/calls';
import { type Aliases, aliasesOf } from './aliases.ts';
import { BackupClient } from './backup-client.ts';
import {
  type CallOptions,
  type ChangeOptions,
  listDatasets,
  listVersions,
  type Paging,
  pageOfDatasets,
  restore,
  type Search,
  unpublish,
  watchCatalog,
} from './catalog-calls.ts';
import type { Connection } from './connection.ts';
import { Dataset } from './dataset.ts';
import type { Endpoints } from './endpoints.ts';
import { type FollowOptions, follow } from './follow/follow.ts';
import type { FollowEvent } from './follow/follow-news.ts';
import { watchJob } from './jobs.ts';
import { LazyArray } from './lazy-array.ts';
import { eachItem, type Page } from './pages.ts';
import { PersistedArray } from './persisted-array.ts';
import {
  inspectFiles,
  type PublishArrayOptions,
  type Published,
  type PublishOptions,
  publishArray,
  publishFiles,
} from './publish.ts';
import type { ArrayToSave, SaveArrayOptions } from './save/save.ts';
import { type WatchClusterOptions, watchCluster } from './watch-cluster.ts';

const jobsPageSize = 200;

/**
 * A session with a mesh. Nothing is dialled before it is needed. Every method throws HyperslabError: UNAVAILABLE with
 * the address when a service can't be reached for the client's patience, CANCELLED when its signal is aborted.
 */
export class Client {
  /** What an operator asks of the backup. */
  readonly backup: BackupClient;
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.backup = new BackupClient(connection);
  }

  /** Where the services are. */
  get endpoints(): Endpoints {
    return this.#connection.endpoints;
  }

  /** Datasets that fit a search, or all, by name. */
  list(search: Search = {}): AsyncGenerator<DatasetSummary> {
    return listDatasets(this.#connection, search);
  }

  /** One page of them, for who shows pages; its token asks for the next. */
  listPage(search: Search = {}, paging: Paging = {}): Promise<Page<DatasetSummary>> {
    return pageOfDatasets(this.#connection, search, paging);
  }

  /** Opens "NAME", "NAME@3", "NAME@latest" or "NAME@alias". Throws DATASET_NOT_FOUND. */
  async open(reference: string, { signal }: CallOptions = {}): Promise<Dataset> {
    const options = this.#connection.repeatable(signal);
    return new Dataset(
      this.#connection,
      await call(this.#connection.catalog, 'getDataset', { reference }, options),
    );
  }

  /** Versions of a name, hidden ones too, newest first. */
  versions(name: string, options: CallOptions = {}): AsyncGenerator<DatasetSummary> {
    return listVersions(this.#connection, name, options);
  }

  /** Hides "NAME" or "NAME@3"; answers the versions that were visible. Nothing is deleted. */
  unpublish(reference: string, options: ChangeOptions = {}): Promise<number[]> {
    return unpublish(this.#connection, reference, options);
  }

  /** Undoes `unpublish`; answers the versions that were hidden. */
  restore(reference: string, options: ChangeOptions = {}): Promise<number[]> {
    return restore(this.#connection, reference, options);
  }

  /** The aliases of a name: "NAME@operational". */
  aliases(name: string): Aliases {
    return aliasesOf(this.#connection, name);
  }

  /** Events of the catalog from a sequence number on, as they happen. */
  watch(fromSequence = 1, options: CallOptions = {}): AsyncGenerator<CatalogEvent> {
    return watchCatalog(this.#connection, fromSequence, options);
  }

  /**
   * Publishes files (URLs, globs, prefixes) or a computed array as the next version of a name; done when it is durable
   * and visible to all. Aborting cancels the job; what was not acknowledged may then be published or not, never half.
   */
  publish(name: string, urls: readonly string[], options?: PublishOptions): Promise<Published>;
  publish(name: string, array: LazyArray, options?: PublishArrayOptions): Promise<Published>;
  publish(
    name: string,
    what: readonly string[] | LazyArray,
    options: PublishOptions & PublishArrayOptions = {},
  ): Promise<Published> {
    return what instanceof LazyArray
      ? publishArray(this.#connection, name, what, options)
      : publishFiles(this.#connection, name, what, options);
  }

  /**
   * Follows files that still come (globs, prefixes) and publishes them again and again, each time as a new version unless
   * nothing is new. Files that are known are not read again, those that are being written are left for later. Tells versions,
   * and what went wrong and is tried again, until the loop is left. Throws what no later try would mend.
   */
  follow(name: string, urls: readonly string[], options: FollowOptions = {}): AsyncGenerator<FollowEvent> {
    return follow(this.#connection, name, urls, options);
  }

  /** What a publish of these files would make; publishes nothing. */
  inspect(urls: readonly string[], options: PublishOptions = {}): Promise<DatasetMetadata> {
    return inspectFiles(this.#connection, urls, options);
  }

  /** Jobs, newest first. */
  jobs({ states = [], signal }: CallOptions & { states?: JobState[] } = {}): AsyncGenerator<Job> {
    return eachItem(async (pageToken) => {
      const request = { states, pageSize: jobsPageSize, pageToken };
      const page = await call(
        this.#connection.scheduler,
        'listJobs',
        request,
        this.#connection.repeatable(signal),
      );
      return { items: page.jobs, nextPageToken: page.nextPageToken };
    });
  }

  /** How a job is. Throws JOB_NOT_FOUND. */
  async job(jobId: string, { signal }: CallOptions = {}): Promise<Job> {
    return call(this.#connection.scheduler, 'getJob', { jobId }, this.#connection.repeatable(signal));
  }

  /** A job as it changes, to its end. */
  watchJob(jobId: string, { signal }: CallOptions = {}): AsyncGenerator<Job> {
    return watchJob(this.#connection, jobId, signal);
  }

  /** Stops a job; one that has ended stays as it is. Throws JOB_NOT_FOUND. */
  async cancel(jobId: string, { signal }: CallOptions = {}): Promise<Job> {
    return call(this.#connection.scheduler, 'cancelJob', { jobId }, this.#connection.repeatable(signal));
  }

  /** A persisted result by the id of its job. */
  persisted(jobId: string): PersistedArray {
    return new PersistedArray(this.#connection, jobId);
  }

  /**
   * Computes several arrays, of any datasets, and writes them into one file, as `LazyArray.save` does. Dimensions and coordinates
   * that they share are in it once.
   */
  async save(
    target: string,
    arrays: readonly ArrayToSave[],
    options: SaveArrayOptions = {},
  ): Promise<SavedResults> {
    const { saveArrays } = await import('./save/save.ts');
    return saveArrays(this.#connection, target, arrays, options);
  }

  /** The workers, as the scheduler knows them. */
  async cluster({ signal }: CallOptions = {}): Promise<Cluster> {
    return call(this.#connection.scheduler, 'getCluster', {}, this.#connection.repeatable(signal));
  }

  /**
   * All that people watch of the cluster: what is kept of the past, as far as it is asked for, then what changes, about
   * once a second, less often to a slow loop. It ends when the loop is left.
   */
  watchCluster(options: WatchClusterOptions = {}): AsyncGenerator<ClusterUpdate> {
    return watchCluster(this.#connection, options);
  }

  /** Closes all connections. */
  close(): void {
    this.#connection.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
