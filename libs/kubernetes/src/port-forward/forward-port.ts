import { createServer, type Server, type Socket } from 'node:net';
import { asHyperslabError, HyperslabError } from '@hyperslab/errors';
import type { KubernetesApi } from '../api/kubernetes-api.ts';
import { joinSocket } from './join-socket.ts';

/** Where a connection is to go. */
export interface ForwardTarget {
  pod: string;
  port: number;
}

/** How a local port is opened. */
export interface ForwardOptions {
  namespace: string;
  /** Local port; 0 for any. */
  localPort: number;
  /** Chooses a pod for each connection; undefined while there is none. */
  target: () => ForwardTarget | undefined;
  /** Told of connections that could not be made. */
  onError: (error: HyperslabError) => void;
}

/** A local port whose connections end in pods. */
export interface ForwardedPort {
  /** 127.0.0.1:port */
  address: string;
  /** Cuts the connections to pods for which this is not true: they are no longer meant, and might never say so. */
  keepOnly(isMeant: (pod: string) => boolean): void;
  close(): void;
}

/**
 * Opens a loopback port. Each connection goes through the API server to a pod that is chosen when it is made: pods may
 * come and go, the port stays. @throws HyperslabError PORT_IN_USE
 */
export async function forwardPort(api: KubernetesApi, options: ForwardOptions): Promise<ForwardedPort> {
  const { namespace, target, onError } = options;
  const connections = new Map<Socket, string>();
  const server = createServer({ pauseOnConnect: true, noDelay: true }, (socket) => {
    socket.on('error', () => undefined);
    const chosen = target();
    if (chosen === undefined) {
      // The client sees a connection that ended, and tries again as if the service had been restarted.
      socket.destroy();
      return;
    }
    connections.set(socket, chosen.pod);
    socket.once('close', () => connections.delete(socket));
    const query = { ports: String(chosen.port) };
    const path = {
      api: 'v1',
      namespace,
      resource: 'pods',
      name: chosen.pod,
      subresource: 'portforward',
      query,
    };
    joinSocket(api, path, socket).catch((error) => {
      socket.destroy();
      onError(asHyperslabError(error));
    });
  });
  const port = await listen(server, options.localPort);
  return {
    address: `127.0.0.1:${port}`,
    keepOnly(isMeant) {
      for (const [socket, pod] of connections) if (!isMeant(pod)) socket.destroy();
    },
    close() {
      server.close();
      for (const socket of connections.keys()) socket.destroy();
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const message = `port ${port} of 127.0.0.1 can't be opened: ${error.message}; choose another with --port-offset`;
      reject(new HyperslabError('PORT_IN_USE', message, {}, error));
    });
    server.listen(port, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
}
