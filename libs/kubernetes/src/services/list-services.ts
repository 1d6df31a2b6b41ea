import type { KubernetesApi } from '../api/kubernetes-api.ts';

/** A Service, as far as it is read. */
export interface Service {
  metadata: { name: string; labels?: Record<string, string> };
  spec?: { ports?: { name?: string; port: number }[] };
}

/** The Services that have labels. @throws HyperslabError KUBERNETES_DENIED, UNAVAILABLE */
export async function listServices(
  api: KubernetesApi,
  namespace: string,
  labels: Record<string, string>,
): Promise<Service[]> {
  const labelSelector = Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  const path = { api: 'v1', namespace, resource: 'services', query: { labelSelector } };
  return (await api.request<{ items: Service[] }>('list', path)).items;
}
