import type { Client } from '@grpc/grpc-js';
import { HyperslabError } from '@hyperslab/errors';
import { BackupServiceClient } from '@hyperslab/proto/backup';
import { CatalogServiceClient } from '@hyperslab/proto/catalog';
import { SchedulerServiceClient } from '@hyperslab/proto/scheduler';
import { ChunkServiceClient } from '@hyperslab/proto/worker';
import { type ClientConstructor, connect } from '@hyperslab/rpc/calls';
import type { Endpoints } from './endpoints.ts';

/** As much as HTTP/2 lets send ahead by itself. */
const watchAheadBytes = 65_535;

/** The services of a mesh, each dialled when it is first called and again when its connection is lost. */
export class Connection {
  readonly endpoints: Endpoints;
  /** How long a service that can't be reached is tried, milliseconds: long enough for it to be restarted. */
  readonly patienceMs: number;
  readonly #caller: string | undefined;
  readonly #clients = new Map<string, Client>();
  #workerTurn = 0;

  constructor(endpoints: Endpoints, options: { patienceMs: number; caller?: string }) {
    this.endpoints = endpoints;
    this.patienceMs = options.patienceMs;
    this.#caller = options.caller;
  }

  get catalog(): CatalogServiceClient {
    return this.#client(CatalogServiceClient, known('catalog', this.endpoints.catalog));
  }

  get scheduler(): SchedulerServiceClient {
    return this.#client(SchedulerServiceClient, known('scheduler', this.endpoints.scheduler));
  }

  /** The scheduler, on a connection of its own for streams that tell how it is now: little is sent ahead on it. */
  get watchedScheduler(): SchedulerServiceClient {
    const address = known('scheduler', this.endpoints.scheduler);
    return this.#client(SchedulerServiceClient, address, watchAheadBytes);
  }

  get backup(): BackupServiceClient {
    return this.#client(BackupServiceClient, known('metadata-backup', this.endpoints.metadataBackup));
  }

  /** A worker; the next one each time, so that a try after a failure goes elsewhere. */
  nextWorker(): ChunkServiceClient {
    const { workers } = this.endpoints;
    if (workers.length === 0) throw notKnown('workers');
    return this.#client(ChunkServiceClient, workers[this.#workerTurn++ % workers.length]);
  }

  /** Options of a unary call that may be made again while the service is not reachable. */
  repeatable(signal?: AbortSignal) {
    return { retry: true, deadlineMs: this.patienceMs, signal };
  }

  /** Closes all connections. */
  close(): void {
    for (const client of this.#clients.values()) client.close();
    this.#clients.clear();
  }

  #client<C extends Client>(service: ClientConstructor<C>, address: string, readAheadBytes?: number): C {
    const name = readAheadBytes === undefined ? address : `${address} ${readAheadBytes}`;
    const present = this.#clients.get(name);
    if (present instanceof service) return present;
    const client = connect(service, address, { caller: this.#caller, readAheadBytes });
    this.#clients.set(name, client);
    return client;
  }
}

function known(service: string, address: string | undefined): string {
  if (address === undefined) throw notKnown(service);
  return address;
}

/** Addresses of the mesh were given one by one, and not this one: another mesh's in its place would mix the two. */
function notKnown(service: string): HyperslabError {
  const variable = `HYPERSLAB_${service.toUpperCase().replaceAll('-', '_')}`;
  return new HyperslabError(
    'INVALID_ARGUMENT',
    `the address of ${service} is not known; name it with ${variable}, beside the others, or the whole mesh with --state or HYPERSLAB_ENDPOINTS`,
    { service },
  );
}
