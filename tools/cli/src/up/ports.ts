import { createServer } from 'node:net';
import { HyperslabError } from '@hyperslab/errors';

/** HTTP of a gRPC service (metrics, livez, readyz) is this far above its port. */
export const httpPortDistance = 1000;

/** Whether nobody listens on a port of this address. */
async function isPortFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

/** Throws PORT_IN_USE, naming the first port that is taken. */
export async function assertPortsFree(host: string, ports: readonly number[]): Promise<void> {
  for (const port of ports) {
    if (await isPortFree(host, port)) continue;
    throw new HyperslabError(
      'PORT_IN_USE',
      `port ${port} of ${host} is in use; is another mesh running? choose others with --port-offset`,
      { port: String(port) },
    );
  }
}

/** A port that is free together with its HTTP port, and in neither case one of `taken`. */
export async function findPortPair(host: string, taken: ReadonlySet<number>): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = await anyPort(host);
    const http = port + httpPortDistance;
    if (http > 65535 || taken.has(port) || taken.has(http)) continue;
    if (await isPortFree(host, http)) return port;
  }
  throw new HyperslabError('INTERNAL', `found no free pair of ports on ${host}`);
}

async function anyPort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, host, () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
