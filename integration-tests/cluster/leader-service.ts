import { createServer, connect as dial, type Socket } from 'node:net';
import type { Cluster } from '../harness/start-cluster.ts';

/**
 * What the scheduler's Service is in a cluster: an address whose new connections go to the pod with the leader's
 * label, and to nobody while there is none. The pods are objects only; their processes run on this machine.
 */
export interface LeaderService {
  readonly port: number;
  /** Pods that have the label now. */
  leaders(): Promise<string[]>;
  close(): void;
}

/** @param ports gRPC port of the process of each pod */
export async function serveLeader(
  cluster: Cluster,
  namespace: string,
  ports: Record<string, number>,
): Promise<LeaderService> {
  const sockets = new Set<Socket>();

  async function leaders(): Promise<string[]> {
    const selector = ['-l', 'hyperslab.io/role=leader', '-o', 'json'];
    const { json } = await cluster.kubectl(['get', 'pods', '-n', namespace, ...selector]);
    return (json?.items ?? []).map((pod: { metadata: { name: string } }) => pod.metadata.name);
  }

  const server = createServer({ pauseOnConnect: true }, async (socket) => {
    const [leader] = await leaders();
    const port = ports[leader];
    if (port === undefined) {
      socket.destroy();
      return;
    }
    const upstream = dial(port, '127.0.0.1');
    for (const each of [socket, upstream]) {
      sockets.add(each);
      each.on('error', () => undefined);
      each.once('close', () => {
        sockets.delete(each);
        socket.destroy();
        upstream.destroy();
      });
    }
    socket.pipe(upstream).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as { port: number }).port,
    leaders,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
