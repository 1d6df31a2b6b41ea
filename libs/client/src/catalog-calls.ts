import type { BoundingBox, CatalogEvent, DatasetSummary } from '@hyperslab/proto/catalog';
import { call, openStream } from '@hyperslab/rpc/calls';
import { Backoff } from './backoff.ts';
import type { Connection } from './connection.ts';
import { newRequestId } from './jobs.ts';
import { eachItem, type Page } from './pages.ts';

/** What can be cancelled. */
export interface CallOptions {
  signal?: AbortSignal;
}

/** What a change of the catalog takes: a repeat with the same id changes nothing more. */
export interface ChangeOptions extends CallOptions {
  requestId?: string;
}

/** What datasets are looked for; all that is given must hold. */
export interface Search extends CallOptions {
  /** Words that must occur in name, title, parameter names, standard names or attributes. */
  query?: string;
  /** Name, standard name or long name of a parameter. */
  parameter?: string;
  /** Only with data at or after this time, ISO 8601. */
  timeStart?: string;
  /** Only with data at or before this time. */
  timeEnd?: string;
  /** Only with data in this area. */
  area?: BoundingBox;
  /** Only names that start with this. */
  prefix?: string;
}

/** Which page of a list is wanted. */
export interface Paging {
  /** At most this many; 1000 is the most that the catalog answers at once. */
  pageSize?: number;
  /** From the page before; absent for the first. */
  pageToken?: string;
}

const usualPageSize = 200;

/** Datasets that fit, by name, a page being asked for when it is needed. */
export function listDatasets(connection: Connection, search: Search): AsyncGenerator<DatasetSummary> {
  return eachItem((pageToken) => pageOfDatasets(connection, search, { pageToken }));
}

/** One page of the datasets that fit. */
export async function pageOfDatasets(
  connection: Connection,
  search: Search,
  { pageSize = usualPageSize, pageToken = '' }: Paging,
): Promise<Page<DatasetSummary>> {
  const { query = '', parameter = '', timeStart = '', timeEnd = '', area, prefix = '', signal } = search;
  const request = { query, parameter, timeStart, timeEnd, area, prefix, pageSize, pageToken };
  const page = await call(connection.catalog, 'listDatasets', request, connection.repeatable(signal));
  return { items: page.datasets, nextPageToken: page.nextPageToken };
}

/** Versions of a name, hidden ones too, newest first. */
export function listVersions(
  connection: Connection,
  name: string,
  { signal }: CallOptions,
): AsyncGenerator<DatasetSummary> {
  return eachItem(async (pageToken) => {
    const request = { name, pageSize: usualPageSize, pageToken };
    const page = await call(connection.catalog, 'listVersions', request, connection.repeatable(signal));
    return { items: page.versions, nextPageToken: page.nextPageToken };
  });
}

/** Hides a dataset or one version; answers the versions that were visible. */
export async function unpublish(
  connection: Connection,
  reference: string,
  { requestId = newRequestId(), signal }: ChangeOptions,
): Promise<number[]> {
  const request = { reference, requestId };
  const answer = await call(connection.catalog, 'unpublish', request, connection.repeatable(signal));
  return answer.versions;
}

/** Shows again what `unpublish` hid; answers the versions that were hidden. */
export async function restore(
  connection: Connection,
  reference: string,
  { requestId = newRequestId(), signal }: ChangeOptions,
): Promise<number[]> {
  const request = { reference, requestId };
  const answer = await call(connection.catalog, 'restoreDataset', request, connection.repeatable(signal));
  return answer.versions;
}

/** Events of the catalog from a sequence number on: past ones, then as they happen, across lost connections. */
export async function* watchCatalog(
  connection: Connection,
  fromSequence: number,
  { signal }: CallOptions,
): AsyncGenerator<CatalogEvent> {
  const backoff = new Backoff({ patienceMs: connection.patienceMs, signal });
  for (let next = fromSequence; ; ) {
    try {
      for await (const event of openStream(
        connection.catalog,
        'watchCatalog',
        { fromSequence: next },
        { signal },
      )) {
        backoff.succeeded();
        next = event.sequence + 1;
        yield event;
      }
      return;
    } catch (error) {
      await backoff.failed(error);
    }
  }
}
