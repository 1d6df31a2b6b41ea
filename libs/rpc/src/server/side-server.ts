import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type Metrics, metricsMediaType } from '@hyperslab/telemetry';
import { foreignHost, isOwnHost } from './own-host.ts';

/** What the HTTP port of a service tells. */
export interface SideServerOptions {
  bind: string;
  /** 0 for any */
  port: number;
  /** Names under which it is asked for besides addresses and localhost. */
  allowedHosts: readonly string[];
  metrics: Metrics;
  /** Why the service is not ready, or undefined. */
  problem: () => string | undefined;
}

/** Serves /livez, /readyz and /metrics. */
export async function startSideServer(options: SideServerOptions): Promise<Server> {
  const server = createServer((request, response) => {
    const [code, type, body] = answer(request, options);
    response.writeHead(code, { 'content-type': type, 'x-content-type-options': 'nosniff' });
    response.end(request.method === 'HEAD' ? undefined : body);
  });
  server.listen(options.port, options.bind);
  await once(server, 'listening');
  return server;
}

const plain = 'text/plain; charset=utf-8';

function answer(
  request: IncomingMessage,
  { allowedHosts, metrics, problem }: SideServerOptions,
): [number, string, string] {
  if (!isOwnHost(request.headers.host, allowedHosts)) return [421, plain, `${foreignHost}\n`];
  if (request.method !== 'GET' && request.method !== 'HEAD') return [405, plain, 'expected GET\n'];
  const path = request.url?.split('?')[0];
  if (path === '/livez') return [200, plain, 'alive\n'];
  if (path === '/metrics') return [200, metricsMediaType, metrics.text()];
  if (path !== '/readyz') return [404, plain, 'expected /livez, /readyz or /metrics\n'];
  const reason = problem();
  return reason === undefined ? [200, plain, 'ready\n'] : [503, plain, `not ready: ${reason}\n`];
}
