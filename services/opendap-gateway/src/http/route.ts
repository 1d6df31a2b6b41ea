import { HyperslabError } from '@hyperslab/errors';

/** Answers that DAP2 has for a dataset. */
const dapForms = ['dds', 'das', 'dods', 'ascii', 'asc', 'ver', 'info', 'html'] as const;
type DapForm = (typeof dapForms)[number];

/** What a request is for. */
export type Route =
  | { kind: 'dap'; reference: string; form: DapForm; query: string }
  | { kind: 'version' }
  | { kind: 'list'; query: string }
  | { kind: 'probe'; name: 'livez' | 'readyz' | 'metrics' };

/**
 * What a URL's path and query ask for.
 * @throws HyperslabError DATASET_NOT_FOUND for a path that the gateway has not; NAME_INVALID for one that is not encoded right
 */
export function routeOf(url: string): Route {
  const mark = url.indexOf('?');
  const path = decodePath(mark < 0 ? url : url.slice(0, mark));
  const query = mark < 0 ? '' : url.slice(mark + 1);
  if (path === '/livez' || path === '/readyz' || path === '/metrics')
    return { kind: 'probe', name: path.slice(1) as 'livez' };
  if (path === '/' || path === '/dap' || path === '/dap/') return { kind: 'list', query };
  if (path === '/dap/version' || path === '/dap.ver') return { kind: 'version' };
  const dot = path.lastIndexOf('.');
  const form = dapForms.find((each) => each === path.slice(dot + 1));
  const reference = path.slice('/dap/'.length, dot);
  if (!path.startsWith('/dap/') || form === undefined || reference === '')
    throw new HyperslabError(
      'DATASET_NOT_FOUND',
      `${path}: expected /dap/NAME followed by .dds, .das, .dods, .ascii or .info`,
    );
  return { kind: 'dap', reference, form, query };
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    throw new HyperslabError('NAME_INVALID', 'the path is not percent-encoded as UTF-8', {}, error);
  }
}
