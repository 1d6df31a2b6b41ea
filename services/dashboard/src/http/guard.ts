import type { IncomingHttpHeaders } from 'node:http';
import { foreignHost, isOwnHost } from '@hyperslab/rpc';

/** Why a request is refused before anyone looks at what it asks for. */
export interface Refusal {
  status: number;
  message: string;
  headers?: Record<string, string>;
}

/** Headers of a request that the guard looks at. */
export interface GuardedRequest {
  method: string;
  headers: IncomingHttpHeaders;
  /** Names of the dashboard besides addresses and localhost; default none. */
  allowedHosts?: readonly string[];
}

/**
 * Refuses what a page of another site could do with a visitor's browser: reach this server under a name of its own (DNS
 * rebinding), or post to it. A form can't send JSON, a script of another origin can't without being asked for its
 * origin, and browsers say where a request comes from.
 */
export function refusalOf({ method, headers, allowedHosts = [] }: GuardedRequest): Refusal | undefined {
  if (!isOwnHost(headers.host, allowedHosts)) return { status: 421, message: foreignHost };
  if (method === 'GET' || method === 'HEAD') return undefined;
  if (method !== 'POST')
    return { status: 405, message: 'expected GET, HEAD or POST', headers: { allow: 'GET, HEAD, POST' } };
  if (headers['content-type']?.split(';')[0].trim() !== 'application/json')
    return { status: 415, message: 'content-type: expected application/json' };
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return crossSite;
  return headers.origin === undefined || isSameOrigin(headers.origin, headers) ? undefined : crossSite;
}

const crossSite: Refusal = {
  status: 403,
  message: 'expected a request of the dashboard itself, not of another site',
};

/** Behind a proxy the browser's name of this server is in X-Forwarded-Host, which a page can't set. */
function isSameOrigin(origin: string, headers: IncomingHttpHeaders): boolean {
  const forwarded = headers['x-forwarded-host'];
  const host = URL.canParse(origin) ? new URL(origin).host : undefined;
  return host !== undefined && (host === headers.host || host === forwarded);
}

/**
 * Sent with every answer. The page's own files are all that it may load: no other hosts, no code or style inside HTML,
 * no frames around it.
 */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
};
