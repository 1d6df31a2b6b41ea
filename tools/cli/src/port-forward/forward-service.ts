import type { HyperslabError } from '@hyperslab/errors';
import {
  type Endpoint,
  type ForwardedPort,
  forwardPort,
  type KubernetesApi,
  watchEndpoints,
} from '@hyperslab/kubernetes';
import type { ForwardPlan } from './forward-plan.ts';

/** A Service as a local port. */
export interface ForwardedService {
  /** Resolves when its pods are known. @throws UNAVAILABLE when `signal` aborts before */
  known(signal: AbortSignal): Promise<void>;
  close(): void;
}

/**
 * Opens a local port whose connections go to the ready pods of a Service, in turn. Pods that are no longer behind it,
 * as a scheduler that leads no longer, are hung up on; those that are only about to go may finish.
 */
export async function forwardService(
  api: KubernetesApi,
  namespace: string,
  { service, remote, localPort }: ForwardPlan,
  onError: (error: HyperslabError) => void,
): Promise<ForwardedService> {
  let turn = 0;
  // The pods may be known before the port is open.
  let forwarded: ForwardedPort | undefined;
  const watched = watchEndpoints(api, { namespace, service, port: remote }, (endpoints) => {
    const pods = new Set(endpoints.map(({ pod }) => pod));
    forwarded?.keepOnly((pod) => pods.has(pod));
  });
  const target = () => {
    const ready = watched.current().filter(isReadyPod);
    return ready[turn++ % ready.length];
  };
  forwarded = await forwardPort(api, { namespace, localPort, target, onError }).catch((error) => {
    watched.close();
    throw error;
  });
  return {
    known: watched.known,
    close() {
      watched.close();
      forwarded?.close();
    },
  };
}

function isReadyPod(endpoint: Endpoint): endpoint is Endpoint & { pod: string } {
  return endpoint.ready && endpoint.pod !== undefined;
}
