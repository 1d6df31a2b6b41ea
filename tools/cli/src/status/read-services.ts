import { defaultStateDirectory, type Endpoints } from '@hyperslab/client';
import { httpPortDistance } from '../up/ports.ts';
import { isReady } from '../up/readiness.ts';
import { runningHolder } from '../up/state-lock.ts';

/** A service of the mesh, as `status --json` prints it. */
export interface ServiceStatus {
  name: string;
  /** Process on this machine; null when it is another's, or between its end and its next start. */
  pid: number | null;
  address: string;
  ready: boolean;
}

/** Asks every service whether it is ready: those of the state directory's lock, or those that the endpoints name. */
export async function readServices(
  endpoints: Endpoints,
  state: string | undefined,
  env = process.env,
): Promise<ServiceStatus[]> {
  const holder = await runningHolder(state ?? defaultStateDirectory(env));
  // The lock is that of the mesh that is asked about only if it has the same catalog.
  const own = holder?.services.some(({ address }) => address === endpoints.catalog);
  const services = own ? holder!.services : fromEndpoints(endpoints);
  return Promise.all(
    services.map(async ({ name, pid, address, readyUrl }) => ({
      name,
      pid,
      address,
      ready: await isReady(readyUrl),
    })),
  );
}

function fromEndpoints(endpoints: Endpoints) {
  const { catalog, scheduler, workers, metadataBackup, opendapGateway, dashboard } = endpoints;
  const grpc: [name: string, address: string | undefined][] = [
    ['metadata-backup', metadataBackup],
    ['catalog', catalog],
    ['scheduler', scheduler],
    ...workers.map((address, i): [string, string] => [`worker-pool-${i + 1}`, address]),
  ];
  const services = grpc.flatMap(([name, address]) =>
    address === undefined ? [] : [{ name, pid: null, address, readyUrl: readyUrlOf(address) }],
  );
  const http: [name: string, address: string | undefined][] = [
    ['opendap-gateway', opendapGateway],
    ['dashboard', dashboard],
  ];
  const pages = http.flatMap(([name, address]) =>
    address === undefined ? [] : [{ name, pid: null, address, readyUrl: `${address}/readyz` }],
  );
  return [...services, ...pages];
}

function readyUrlOf(address: string): string {
  const colon = address.lastIndexOf(':');
  return `http://${address.slice(0, colon)}:${Number(address.slice(colon + 1)) + httpPortDistance}/readyz`;
}
