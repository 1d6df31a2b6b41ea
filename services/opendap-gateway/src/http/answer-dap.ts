import { parseConstraint } from '../constraint/parse-constraint.ts';
import { type Part, type Projection, project } from '../constraint/project.ts';
import { asciiBody } from '../dap2/ascii-body.ts';
import { dasText } from '../dap2/das.ts';
import { ddsText } from '../dap2/dds.ts';
import { checkCounts, type OpenPart, partsOf, xdrBody, xdrLength } from '../dap2/xdr-body.ts';
import { type DapDataset, declareDataset } from '../model/declare.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { openValues } from '../values/open-values.ts';
import { type Answer, dapHeaders, plainText, serverName } from './answer.ts';
import { datasetPage } from './dataset-page.ts';
import type { Route } from './route.ts';

/** What the gateway says of itself. */
export function versionAnswer(): Answer {
  const body = `Core version: DAP/2.0\nServer version: ${serverName}\n`;
  return { status: 200, headers: dapHeaders('dods_version', plainText), body };
}

/**
 * The answer to a DAP2 request. Everything that can be wrong with it is found before: what the body throws is a failure
 * of the mesh.
 */
export async function answerDap(
  { reference, form, query }: Extract<Route, { kind: 'dap' }>,
  upstream: Upstream,
  signal: AbortSignal,
): Promise<Answer> {
  if (form === 'ver') return versionAnswer();
  const described = declareDataset(await upstream.dataset(reference, signal));
  if (form === 'das')
    return { status: 200, headers: dapHeaders('dods_das', plainText), body: dasText(described) };
  const projections = project(described, parseConstraint(query));
  const dds = ddsText(described.id, projections);
  const open: OpenPart = (part: Part) => openValues(part, described, upstream, signal);
  switch (form) {
    case 'dds':
      return { status: 200, headers: dapHeaders('dods_dds', plainText), body: dds };
    case 'dods':
      return dataAnswer(dds, projections, open);
    case 'ascii':
    case 'asc':
      return asciiAnswer(dds, projections, open);
    case 'info':
    case 'html':
      return pageAnswer(described, dds);
  }
}

function dataAnswer(dds: string, projections: Projection[], open: OpenPart): Answer {
  const parts = partsOf(projections);
  checkCounts(parts);
  const head = Buffer.from(`${dds}Data:\n`);
  const headers = dapHeaders('dods_data', 'application/octet-stream');
  const length = xdrLength(parts);
  if (length !== undefined) headers['content-length'] = String(head.length + length);
  return { status: 200, headers, body: behind(head, xdrBody(parts, open)) };
}

function asciiAnswer(dds: string, projections: Projection[], open: OpenPart): Answer {
  checkCounts(partsOf(projections));
  const body = behind(dds, asciiBody(projections, open));
  return { status: 200, headers: dapHeaders('dods_ascii', plainText), body };
}

function pageAnswer(described: DapDataset, dds: string): Answer {
  const headers = dapHeaders('dods_info', 'text/html; charset=utf-8');
  return { status: 200, headers, body: datasetPage(described, dds) };
}

async function* behind<T>(head: T, body: AsyncIterable<T>): AsyncGenerator<T> {
  yield head;
  yield* body;
}
