import { isIP } from 'node:net';

/** What to answer with status 421 to a request for another host. */
export const foreignHost = 'Host: expected an IP address, localhost or a name of HYPERSLAB_ALLOWED_HOSTS';

/**
 * Whether a Host header is one that a page of another site can't have: DNS rebinding needs a name, so an address or
 * localhost is ours, and names are that were said to be. Probes and Prometheus use addresses.
 * @param allowed names in lower case; "*.example.org" is every name below example.org
 */
export function isOwnHost(header: string | undefined, allowed: readonly string[]): boolean {
  const host = (header ?? '')
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
  if (host === 'localhost' || isIP(host) !== 0) return true;
  return allowed.some((name) => (name.startsWith('*.') ? host.endsWith(name.slice(1)) : host === name));
}
