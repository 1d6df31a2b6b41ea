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
  /** Ports with the offset added; one for each worker that is started first. */
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

/** The processes of a mesh besides its workers, by what they are. */
export function planServices(choice: MeshChoice) {
  const { host, ports } = choice;
  const at = (port: number) => `${host}:${port}`;
  const common = commonEnvironment(choice);
  const http = (name: string, port: number, env: Record<string, string>): ServicePlan => ({
    name,
    entry: serviceEntry(name),
    env: { ...common, ...env },
    address: `http://${at(port)}`,
    readyUrl: `http://${at(port)}/readyz`,
    ports: [port],
  });
  return {
    backup: planGrpc(choice, 'metadata-backup', 'metadata-backup', ports.metadataBackup, {
      HYPERSLAB_METADATA_BACKUP_PORT: String(ports.metadataBackup),
    }),
    catalog: planGrpc(choice, 'catalog', 'catalog', ports.catalog, {
      HYPERSLAB_CATALOG_PORT: String(ports.catalog),
    }),
    scheduler: planGrpc(choice, 'scheduler', 'scheduler', ports.scheduler, {
      HYPERSLAB_SCHEDULER_PORT: String(ports.scheduler),
    }),
    gateway: http('opendap-gateway', ports.gateway, { HYPERSLAB_GATEWAY_PORT: String(ports.gateway) }),
    dashboard: http('dashboard', ports.dashboard, { HYPERSLAB_DASHBOARD_PORT: String(ports.dashboard) }),
  };
}

/** The process of one worker; `index` counts from 0. */
export function planWorker(choice: MeshChoice, index: number, port: number): ServicePlan {
  return planGrpc(choice, `worker-pool-${index + 1}`, 'worker-pool', port, {
    HYPERSLAB_WORKER_PORT: String(port),
    ...(choice.workerMemory === undefined ? {} : { HYPERSLAB_WORKER_MEMORY: choice.workerMemory }),
  });
}

/**
 * The content of `endpoints.json`: one address of each service, and all workers, for clients that go elsewhere when one
 * is away.
 * @param workers addresses of those that there are by now
 */
export function endpointsOf(choice: MeshChoice, workers = workerAddresses(choice)) {
  const { host, ports } = choice;
  return {
    catalog: `${host}:${ports.catalog}`,
    scheduler: `${host}:${ports.scheduler}`,
    worker_pool: `${host}:${ports.workers[0]}`,
    workers,
    metadata_backup: `${host}:${ports.metadataBackup}`,
    opendap_gateway: `http://${host}:${ports.gateway}`,
    dashboard: `http://${host}:${ports.dashboard}`,
  };
}

function planGrpc(
  choice: MeshChoice,
  name: string,
  folder: string,
  port: number,
  env: Record<string, string>,
): ServicePlan {
  const http = port + httpPortDistance;
  return {
    name,
    entry: serviceEntry(folder),
    env: { ...commonEnvironment(choice), ...env },
    address: `${choice.host}:${port}`,
    readyUrl: `http://${choice.host}:${http}/readyz`,
    ports: [port, http],
  };
}

function commonEnvironment(choice: MeshChoice): Record<string, string> {
  const { host, ports, state } = choice;
  return {
    HYPERSLAB_STATE: state,
    HYPERSLAB_BIND: host,
    HYPERSLAB_CATALOG: `${host}:${ports.catalog}`,
    HYPERSLAB_SCHEDULER: `${host}:${ports.scheduler}`,
    HYPERSLAB_METADATA_BACKUP: `${host}:${ports.metadataBackup}`,
    HYPERSLAB_WORKERS: workerAddresses(choice).join(','),
    HYPERSLAB_DATA_ROOTS: [...choice.roots, join(state, 'sample')].join(','),
  };
}

function workerAddresses({ host, ports }: MeshChoice): string[] {
  return ports.workers.map((port) => `${host}:${port}`);
}

function serviceEntry(folder: string): string {
  return fileURLToPath(new URL(`../../../../services/${folder}/src/main.ts`, import.meta.url));
}
