import type { Client } from '@grpc/grpc-js';
import { HyperslabError } from '@hyperslab/errors';
import type { Addresses } from '@hyperslab/kubernetes';
import { BackupServiceClient } from '@hyperslab/proto/backup';
import { CatalogServiceClient } from '@hyperslab/proto/catalog';
import { SchedulerServiceClient } from '@hyperslab/proto/scheduler';
import type { ChunkServiceClient } from '@hyperslab/proto/worker';
import { type ClientConstructor, ClientPool, connect } from '@hyperslab/rpc/calls';
import { chunkServiceClient } from '@hyperslab/rpc/values';
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
  readonly #workers: ClientPool<ChunkServiceClient>;
  /** Calls that nobody waits for. */
  readonly #behind = new Set<Promise<unknown>>();
  /** Workers in Kubernetes, once somebody has asked for one. */
  #followed: Promise<Addresses> | undefined;
  #addresses: readonly string[] | Addresses;

  constructor(endpoints: Endpoints, options: { patienceMs: number; caller?: string }) {
    this.endpoints = endpoints;
    this.patienceMs = options.patienceMs;
    this.#caller = options.caller;
    this.#addresses = endpoints.workers;
    const current = () => ('current' in this.#addresses ? this.#addresses.current() : this.#addresses);
    this.#workers = new ClientPool(chunkServiceClient(), current, { caller: options.caller });
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

  /** A worker; the next one each time, so that a try after a failure goes elsewhere, or the one at an address if it is one of them. */
  async nextWorker(preferred = ''): Promise<ChunkServiceClient> {
    await this.#workersKnown();
    const worker = this.#workers.at(preferred) ?? this.#workers.next();
    if (worker === undefined) throw new HyperslabError('UNAVAILABLE', 'no worker is ready; try again');
    return worker;
  }

  /** All workers, if they are several and no more than so many; else none. */
  async eachWorker(most: number): Promise<ChunkServiceClient[]> {
    await this.#workersKnown();
    const workers = this.#workers.all(most);
    return workers.length > 1 ? workers : [];
  }

  /** Failures in a row after which each worker was tried. */
  get workerCount(): number {
    return Math.max(1, this.#workers.size);
  }

  /** Options of a unary call that may be made again while the service is not reachable. */
  repeatable(signal?: AbortSignal) {
    return { retry: true, deadlineMs: this.patienceMs, signal };
  }

  /** Lets a call that nobody waits for come to its end before its connection is closed. It must not fail. */
  finishLater(call: Promise<unknown>): void {
    this.#behind.add(call);
    call.then(() => this.#behind.delete(call));
  }

  /** Closes all connections, those to services when nothing that goes on behind needs them any more. */
  close(): void {
    this.#workers.close();
    this.#followed?.then((addresses) => addresses.close()).catch(() => undefined);
    const clients = [...this.#clients.values()];
    this.#clients.clear();
    const closeAll = () => {
      for (const client of clients) client.close();
    };
    if (this.#behind.size === 0) closeAll();
    else void Promise.all(this.#behind).then(closeAll);
  }

  async #workersKnown(): Promise<void> {
    const { workers } = this.endpoints;
    if (workers.length === 0) throw notKnown('workers');
    if (!workers.some((address) => address.startsWith('kubernetes:'))) return;
    this.#followed ??= this.#follow();
    await (await this.#followed).known(AbortSignal.timeout(this.patienceMs));
  }

  /** Loaded for those whose workers are pods: others start without it. */
  async #follow(): Promise<Addresses> {
    const { followAddresses } = await import('@hyperslab/kubernetes');
    const followed = followAddresses(this.endpoints.workers);
    this.#addresses = followed;
    return followed;
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
