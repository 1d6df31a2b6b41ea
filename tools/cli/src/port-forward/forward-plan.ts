import type { Config } from '@hyperslab/config';
import type { Service } from '@hyperslab/kubernetes';
import { httpPortDistance } from '../up/ports.ts';

/** A local port, and the port of a Service that it leads to. */
export interface ForwardPlan {
  component: string;
  service: string;
  /** Name of the port in the Service. */
  remote: string;
  localPort: number;
}

/** Key of a component in `endpoints.json`. */
type EndpointKey =
  | 'catalog'
  | 'scheduler'
  | 'worker_pool'
  | 'metadata_backup'
  | 'opendap_gateway'
  | 'dashboard';

const ports: [component: string, setting: keyof Config & `${string}Port`, speaks: 'grpc' | 'http'][] = [
  ['catalog', 'catalogPort', 'grpc'],
  ['scheduler', 'schedulerPort', 'grpc'],
  ['worker-pool', 'workerPort', 'grpc'],
  ['metadata-backup', 'metadataBackupPort', 'grpc'],
  ['opendap-gateway', 'gatewayPort', 'http'],
  ['dashboard', 'dashboardPort', 'http'],
];

/** The ports that `hyperslab up` would have, of each Service that there is; health of gRPC services is 1000 above. */
export function planForwards(
  services: ReadonlyMap<string, Service>,
  config: Config,
  offset: number,
): ForwardPlan[] {
  return ports.flatMap(([component, setting, speaks]) => {
    const service = services.get(component);
    if (service === undefined) return [];
    const plan = { component, service: service.metadata.name };
    const localPort = config[setting] + offset;
    const has = (name: string) => service.spec?.ports?.some((port) => port.name === name);
    const all: ForwardPlan[] = [{ ...plan, remote: speaks, localPort }];
    if (speaks === 'grpc' && has('metrics'))
      all.push({ ...plan, remote: 'metrics', localPort: localPort + httpPortDistance });
    return all;
  });
}

/** The content of `endpoints.json`. */
export function endpointsOf(plans: readonly ForwardPlan[]): Partial<Record<EndpointKey, string>> {
  const addresses = plans.flatMap(({ component, remote, localPort }) => {
    if (remote === 'metrics') return [];
    const address = `127.0.0.1:${localPort}`;
    return [[component.replaceAll('-', '_'), remote === 'http' ? `http://${address}` : address]];
  });
  return Object.fromEntries(addresses);
}
