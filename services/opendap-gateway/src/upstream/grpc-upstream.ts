import { connectivityState } from '@grpc/grpc-js';
import { HyperslabError, isHyperslabError } from '@hyperslab/errors';
import { CatalogServiceClient } from '@hyperslab/proto/catalog';
import { type ArrayFrame, ChunkServiceClient } from '@hyperslab/proto/worker';
import { call, connect, openStream } from '@hyperslab/rpc';
import { createDatasetCache } from './dataset-cache.ts';
import { holdWideIntegers } from './hold-wide-integers.ts';
import type { ReadRequest, Upstream } from './upstream.ts';

/** Where the mesh is. */
export interface UpstreamOptions {
  /** host:port of the catalog. */
  catalog: string;
  /** host:port of workers. */
  workers: readonly string[];
  /** Time for a call of the catalog, milliseconds. */
  requestTimeoutMs: number;
}

const caller = 'opendap-gateway';
const listedAtOnce = 1000;

/** The mesh over gRPC. Workers are taken in turn; one that can't be reached is passed over. */
export function connectUpstream({ catalog, workers, requestTimeoutMs }: UpstreamOptions): Upstream {
  const catalogClient = connect(CatalogServiceClient, catalog, { caller });
  const workerClients = workers.map((address) => connect(ChunkServiceClient, address, { caller }));
  let next = 0;

  async function* read(request: ReadRequest, signal: AbortSignal): AsyncGenerator<ArrayFrame> {
    const first = next++;
    let failure: unknown = new HyperslabError('UNAVAILABLE', 'no worker is configured');
    for (let attempt = 0; attempt < workerClients.length; attempt++) {
      const worker = workerClients[(first + attempt) % workerClients.length];
      let begun = false;
      try {
        for await (const frame of openStream(worker, 'readArray', readArrayRequest(request), { signal })) {
          begun = true;
          yield frame;
        }
        return;
      } catch (error) {
        failure = error;
        if (begun || !isHyperslabError(error) || !error.retryable) throw error;
      }
    }
    throw failure;
  }

  // Shared by several requests, so that none of their signals ends it.
  const dataset = createDatasetCache(async (reference) => {
    const found = await call(
      catalogClient,
      'getDataset',
      { reference },
      { retry: true, deadlineMs: requestTimeoutMs },
    );
    return holdWideIntegers(found, read, AbortSignal.timeout(requestTimeoutMs));
  });

  return {
    dataset: async (reference, signal) => {
      signal.throwIfAborted();
      return dataset(reference);
    },
    list: (pageToken, signal) =>
      call(
        catalogClient,
        'listDatasets',
        {
          pageToken,
          pageSize: listedAtOnce,
          query: '',
          parameter: '',
          timeStart: '',
          timeEnd: '',
          prefix: '',
        },
        { retry: true, deadlineMs: requestTimeoutMs, signal },
      ),
    read,
    problem() {
      const isLost =
        catalogClient.getChannel().getConnectivityState(true) === connectivityState.TRANSIENT_FAILURE;
      return isLost ? `the catalog at ${catalog} can't be reached` : undefined;
    },
    close() {
      for (const client of [catalogClient, ...workerClients]) client.close();
    },
  };
}

function readArrayRequest({ dataset, variable, ranges, stored }: ReadRequest) {
  return {
    selection: {
      dataset: `${dataset.name}@${dataset.version}`,
      variable: variable.name,
      ranges: [...ranges],
      droppedDimensions: [],
    },
    variable,
    manifest: dataset.manifest,
    stored,
  };
}
