import type { Dataset } from '@hyperslab/proto/cube';
import type { Job, SubmitPublishRequest } from '@hyperslab/proto/scheduler';
import { call } from '@hyperslab/rpc/calls';
import { absoluteUrl } from './absolute-url.ts';
import type { Connection } from './connection.ts';
import { type JobOptions, jobFields, runJob } from './jobs.ts';
import type { LazyArray } from './lazy-array.ts';
import { type MergeRequest, mergeOptions } from './merge/merge-options.ts';

/** How files are merged and published. */
export interface PublishOptions extends JobOptions, MergeRequest {
  /** Publish nothing when the result equals the latest version, and answer that. */
  unlessSame?: boolean;
  /** Use no index that was kept of an earlier publish: read all files anew. */
  fresh?: boolean;
}

/** How a computed array is published. */
export interface PublishArrayOptions extends JobOptions {
  /** Name of its variable; by default the one that its description gives. */
  variable?: string;
}

/** What was published. */
export interface Published {
  name: string;
  version: number;
  /** How many cubes. */
  cubes: number;
}

/** Publishes files and waits until the version is durable and visible. */
export async function publishFiles(
  connection: Connection,
  name: string,
  urls: readonly string[],
  options: PublishOptions,
): Promise<Published> {
  const request = {
    urls: urls.map((url) => absoluteUrl(url, options.directory)),
    merge: await mergeOptions(options),
    unlessSame: options.unlessSame,
    fresh: options.fresh,
  };
  return publish(connection, { ...emptyRequest(name, options), ...request }, options);
}

/** Publishes a computed array under a name. */
export async function publishArray(
  connection: Connection,
  name: string,
  array: LazyArray,
  options: PublishArrayOptions,
): Promise<Published> {
  const request = { expression: array.toExpression(), variable: options.variable ?? '' };
  return publish(connection, { ...emptyRequest(name, options), ...request }, options);
}

/** Opens and merges files as a publish does, and publishes nothing; answers what was found. */
export async function inspectFiles(
  connection: Connection,
  urls: readonly string[],
  options: PublishOptions,
): Promise<Dataset> {
  const request = {
    ...jobFields(options),
    urls: urls.map((url) => absoluteUrl(url, options.directory)),
    merge: await mergeOptions(options),
  };
  const repeatable = connection.repeatable(options.signal);
  const submit = () => call(connection.scheduler, 'submitInspect', request, repeatable);
  const { jobId } = await runJob(connection, submit, options);
  return call(connection.scheduler, 'getInspection', { jobId }, repeatable);
}

function emptyRequest(name: string, options: JobOptions): SubmitPublishRequest {
  return { ...jobFields(options), name, urls: [], variable: '' };
}

async function publish(
  connection: Connection,
  request: SubmitPublishRequest,
  options: JobOptions,
): Promise<Published> {
  const submit = () =>
    call(connection.scheduler, 'submitPublish', request, connection.repeatable(options.signal));
  return publishedBy(await runJob(connection, submit, options));
}

/** What a publish that has succeeded published. */
export function publishedBy({ published, cubes }: Job): Published {
  const at = published.lastIndexOf('@');
  return { name: published.slice(0, at), version: Number(published.slice(at + 1)), cubes };
}
