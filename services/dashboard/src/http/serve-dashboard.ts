import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { HyperslabError } from '@hyperslab/errors';
import { type Logger, type Metrics, metricNames, metricsMediaType } from '@hyperslab/telemetry';
import type { Hono } from 'hono';
import { answerError } from './answer.ts';
import { type Refusal, refusalOf, securityHeaders } from './guard.ts';

/** What the dashboard is started with. */
export interface DashboardOptions {
  bind: string;
  /** 0 for any. */
  port: number;
  /** Names under which it is asked for besides addresses and localhost; default none. */
  allowedHosts?: readonly string[];
  app: Hono;
  log: Logger;
  metrics: Metrics;
}

/** A dashboard that listens. */
export interface RunningDashboard {
  port: number;
  /** Takes no more requests, lets those that run go on for so long, then cuts them off. */
  stop(graceMs: number): Promise<void>;
}

const plainText = 'text/plain; charset=utf-8';

/** Starts the HTTP server: the guard and the probes in front, the routes behind. */
export async function serveDashboard(options: DashboardOptions): Promise<RunningDashboard> {
  const { bind, port, allowedHosts, app, log, metrics } = options;
  const requests = metrics.counter(...metricNames.dashboardRequests);
  let stopping = false;

  const listener = getRequestListener(
    async (request) => {
      try {
        return await app.fetch(request);
      } catch (error) {
        return answerError(error);
      }
    },
    { overrideGlobalObjects: false },
  );

  const server = createServer((request, response) => {
    response.on('close', () => {
      const { kind, status } = { kind: kindOf(request), status: String(response.statusCode) };
      requests.increment(1, { kind, status });
    });
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
    const refusal = refusalOf({ method: request.method ?? 'GET', headers: request.headers, allowedHosts });
    if (refusal !== undefined) return refuse(response, refusal);
    if (answerProbe(request, response)) return;
    listener(request, response).catch((error) => {
      log.error({ err: error, url: request.url }, 'could not answer');
      response.destroy();
    });
  });

  function answerProbe(request: IncomingMessage, response: ServerResponse): boolean {
    const path = request.url?.split('?')[0];
    if (path === '/metrics') say(response, 200, metrics.text(), metricsMediaType);
    else if (path === '/livez') say(response, 200, 'alive\n');
    // It shows what it can while other services are away, and says what it can't: it is ready all the same.
    else if (path === '/readyz')
      say(response, stopping ? 503 : 200, stopping ? 'not ready: stopping\n' : 'ready\n');
    else return false;
    return true;
  }

  server.listen(port, bind);
  await once(server, 'listening').catch((error) => {
    throw new HyperslabError('UNAVAILABLE', `cannot listen on ${bind}:${port}: ${error.message}`, {}, error);
  });
  const boundPort = (server.address() as AddressInfo).port;
  log.info({ address: `http://${bind}:${boundPort}` }, 'listening');
  return {
    port: boundPort,
    async stop(graceMs) {
      stopping = true;
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      const cut = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearTimeout(cut);
    },
  };
}

function say(response: ServerResponse, status: number, text: string, type = plainText): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(response.req.method === 'HEAD' ? undefined : text);
}

function refuse(response: ServerResponse, { status, message, headers }: Refusal): void {
  const error = { code: 'INVALID_ARGUMENT', message, details: {} };
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify({ error }));
}

/** Which part of the API a request is of; there are few, whatever is asked for. */
function kindOf({ url = '' }: IncomingMessage): string {
  return (
    /^\/api\/(datasets|dataset|parameter|grid|slice|series|jobs|events)(?=[/?]|$)/.exec(url)?.[1] ?? 'page'
  );
}
