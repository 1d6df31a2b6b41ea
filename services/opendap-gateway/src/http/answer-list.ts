import type { DatasetSummary } from '@hyperslab/proto/catalog';
import type { Upstream } from '../upstream/upstream.ts';
import type { Answer } from './answer.ts';
import { escapeHtml, htmlPage } from './html-page.ts';

/**
 * A page of what is published: JSON for those who accept that before HTML, else a table with links.
 * @param query `page=TOKEN` for a page after the first
 */
export async function answerList(
  query: string,
  accept: string | undefined,
  upstream: Upstream,
  signal: AbortSignal,
): Promise<Answer> {
  const pageToken = new URLSearchParams(query).get('page') ?? '';
  const { datasets, nextPageToken } = await upstream.list(pageToken, signal);
  const next = nextPageToken === '' ? undefined : `/dap/?page=${encodeURIComponent(nextPageToken)}`;
  if (accept?.includes('application/json')) {
    const listed = datasets.map(({ name, version, title, cubes }) => ({
      name,
      version,
      title,
      cubes,
      url: urlOf(name),
    }));
    return {
      status: 200,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: `${JSON.stringify({ datasets: listed, next })}\n`,
    };
  }
  return {
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: htmlPage(
      'Hyperslab: published datasets',
      `${table(datasets)}${next ? `<p><a href="${escapeHtml(next)}">more</a></p>` : ''}`,
    ),
  };
}

function urlOf(name: string): string {
  return `/dap/${name.split('/').map(encodeURIComponent).join('/')}`;
}

function table(datasets: readonly DatasetSummary[]): string {
  if (datasets.length === 0) return '<p>Nothing is published.</p>';
  const rows = datasets.map(
    ({ name, version, title, cubes }) =>
      `<tr><td><a href="${escapeHtml(urlOf(name))}.html">${escapeHtml(name)}</a></td><td>version ${version}</td><td>${cubes} ${cubes === 1 ? 'cube' : 'cubes'}</td><td>${escapeHtml(title)}</td></tr>`,
  );
  return `<p>Open <code>/dap/NAME</code> with any OPeNDAP client.</p><table>${rows.join('\n')}</table>`;
}
