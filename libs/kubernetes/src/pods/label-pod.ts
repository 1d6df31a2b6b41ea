import { isHyperslabError } from '@hyperslab/errors';
import type { KubernetesApi } from '../api/kubernetes-api.ts';

/**
 * Sets labels of a pod; null removes one. A pod that is not there has none and is passed over.
 * @throws HyperslabError KUBERNETES_DENIED, UNAVAILABLE
 */
export async function labelPod(
  api: KubernetesApi,
  namespace: string,
  name: string,
  labels: Record<string, string | null>,
): Promise<void> {
  try {
    await api.request('patch', { api: 'v1', namespace, resource: 'pods', name }, { metadata: { labels } });
  } catch (error) {
    if (!isHyperslabError(error, 'KUBERNETES_NOT_FOUND')) throw error;
  }
}
