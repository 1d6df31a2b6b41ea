import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';

/**
 * A web server of a folder that answers byte ranges, as any static one does; counts the bytes that it sent. With `clockAheadMs`
 * it tells times of last modification, by a clock that is so far ahead.
 */
export async function serveFolder(
  folder: string,
  clockAheadMs?: number,
): Promise<{ server: Server; url: string; sent: () => number }> {
  let sent = 0;
  const server = createServer(async (request, response) => {
    const path = join(folder, normalize(new URL(request.url ?? '/', 'http://localhost').pathname));
    const found = await stat(path).catch(() => undefined);
    if (found === undefined || !found.isFile()) {
      response.writeHead(404).end();
      return;
    }
    const etag = `"${found.size}-${found.mtimeMs}"`;
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    const [start, end] = range
      ? [Number(range[1]), Math.min(Number(range[2]), found.size - 1)]
      : [0, found.size - 1];
    response.writeHead(range ? 206 : 200, {
      etag,
      'accept-ranges': 'bytes',
      ...(clockAheadMs === undefined ? {} : timesOf(found.mtimeMs, clockAheadMs)),
      'content-length': end - start + 1,
      ...(range ? { 'content-range': `bytes ${start}-${end}/${found.size}` } : {}),
    });
    if (request.method === 'HEAD') response.end();
    else {
      sent += end - start + 1;
      createReadStream(path, { start, end }).pipe(response);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, sent: () => sent };
}

function timesOf(modifiedMs: number, aheadMs: number): Record<string, string> {
  const told = (ms: number) => new Date(ms + aheadMs).toUTCString();
  return { date: told(Date.now()), 'last-modified': told(modifiedMs) };
}
