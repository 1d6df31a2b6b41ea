/** An EndpointSlice of discovery.k8s.io/v1, as far as it is read. */
export interface EndpointSlice {
  metadata: { name: string; resourceVersion?: string };
  addressType?: string;
  endpoints?: SliceEndpoint[] | null;
  ports?: { name?: string; port?: number }[] | null;
}

interface SliceEndpoint {
  addresses: string[];
  conditions?: { ready?: boolean; serving?: boolean; terminating?: boolean };
  targetRef?: { kind?: string; name?: string };
}

/** A pod behind a Service. */
export interface Endpoint {
  /** ip:port */
  address: string;
  port: number;
  /** Its name; undefined for what is no pod. */
  pod?: string;
  /** Takes new requests. What is not ready may still finish old ones. */
  ready: boolean;
}

/**
 * What the slices of a Service say together, in the order of addresses. One that is in two slices, as happens while it
 * moves from one to the other, is there once, and ready if either says so.
 * @param port number of the port, or its name
 */
export function mergeSlices(slices: Iterable<EndpointSlice>, port: number | string): Endpoint[] {
  const merged = new Map<string, Endpoint>();
  for (const { addressType, endpoints, ports } of slices) {
    const number = ports?.find((each) => each.port === port || each.name === port)?.port;
    if (number === undefined || addressType === 'FQDN') continue;
    for (const { addresses, conditions, targetRef } of endpoints ?? []) {
      // All addresses of an endpoint are of the same pod: one is enough.
      const [ip] = addresses;
      if (ip === undefined) continue;
      const address = addressType === 'IPv6' ? `[${ip}]:${number}` : `${ip}:${number}`;
      // Unknown counts as ready, as the API says.
      const ready = (conditions?.ready ?? true) || (merged.get(address)?.ready ?? false);
      const pod = targetRef?.kind === 'Pod' ? targetRef.name : undefined;
      merged.set(address, { address, port: number, pod, ready });
    }
  }
  return [...merged.values()].sort((a, b) => (a.address < b.address ? -1 : 1));
}
