import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { asHyperslabError, HyperslabError } from '@hyperslab/errors';
import { foreignHost, isOwnHost } from '@hyperslab/rpc';
import { type Logger, type Metrics, metricNames, metricsMediaType } from '@hyperslab/telemetry';
import type { Upstream } from '../upstream/upstream.ts';
import { type Answer, plainText } from './answer.ts';
import { answerDap, versionAnswer } from './answer-dap.ts';
import { answerError } from './answer-error.ts';
import { answerList } from './answer-list.ts';
import { startRequestSpan } from './request-span.ts';
import { type Route, routeOf } from './route.ts';
import { send } from './send.ts';

/** What the gateway is started with. */
export interface GatewayOptions {
  bind: string;
  /** 0 for any. */
  port: number;
  /** Names under which it is asked for besides addresses and localhost; default none. */
  allowedHosts?: readonly string[];
  upstream: Upstream;
  log: Logger;
  metrics: Metrics;
}

/** A gateway that listens. */
export interface RunningGateway {
  port: number;
  /** Takes no more requests, lets those that run go on for so long, then cuts them off. */
  stop(graceMs: number): Promise<void>;
}

/** A client that neither reads nor writes for so long is gone, though nobody said so. */
const idleTimeoutMs = 600_000;

/** Starts the HTTP server. */
export async function serveGateway({
  bind,
  port,
  allowedHosts = [],
  upstream,
  log,
  metrics,
}: GatewayOptions): Promise<RunningGateway> {
  const requests = metrics.counter(...metricNames.dapRequests);
  const broken = metrics.counter(...metricNames.dapBroken);
  const active = metrics.gauge(...metricNames.dapActive);
  let stopping = false;

  const server = createServer(async (request, response) => {
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    active.add(1);
    let form = 'other';
    let failure: unknown;
    const span = startRequestSpan(request);
    try {
      await span.run(async () => {
        const answer = await answerOf(request, gone.signal, (route) => {
          form = route.kind === 'dap' ? route.form : route.kind;
        });
        await send(response, answer, request.method === 'HEAD');
      });
    } catch (thrown) {
      failure = thrown;
      await span.run(() => fail(response, thrown, gone.signal, request));
    } finally {
      active.add(-1);
      requests.increment(1, { form, status: String(response.statusCode) });
      span.end(form, response.statusCode, failure);
    }
  });

  async function answerOf(
    request: IncomingMessage,
    signal: AbortSignal,
    routed: (route: Route) => void,
  ): Promise<Answer> {
    if (!isOwnHost(request.headers.host, allowedHosts))
      return {
        status: 421,
        headers: { 'content-type': plainText },
        body: `${foreignHost}\n`,
      };
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return {
        status: 405,
        headers: { 'content-type': plainText, allow: 'GET, HEAD' },
        body: 'expected GET\n',
      };
    const route = routeOf(request.url ?? '/');
    routed(route);
    switch (route.kind) {
      case 'dap':
        return answerDap(route, upstream, signal);
      case 'version':
        return versionAnswer();
      case 'list':
        return answerList(route.query, request.headers.accept, upstream, signal);
      case 'probe':
        return probe(route.name);
    }
  }

  function probe(name: 'livez' | 'readyz' | 'metrics'): Answer {
    if (name === 'metrics')
      return { status: 200, headers: { 'content-type': metricsMediaType }, body: metrics.text() };
    const problem = name === 'readyz' ? (stopping ? 'stopping' : upstream.problem()) : undefined;
    const body = problem === undefined ? 'ok\n' : `not ready: ${problem}\n`;
    return { status: problem === undefined ? 200 : 503, headers: { 'content-type': plainText }, body };
  }

  async function fail(
    response: ServerResponse,
    thrown: unknown,
    gone: AbortSignal,
    request: IncomingMessage,
  ): Promise<void> {
    // Nobody is left to tell.
    if (gone.aborted) return;
    const error = asHyperslabError(thrown);
    if (response.headersSent) {
      broken.increment();
      log.error({ err: thrown, url: request.url, reason: error.reason }, 'the answer broke off');
      response.destroy();
      return;
    }
    if (error.status === 'INTERNAL') log.error({ err: thrown, url: request.url }, 'could not answer');
    await send(response, answerError(error), request.method === 'HEAD');
  }

  server.setTimeout(idleTimeoutMs);
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
