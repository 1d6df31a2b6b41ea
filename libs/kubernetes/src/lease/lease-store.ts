import { isHyperslabError } from '@hyperslab/errors';
import type { KubernetesApi } from '../api/kubernetes-api.ts';
import type { ResourcePath } from '../api/resource-path.ts';
import type { FoundLease, Step } from './election.ts';
import type { Lease, LeaseSpec } from './lease-record.ts';

/** One Lease at an API server. */
export interface LeaseStore {
  /** @throws HyperslabError as KubernetesApi.request */
  read(signal: AbortSignal): Promise<FoundLease | undefined>;
  /** Creates or updates it, and answers undefined when another was faster. @throws as `read` */
  write(step: Exclude<Step, { type: 'wait' }>, signal: AbortSignal): Promise<FoundLease | undefined>;
}

/** The Lease of a name; `timeoutMs` is for one request. */
export function openLease(
  api: KubernetesApi,
  namespace: string,
  name: string,
  timeoutMs: number,
): LeaseStore {
  const all: ResourcePath = { api: 'coordination.k8s.io/v1', namespace, resource: 'leases' };
  const one = { ...all, name };
  const lease = (spec: LeaseSpec, resourceVersion?: string): Lease => ({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name, namespace, resourceVersion },
    spec,
  });
  return {
    async read(signal) {
      try {
        return found(await api.request<Lease>('get', one, undefined, { signal, timeoutMs }));
      } catch (error) {
        if (isHyperslabError(error, 'KUBERNETES_NOT_FOUND')) return undefined;
        throw error;
      }
    },
    async write(step, signal) {
      const options = { signal, timeoutMs };
      try {
        const written =
          step.type === 'create'
            ? await api.request<Lease>('create', all, lease(step.spec), options)
            : await api.request<Lease>('update', one, lease(step.spec, step.version), options);
        return found(written);
      } catch (error) {
        // Not found: deleted since it was read.
        if (isHyperslabError(error, 'KUBERNETES_CONFLICT') || isHyperslabError(error, 'KUBERNETES_NOT_FOUND'))
          return undefined;
        throw error;
      }
    },
  };
}

function found({ metadata, spec = {} }: Lease): FoundLease {
  return { version: metadata.resourceVersion ?? '', spec };
}
