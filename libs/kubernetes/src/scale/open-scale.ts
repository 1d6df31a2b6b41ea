import { setTimeout as sleep } from 'node:timers/promises';
import { isHyperslabError } from '@hyperslab/errors';
import type { KubernetesApi } from '../api/kubernetes-api.ts';
import type { ResourcePath } from '../api/resource-path.ts';

/** Conflicts in a row that are borne: another controller writes it too. */
const mostConflicts = 5;
const conflictPauseMs = 50;

/** What is scaled. */
export interface ScaleOptions {
  namespace: string;
  kind: 'StatefulSet' | 'Deployment';
  name: string;
}

/** How many there are. */
export interface ScaleState {
  /** Asked for. */
  wanted: number;
  /** Pods that exist. */
  present: number;
}

/** Number of pods of a StatefulSet or Deployment. */
export interface Scale {
  /** @throws HyperslabError KUBERNETES_DENIED, KUBERNETES_NOT_FOUND, UNAVAILABLE */
  get(signal?: AbortSignal): Promise<ScaleState>;
  /** Asks for a number of pods. @throws as `get`, and KUBERNETES_CONFLICT when others go on writing */
  set(replicas: number, signal?: AbortSignal): Promise<void>;
}

/** autoscaling/v1 Scale, as far as it is used. */
interface ScaleObject {
  metadata: { resourceVersion: string };
  spec?: { replicas?: number };
  status?: { replicas?: number };
}

/** Opens the `scale` subresource: to get and to patch it is all that an autoscaler has to be allowed. */
export function openScale(api: KubernetesApi, { namespace, kind, name }: ScaleOptions): Scale {
  const scale: ResourcePath = {
    api: 'apps/v1',
    namespace,
    resource: kind === 'StatefulSet' ? 'statefulsets' : 'deployments',
    name,
    subresource: 'scale',
  };
  return {
    async get(signal) {
      const { spec, status } = await api.request<ScaleObject>('get', scale, undefined, { signal });
      // Zero is left out by some servers.
      return { wanted: spec?.replicas ?? 0, present: status?.replicas ?? 0 };
    },
    async set(replicas, signal) {
      for (let conflicts = 0; ; conflicts++) {
        try {
          await api.request('patch', scale, { spec: { replicas } }, { signal });
          return;
        } catch (error) {
          if (!isHyperslabError(error, 'KUBERNETES_CONFLICT') || conflicts >= mostConflicts) throw error;
          await sleep(conflictPauseMs * 2 ** conflicts, undefined, { signal });
        }
      }
    },
  };
}
