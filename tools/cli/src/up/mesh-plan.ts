import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '@hyperslab/config';
import { httpPortDistance } from './ports.ts';

/** A process that `up` starts and keeps alive. */
export interface ServicePlan {
  /** Name in `status`, and of its log file. */
  name: string;
  /** Program of the service. */
  entry: string;
  /** Its settings, beyond those that `up` itself was started with. */
  env: Record<string, string>;
  /** `host:port`, or `http://…` for gateway and dashboard. */
  address: string;
  /** Answers 200 when the service is ready. */
  readyUrl: string;
  /** Ports that it listens on. */
  ports: number[];
}

/** What a mesh on this machine is made of. */
export interface MeshChoice {
  state: string;
  host: string;
  /** Ports with the offset added; one for each worker. */
  ports: {
    catalog: number;
    scheduler: number;
    metadataBackup: number;
    gateway: number;
    dashboard: number;
    workers: number[];
  };
  /** What may be read, besides the sample in the state directory. */
  roots: string[];
  workerMemory?: string;
}

/** Ports of the services that have fixed ones. */
export function offsetPorts(config: Config, offset: number) {
  return {
    catalog: config.catalogPort + offset,
    scheduler: config.schedulerPort + offset,
    metadataBackup: config.metadataBackupPort + offset,
    gateway: config.gatewayPort + offset,
    dashboard: config.dashboardPort + offset,
    firstWorker: config.workerPort + offset,
  };
}

/** The processes of a mesh, in the order in which they are started; they are stopped in the reverse order. */
export function planMesh(choice: MeshChoice): ServicePlan[] {
  const { host, ports, state } = choice;
  const at = (port: number) => `${host}:${port}`;
  const common = {
    HYPERSLAB_STATE: state,
    HYPERSLAB_BIND: host,
    HYPERSLAB_CATALOG: at(ports.catalog),
    HYPERSLAB_SCHEDULER: at(ports.scheduler),
    HYPERSLAB_METADATA_BACKUP: at(ports.metadataBackup),
    HYPERSLAB_WORKERS: ports.workers.map(at).join(','),
    HYPERSLAB_DATA_ROOTS: [...choice.roots, join(state, 'sample')].join(','),
  };
  const grpc = (name: string, folder: string, port: number, env: Record<string, string>): ServicePlan => ({
    name,
    entry: serviceEntry(folder),
    env: { ...common, ...env },
    address: at(port),
    readyUrl: `http://${at(port + httpPortDistance)}/readyz`,
    ports: [port, port + httpPortDistance],
  });
  const http = (name: string, port: number, env: Record<string, string>): ServicePlan => ({
    name,
    entry: serviceEntry(name),
    env: { ...common, ...env },
    address: `http://${at(port)}`,
    readyUrl: `http://${at(port)}/readyz`,
    ports: [port],
  });
  const workers = ports.workers.map((port, i) =>
    grpc(workerName(i), 'worker-pool', port, {
      HYPERSLAB_WORKER_PORT: String(port),
      ...(choice.workerMemory === undefined ? {} : { HYPERSLAB_WORKER_MEMORY: choice.workerMemory }),
    }),
  );
  return [
    grpc('metadata-backup', 'metadata-backup', ports.metadataBackup, {
      HYPERSLAB_METADATA_BACKUP_PORT: String(ports.metadataBackup),
    }),
    grpc('catalog', 'catalog', ports.catalog, { HYPERSLAB_CATALOG_PORT: String(ports.catalog) }),
    grpc('scheduler', 'scheduler', ports.scheduler, { HYPERSLAB_SCHEDULER_PORT: String(ports.scheduler) }),
    ...workers,
    http('opendap-gateway', ports.gateway, { HYPERSLAB_GATEWAY_PORT: String(ports.gateway) }),
    http('dashboard', ports.dashboard, { HYPERSLAB_DASHBOARD_PORT: String(ports.dashboard) }),
  ];
}

/** The content of `endpoints.json`: one address of each service, and all workers, for clients that go elsewhere when one is away. */
export function endpointsOf(choice: MeshChoice) {
  const { host, ports } = choice;
  return {
    catalog: `${host}:${ports.catalog}`,
    scheduler: `${host}:${ports.scheduler}`,
    worker_pool: `${host}:${ports.workers[0]}`,
    workers: ports.workers.map((port) => `${host}:${port}`),
    metadata_backup: `${host}:${ports.metadataBackup}`,
    opendap_gateway: `http://${host}:${ports.gateway}`,
    dashboard: `http://${host}:${ports.dashboard}`,
  };
}

function workerName(index: number): string {
  return `worker-pool-${index + 1}`;
}

function serviceEntry(folder: string): string {
  return fileURLToPath(new URL(`../../../../services/${folder}/src/main.ts`, import.meta.url));
}
