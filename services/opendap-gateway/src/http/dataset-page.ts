import { dasText } from '../dap2/das.ts';
import type { DapDataset } from '../model/declare.ts';
import { escapeHtml, htmlPage } from './html-page.ts';

/** What a person sees of a dataset: its structure and its attributes. */
export function datasetPage(described: DapDataset, dds: string): string {
  const { name, version, title } = described.dataset;
  const links = ['dds', 'das', 'ascii']
    .map((form) => `<a href="${escapeHtml(encodeURI(`/dap/${name}@${version}.${form}`))}">.${form}</a>`)
    .join(' ');
  return htmlPage(
    title || name,
    `<p>${escapeHtml(`${name}@${version}`)} ${links}</p>
<pre>${escapeHtml(dds)}</pre>
<pre>${escapeHtml(dasText(described))}</pre>`,
  );
}
