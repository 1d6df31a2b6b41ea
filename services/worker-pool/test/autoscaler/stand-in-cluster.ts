import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A StatefulSet behind as much of a Kubernetes API as scaling it takes. */
export interface StandInCluster {
  /** Path of a kubeconfig that leads to it. */
  kubeconfig: string;
  /** Replicas that are asked for; every number there was. */
  readonly replicas: number[];
  /** Answers 403 from now on, or no longer. */
  refuse(refused: boolean): void;
  stop(): Promise<void>;
}

/** Starts it with so many replicas. */
export async function startStandInCluster(name: string, first: number): Promise<StandInCluster> {
  const replicas = [first];
  let refused = false;
  const path = `/apis/apps/v1/namespaces/mesh/statefulsets/${name}/scale`;
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    response.setHeader('content-type', 'application/json');
    if (refused) response.writeHead(403).end(JSON.stringify({ kind: 'Status', message: 'forbidden' }));
    else if (request.url === path) {
      if (request.method === 'PATCH') replicas.push(JSON.parse(body).spec.replicas);
      const spec = { replicas: replicas.at(-1) };
      response.end(JSON.stringify({ metadata: { resourceVersion: '1' }, spec, status: spec }));
    } else response.writeHead(404).end(JSON.stringify({ kind: 'Status', message: `no ${request.url}` }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const folder = await mkdtemp(join(tmpdir(), 'hyperslab-cluster-'));
  const kubeconfig = join(folder, 'config');
  await writeFile(kubeconfig, kubeconfigOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  return {
    kubeconfig,
    replicas,
    refuse(value) {
      refused = value;
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      await rm(folder, { recursive: true });
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

function kubeconfigOf(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'here',
    clusters: [{ name: 'here', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'me', user: {} }],
    contexts: [{ name: 'here', context: { cluster: 'here', user: 'me', namespace: 'mesh' } }],
  });
}
