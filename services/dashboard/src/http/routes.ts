import type { Client } from '@hyperslab/client';
import { type Context, Hono } from 'hono';
import type { ClusterFeed } from '../cluster/cluster-feed.ts';
import { openEventStream } from '../cluster/event-stream.ts';
import { describeDataset, describeSummary } from '../explore/describe-dataset.ts';
import { describeParameter } from '../explore/describe-parameter.ts';
import { Explorer, namesVersion } from '../explore/explorer.ts';
import { readGrid } from '../explore/read-grid.ts';
import { readSeries } from '../explore/read-series.ts';
import { readSlice } from '../explore/read-slice.ts';
import { requiredText } from '../explore/request.ts';
import { answerBytes, answerError, answerJson, answerRefusal } from './answer.ts';
import { takesEncoding } from './compress.ts';
import type { PageFiles } from './page-files.ts';

/** What the routes are made of. */
export interface RouteParts {
  client: Client;
  feed: ClusterFeed;
  files: PageFiles;
  /** Aborts when the process is about to end: streams that would last for ever must end. */
  stopping: AbortSignal;
  /** Time for an answer, milliseconds. */
  requestTimeoutMs: number;
}

const frameType = 'application/vnd.hyperslab.frame';
const notBuilt =
  'the page is not built; run `node tools/setup.mjs` in the repository, or `npx vite build` in services/dashboard\n';

/** The API and the page. All paths are below the root; a proxy takes a prefix away before. */
export function routes({ client, feed, files, stopping, requestTimeoutMs }: RouteParts): Hono {
  const explorer = new Explorer(client);
  const app = new Hono();

  /** A read: its query, and a signal that aborts when the browser is gone or it has taken too long. */
  const read = (
    path: string,
    answer: (query: URLSearchParams, signal: AbortSignal, request: Request) => Promise<Response>,
  ) =>
    app.get(path, ({ req }) => {
      const signal = AbortSignal.any([req.raw.signal, AbortSignal.timeout(requestTimeoutMs)]);
      return answer(new URL(req.url).searchParams, signal, req.raw);
    });

  read('/api/datasets', async (query, signal, request) => {
    const { items, nextPageToken } = await explorer.datasets(query, signal);
    return answerJson({ datasets: items.map(describeSummary), next: nextPageToken }, { request });
  });
  read('/api/dataset', async (query, signal, request) => {
    const dataset = await explorer.dataset(query, signal);
    return answerJson(describeDataset(dataset), { request, isImmutable: namesVersion(query) });
  });
  read('/api/parameter', async (query, signal, request) => {
    const dataset = await explorer.dataset(query, signal);
    const described = await describeParameter(dataset, requiredText(query, 'parameter'), signal);
    return answerJson(described, { request, isImmutable: namesVersion(query) });
  });
  read('/api/grid', async (query, signal, request) => {
    const dataset = await explorer.dataset(query, signal);
    const frame = await readGrid(dataset, requiredText(query, 'parameter'), signal);
    return answerBytes(frame, frameType, { request, isImmutable: namesVersion(query) });
  });
  read('/api/slice', async (query, signal, request) => {
    const dataset = await explorer.dataset(query, signal);
    const frame = await readSlice(dataset, query, requiredText(query, 'parameter'), signal);
    return answerBytes(frame, frameType, { request, isImmutable: namesVersion(query) });
  });
  read('/api/series', async (query, signal, request) => {
    const dataset = await explorer.dataset(query, signal);
    const series = await readSeries(dataset, query, requiredText(query, 'parameter'), signal);
    return answerJson(series, { request, isImmutable: namesVersion(query) });
  });
  app.get('/api/events', ({ req }) => {
    const takesGzip = takesEncoding(req.header('accept-encoding'), 'gzip');
    // A browser sends the header when it comes back by itself; a page that opens a new stream can't.
    const mark = req.header('last-event-id') ?? req.query('after');
    const signal = AbortSignal.any([req.raw.signal, stopping]);
    const { body, headers } = openEventStream(feed, mark, takesGzip, signal);
    return new Response(body, { headers });
  });
  app.post('/api/jobs/:id/cancel', async ({ req }) => {
    const { jobId, state } = await client.cancel(req.param('id'), { signal: req.raw.signal });
    return answerJson({ jobId, state }, { request: req.raw });
  });

  app.get('*', async (context) => {
    const { pathname } = new URL(context.req.url);
    const file = await files.file(pathname.slice(1), context.req.header('accept-encoding'));
    if (file !== undefined) return sendFile(context, file.headers, file.body);
    if (pathname === '/' && !files.isBuilt) return context.text(notBuilt, 503);
    return answerRefusal(404, 'there is nothing under this address');
  });
  app.notFound(() => answerRefusal(404, 'there is nothing under this address'));
  app.onError((error) => answerError(error));
  return app;
}

function sendFile({ req }: Context, headers: Record<string, string>, body: Uint8Array): Response {
  if (req.header('if-none-match') === headers.etag) return new Response(null, { status: 304, headers });
  return new Response(body as Uint8Array<ArrayBuffer>, {
    headers: { ...headers, 'content-length': String(body.length) },
  });
}
