import { Readable } from 'node:stream';
import { constants, createGzip } from 'node:zlib';
import type { ClusterFeed } from './cluster-feed.ts';

/** What a page is answered with. */
export interface EventStream {
  body: ReadableStream<Uint8Array>;
  headers: Record<string, string>;
}

/** A proxy ends a connection on which nothing comes; a browser that hears nothing at all takes it for dead. */
const heartbeatMs = 15_000;
/** How soon a browser comes back when the connection breaks: the page's own backoff takes over when that fails. */
const retryMs = 2_000;

/**
 * The cluster as server-sent events (HTML standard, section 9.2). The next message is made when the reader can take it, of
 * all that came meanwhile: a slow one gets fewer.
 * @param mark Last-Event-ID of a reader that comes back
 */
export function openEventStream(
  feed: ClusterFeed,
  mark: string | undefined,
  takesGzip: boolean,
  signal: AbortSignal,
): EventStream {
  const events = Readable.from(eventTexts(feed, mark, signal), { objectMode: false, highWaterMark: 1 });
  const headers = {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    // nginx would keep events back until it has a page of them.
    'x-accel-buffering': 'no',
  };
  if (!takesGzip) return { body: Readable.toWeb(events) as ReadableStream<Uint8Array>, headers };
  const zipped = createGzip({ flush: constants.Z_SYNC_FLUSH, level: 5 });
  events.on('error', (error) => zipped.destroy(error));
  zipped.on('close', () => events.destroy());
  events.pipe(zipped);
  return {
    body: Readable.toWeb(zipped) as ReadableStream<Uint8Array>,
    headers: { ...headers, 'content-encoding': 'gzip', vary: 'accept-encoding' },
  };
}

async function* eventTexts(
  feed: ClusterFeed,
  mark: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const leave = feed.join();
  try {
    yield `retry: ${retryMs}\n\n`;
    let last = mark;
    while (!signal.aborted) {
      const next = feed.log.after(last);
      if (next !== undefined) {
        last = next.mark;
        yield `id: ${next.mark}\ndata: ${JSON.stringify(next.message)}\n\n`;
        continue;
      }
      const pause = AbortSignal.timeout(heartbeatMs);
      await feed.log.next(AbortSignal.any([signal, pause]));
      if (pause.aborted) yield ': still here\n\n';
    }
  } finally {
    leave();
  }
}
