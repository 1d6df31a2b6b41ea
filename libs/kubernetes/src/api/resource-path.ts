/** What is done, as Kubernetes' access rules call it. */
export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch';

/** Where something lies in the API. */
export interface ResourcePath {
  /** API group and version: "v1", "coordination.k8s.io/v1". */
  api: string;
  namespace: string;
  /** In the plural: "leases". */
  resource: string;
  /** One of them; all of the namespace without. */
  name?: string;
  subresource?: string;
  query?: Record<string, string>;
}

/** The path and query of a URL. */
export function resourceUrl({ api, namespace, resource, name, subresource, query }: ResourcePath): string {
  const root = api.includes('/') ? `/apis/${api}` : `/api/${api}`;
  const parts = [root, 'namespaces', encodeURIComponent(namespace), resource];
  if (name !== undefined) parts.push(encodeURIComponent(name));
  if (subresource !== undefined) parts.push(subresource);
  const search = new URLSearchParams(query).toString();
  return `${parts.join('/')}${search === '' ? '' : `?${search}`}`;
}

/** As a rule of a Role names it: "statefulsets/scale" of "apps". */
export function ruleOf({ api, resource, subresource }: ResourcePath): string {
  const group = api.includes('/') ? ` of ${api.split('/')[0]}` : '';
  return `${resource}${subresource === undefined ? '' : `/${subresource}`}${group}`;
}
