import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { isIP } from 'node:net';
import { type Metrics, metricsMediaType } from '@hyperslab/telemetry';

/** What the HTTP port of a service tells. */
export interface SideServerOptions {
  bind: string;
  /** 0 for any */
  port: number;
  metrics: Metrics;
  /** Why the service is not ready, or undefined. */
  problem: () => string | undefined;
}

/** Serves /livez, /readyz and /metrics. */
export async function startSideServer({ bind, port, metrics, problem }: SideServerOptions): Promise<Server> {
  const server = createServer((request, response) => {
    const [code, type, body] = answer(request, metrics, problem);
    response.writeHead(code, { 'content-type': type, 'x-content-type-options': 'nosniff' });
    response.end(request.method === 'HEAD' ? undefined : body);
  });
  server.listen(port, bind);
  await once(server, 'listening');
  return server;
}

const plain = 'text/plain; charset=utf-8';

function answer(
  request: IncomingMessage,
  metrics: Metrics,
  problem: () => string | undefined,
): [number, string, string] {
  if (!isOwnHost(request.headers.host)) return [421, plain, 'Host: expected an IP address or localhost\n'];
  if (request.method !== 'GET' && request.method !== 'HEAD') return [405, plain, 'expected GET\n'];
  const path = request.url?.split('?')[0];
  if (path === '/livez') return [200, plain, 'alive\n'];
  if (path === '/metrics') return [200, metricsMediaType, metrics.text()];
  if (path !== '/readyz') return [404, plain, 'expected /livez, /readyz or /metrics\n'];
  const reason = problem();
  return reason === undefined ? [200, plain, 'ready\n'] : [503, plain, `not ready: ${reason}\n`];
}

/**
 * Whether a Host header is one that a page of another site can't have: DNS rebinding needs a name, so an address or
 * localhost is ours. Probes and Prometheus use addresses.
 */
export function isOwnHost(header: string | undefined): boolean {
  const host = header?.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1') ?? '';
  return host === 'localhost' || isIP(host) !== 0;
}
