import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { HyperslabError } from '@hyperslab/errors';
import { createMetrics, type Logger, type Metrics, metricNames } from '@hyperslab/telemetry';
import { serverOptions } from '../channel-options.ts';
import { bindHandlers } from './bind-handlers.ts';
import type { ServedService } from './handlers.ts';
import { addHealth } from './health.ts';
import { addReflection } from './reflection.ts';
import { startSideServer } from './side-server.ts';

/** What is served, and where. */
export interface ServeOptions {
  /** Name of the service for logs. */
  service: string;
  /** IP address to listen on. */
  bind: string;
  /** gRPC port; 0 for any. HTTP is on the port 1000 above, or on any. */
  port: number;
  /** Names under which the HTTP port is asked for besides addresses and localhost; default none. */
  allowedHosts?: readonly string[];
  /** Made with `implement`. */
  services: readonly ServedService[];
  log: Logger;
  metrics?: Metrics;
  /** Says what keeps the service from its work, for health checks; undefined when nothing does. */
  readiness?: () => string | undefined;
  /** Deadline of unary calls whose caller gave none, milliseconds; default a minute. */
  requestTimeoutMs?: number;
}

/** A server that listens. */
export interface RunningServer {
  /** gRPC port. */
  port: number;
  /** host:port of gRPC. */
  address: string;
  /** Port of /livez, /readyz and /metrics. */
  httpPort: number;
  /** Tells health checks that calls are welcome, or no longer. It is set when `serve` returns. */
  setServing(serving: boolean): void;
  /** Takes no more calls, lets those that run go on for so long, then cuts them off. */
  stop(graceMs: number): Promise<void>;
}

/** Starts a server: the services, health, reflection, and the HTTP port beside. */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const { service, bind, port, services, log, readiness = () => undefined } = options;
  const { metrics = createMetrics(), requestTimeoutMs = 60_000, allowedHosts = [] } = options;
  const server = new Server(serverOptions);
  const names = services.map(([definition]) => Object.values(definition)[0].path.split('/')[1]);
  for (const [definition, handlers] of services)
    server.addService(definition, bindHandlers(definition, handlers, { log, metrics, requestTimeoutMs }));
  const health = addHealth(server, names, readiness);
  addReflection(server, names);

  const host = bind.includes(':') ? `[${bind}]` : bind;
  const taken = (error: Error) =>
    new HyperslabError(
      'UNAVAILABLE',
      `${service} cannot listen on ${host}:${port}: ${error.message}`,
      {},
      error,
    );
  const boundPort = await listen(server, `${host}:${port}`).catch((error) => {
    health.stop();
    throw taken(error);
  });
  const sidePort = port === 0 || boundPort + 1000 > 65535 ? 0 : boundPort + 1000;
  const side = await startSideServer({
    bind,
    port: sidePort,
    allowedHosts,
    metrics,
    problem: health.problem,
  }).catch((error) => {
    health.stop();
    server.forceShutdown();
    throw taken(error);
  });
  metrics.gauge(...metricNames.ready).observe(() => (health.problem() === undefined ? 1 : 0));
  health.setServing(true);

  const address = `${host}:${boundPort}`;
  const httpPort = (side.address() as AddressInfo).port;
  log.info({ address, http: `${host}:${httpPort}` }, 'listening');
  return {
    port: boundPort,
    address,
    httpPort,
    setServing: health.setServing,
    async stop(graceMs) {
      health.setServing(false);
      await shutDown(server, graceMs);
      health.stop();
      side.close();
      side.closeAllConnections();
      await once(side, 'close');
    },
  };
}

function listen(server: Server, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });
}

function shutDown(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      server.forceShutdown();
      resolve();
    }, graceMs);
    server.tryShutdown(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
