import { connectivityState } from '@grpc/grpc-js';
import { followAddresses } from '@hyperslab/kubernetes';
import { CatalogServiceClient } from '@hyperslab/proto/catalog';
import type { ArrayFrame } from '@hyperslab/proto/worker';
import { ClientPool, call, connect, openStream } from '@hyperslab/rpc';
import { chunkServiceClient } from '@hyperslab/rpc/values';
import { createDatasetCache } from './dataset-cache.ts';
import { holdWideIntegers } from './hold-wide-integers.ts';
import { readInTurn } from './read-in-turn.ts';
import type { ReadRequest, Upstream } from './upstream.ts';

/** Where the mesh is. */
export interface UpstreamOptions {
  /** host:port of the catalog. */
  catalog: string;
  /** host:port of workers, or kubernetes:///SERVICE:PORT. */
  workers: readonly string[];
  /** Kubernetes namespace where none is named. */
  namespace: string | undefined;
  /** Time for a call of the catalog, milliseconds. */
  requestTimeoutMs: number;
}

const caller = 'opendap-gateway';
const listedAtOnce = 1000;
/** A worker that is replaced is there again within this time. */
const patienceMs = 15_000;

/** The mesh over gRPC. Workers are taken in turn; where one is lost, the next goes on. */
export function connectUpstream({
  catalog,
  workers,
  namespace,
  requestTimeoutMs,
}: UpstreamOptions): Upstream {
  const catalogClient = connect(CatalogServiceClient, catalog, { caller });
  const addresses = followAddresses(workers, namespace);
  const pool = new ClientPool(chunkServiceClient(), addresses.current, { caller });

  async function* read(request: ReadRequest, signal: AbortSignal): AsyncGenerator<ArrayFrame> {
    await addresses.known(AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]));
    const openNext = () => {
      const worker = pool.next();
      return worker && openStream(worker, 'readArray', readArrayRequest(request), { signal });
    };
    yield* readInTurn(openNext, patienceMs, signal);
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
      catalogClient.close();
      pool.close();
      addresses.close();
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
