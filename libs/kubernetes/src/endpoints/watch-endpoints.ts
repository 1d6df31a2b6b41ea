import { HyperslabError } from '@hyperslab/errors';
import type { KubernetesApi } from '../api/kubernetes-api.ts';
import { type Endpoint, type EndpointSlice, mergeSlices } from './endpoint-slice.ts';
import { followList } from './follow-list.ts';

/** Which pods are meant. */
export interface EndpointsOptions {
  namespace: string;
  service: string;
  /** Number of the port, or its name. */
  port: number | string;
}

/** The pods behind a Service, followed as they come and go. */
export interface WatchedEndpoints {
  /** As far as is known: what was seen last while the API server is away. */
  current(): readonly Endpoint[];
  /** Resolves when it was read once. @throws UNAVAILABLE when `signal` aborts before, with what is wrong */
  known(signal: AbortSignal): Promise<void>;
  /** Why it can't be followed at present; undefined when it can. */
  problem(): HyperslabError | undefined;
  close(): void;
}

/** Follows the EndpointSlices of a Service. `onChange` is called when pods or their readiness have changed. */
export function watchEndpoints(
  api: KubernetesApi,
  { namespace, service, port }: EndpointsOptions,
  onChange: (endpoints: readonly Endpoint[]) => void = () => undefined,
): WatchedEndpoints {
  const closed = new AbortController();
  const first = Promise.withResolvers<void>();
  let endpoints: readonly Endpoint[] = [];
  let problem: HyperslabError | undefined;
  const path = {
    api: 'discovery.k8s.io/v1',
    namespace,
    resource: 'endpointslices',
    query: { labelSelector: `kubernetes.io/service-name=${service}` },
  };
  const listener = {
    changed(slices: ReadonlyMap<string, EndpointSlice>) {
      problem = undefined;
      const before = JSON.stringify(endpoints);
      endpoints = mergeSlices(slices.values(), port);
      first.resolve();
      if (JSON.stringify(endpoints) !== before) onChange(endpoints);
    },
    failed(error: HyperslabError) {
      problem = error;
    },
  };
  followList<EndpointSlice>(api, path, listener, closed.signal);
  return {
    current: () => endpoints,
    async known(signal) {
      const late = Promise.withResolvers<never>();
      const abort = () => {
        const why = problem?.message ?? 'the API server has not answered yet';
        late.reject(new HyperslabError('UNAVAILABLE', `endpoints of ${service}: ${why}`, {}, problem));
      };
      if (signal.aborted) abort();
      signal.addEventListener('abort', abort, { once: true });
      await Promise.race([first.promise, late.promise]).finally(() =>
        signal.removeEventListener('abort', abort),
      );
    },
    problem: () => problem,
    close: () => closed.abort(),
  };
}
