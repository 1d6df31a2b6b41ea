import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers a request instead of the ordinary handler. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A small web server of our own: objects by path, byte ranges, entity tags, and whatever a test makes it do wrong. */
export interface ObjectServer {
  readonly url: string;
  readonly objects: Map<string, Uint8Array>;
  /** Handlers by path, which come before the objects. */
  readonly handlers: Map<string, Handler>;
  /** Requests so far, as "METHOD path range". */
  readonly requests: string[];
  close(): Promise<void>;
}

/** Starts a server on a free port of loopback. */
export async function serveObjects(): Promise<ObjectServer> {
  const objects = new Map<string, Uint8Array>();
  const handlers = new Map<string, Handler>();
  const requests: string[] = [];
  const server: Server = createServer((request, response) => {
    const path = new URL(request.url!, 'http://localhost').pathname;
    requests.push(`${request.method} ${path} ${request.headers.range ?? ''}`.trim());
    const handler = handlers.get(path);
    if (handler !== undefined) handler(request, response);
    else serveObject(objects.get(path), request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    handlers,
    requests,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** As RFC 9110 wants it, for single ranges. */
export function serveObject(
  bytes: Uint8Array | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (bytes === undefined) {
    response.writeHead(404).end();
    return;
  }
  const etag = `"${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}"`;
  const match = request.headers['if-match'];
  if (match !== undefined && match !== etag) {
    response.writeHead(412, { etag }).end();
    return;
  }
  const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
  if (request.method === 'HEAD' || range === null) {
    response.writeHead(200, { etag, 'content-length': bytes.length });
    response.end(request.method === 'HEAD' ? undefined : bytes);
    return;
  }
  const first = Number(range[1]);
  const last = Math.min(Number(range[2]), bytes.length - 1);
  if (first >= bytes.length) {
    response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
    return;
  }
  const contentRange = `bytes ${first}-${last}/${bytes.length}`;
  response.writeHead(206, { etag, 'content-range': contentRange, 'content-length': last + 1 - first });
  response.end(bytes.subarray(first, last + 1));
}
