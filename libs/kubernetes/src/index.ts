export type { KubernetesApi } from './api/kubernetes-api.ts';
export { openKubernetes } from './api/open-kubernetes.ts';
export type { Endpoint } from './endpoints/endpoint-slice.ts';
export { type Addresses, followAddresses } from './endpoints/follow-addresses.ts';
export { type EndpointsOptions, type WatchedEndpoints, watchEndpoints } from './endpoints/watch-endpoints.ts';
export { HeldLease, type LeaseOptions } from './lease/hold-lease.ts';
export { openLease } from './lease/lease-store.ts';
export { labelPod } from './pods/label-pod.ts';
export {
  type ForwardedPort,
  type ForwardOptions,
  type ForwardTarget,
  forwardPort,
} from './port-forward/forward-port.ts';
export { openScale, type Scale, type ScaleOptions, type ScaleState } from './scale/open-scale.ts';
export { listServices, type Service } from './services/list-services.ts';
