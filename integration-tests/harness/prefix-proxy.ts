import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A reverse proxy that serves a server below a prefix, which it takes away; everything else is 404. */
export interface PrefixProxy {
  /** `http://127.0.0.1:PORT/PREFIX/`. */
  url: string;
  stop(): Promise<void>;
}

/** Starts a proxy in front of `target` (`http://host:port`). */
export async function startPrefixProxy(target: string, prefix: string): Promise<PrefixProxy> {
  const { hostname, port } = new URL(target);
  const server = createServer((incoming, outgoing) => {
    const path = incoming.url ?? '/';
    if (!path.startsWith(`${prefix}/`)) {
      outgoing.writeHead(404).end();
      return;
    }
    const headers = {
      ...incoming.headers,
      host: `${hostname}:${port}`,
      'x-forwarded-host': incoming.headers.host,
    };
    const upstream = request(
      { hostname, port, path: path.slice(prefix.length), method: incoming.method, headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    upstream.on('error', () => outgoing.destroy());
    outgoing.on('close', () => upstream.destroy());
    incoming.pipe(upstream);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}/`,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
