import { type AddressInfo, createServer } from 'node:net';

/** A port of loopback that was free a moment ago, for programs that can't choose one themselves. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** A service answers probes this far above the port of its calls. */
const probes = 1000;

/** What this process has given out: a port stays free until the service that is to have it listens. */
const given = new Set<number>();

/**
 * A port for a service: it and that of its probes are free, and none of the two was given out before by this process.
 * It is below those that the system gives to connections (Linux: from 32768).
 */
export async function freeServicePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 11_000);
    if (given.has(port) || given.has(port + probes)) continue;
    if (!(await isFree(port)) || !(await isFree(port + probes))) continue;
    given.add(port).add(port + probes);
    return port;
  }
}

/** Whether nobody listens on a port of loopback now. */
export async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
