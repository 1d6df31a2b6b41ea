import { HyperslabError } from '@hyperslab/errors';
import { atomicType } from './atomic-types.ts';
import type { ChunkSpace } from './chunk-space.ts';

export type DapProtocol = 'dap2' | 'dap4';

/** One variable whose values are read by chunks, in the order of these. */
export interface DapValuesSpace extends ChunkSpace {
  /** How a constraint names it: "/g/t", "t.t". */
  id: string;
  /** Atomic type of the protocol: "Float32". */
  type: string;
}

/** What a URL of a data set means. */
export interface DapTarget {
  protocol: DapProtocol;
  /** The data set's http or https URL, without suffix, query and fragment. */
  dataSet: string;
  /** Suffix and query of an answer that is read as it is: ".dmr", ".dods?lat,lon". */
  request: string;
  /** The variable, when its values are meant. */
  values?: DapValuesSpace;
}

/** Each is an answer that is held in memory; those that data sets are cut into have some megabytes. */
const mostChunkBytes = 64 * 1024 * 1024;

/** Suffix of the description that stands for a data set. */
const descriptions = { dap2: '.dds', dap4: '.dmr' } as const;

/** What `answer` may be, all that is left of the fragment: nothing that leads to another path than the data set's own. */
const answers = /^\.(?:dds|das|dmr)$|^\.(?:dods|dap)\?/;

/**
 * Reads a URL of a data set; undefined when it is another one. `http://host/x.nc#dap4`, `#dap2`, `#mode=dap4` and
 * `dap4://host/x.nc` mean the data set; behind `#dap4&` stands an answer or a variable of it, as `dapUrl` writes them. What is behind
 * the number sign is sent to no server, but for an answer's suffix and query. Throws URL_INVALID.
 */
export function parseDapUrl(text: string): DapTarget | undefined {
  const scheme = /^(dap[24]):\/\/(.*)$/i.exec(text);
  const http = scheme === null ? text : `http://${scheme[2]}`;
  if (!/^https?:\/\//i.test(http)) return undefined;
  const [dataSet, fragment = ''] = splitOnce(http, '#');
  const mark = /^(?:mode=)?(dap[24])(?:$|&)/i.exec(fragment);
  const protocol = (scheme?.[1] ?? mark?.[1])?.toLowerCase() as DapProtocol | undefined;
  if (protocol === undefined) return undefined;
  if (dataSet.includes('?')) {
    throw urlInvalid(text, 'expected the URL of a whole data set, without a constraint behind "?"');
  }
  const [said, answer] = splitOnce(fragment, '&answer=');
  const isAnswer = said.length < fragment.length;
  if (isAnswer && !answers.test(answer)) {
    throw urlInvalid(
      text,
      'expected an answer that is a description, or a suffix of values and a constraint',
    );
  }
  const members = new Map<string, string>();
  for (const member of said.split('&').slice(1)) members.set(...splitOnce(member, '='));
  const target = { protocol, dataSet, request: isAnswer ? answer : descriptions[protocol] };
  return members.has('variable') ? { ...target, values: valuesSpace(text, members) } : target;
}

/** The URL of a data set, or of an answer about it, or of the values of one of its variables. */
export function dapUrl(protocol: DapProtocol, dataSet: string, of: string | DapValuesSpace = ''): string {
  const base = `${dataSet}#${protocol}`;
  if (typeof of === 'string') return of === '' ? base : `${base}&answer=${of}`;
  const { id, type, shape, chunkShape } = of;
  const name = encodeURIComponent(id).replaceAll('%2F', '/');
  return `${base}&variable=${name}&type=${type}&shape=${shape.join()}&chunks=${chunkShape.join()}`;
}

function valuesSpace(url: string, members: ReadonlyMap<string, string>): DapValuesSpace {
  const type = members.get('type') ?? '';
  const width = atomicType(type)?.width ?? 0;
  const shape = extents(members.get('shape') ?? '');
  const chunkShape = extents(members.get('chunks') ?? '');
  const id = decoded(members.get('variable') ?? '');
  const bytes = shape?.reduce((product, extent) => product * extent, width) ?? Number.NaN;
  const cut = chunkShape?.length === shape?.length && chunkShape?.every((extent) => extent > 0);
  if (!id || width === 0 || !shape || !chunkShape || !cut || !Number.isSafeInteger(bytes)) {
    throw urlInvalid(url, 'expected a variable with type, shape and chunks of its values');
  }
  const chunkBytes = shape.reduce(
    (product, extent, axis) => product * Math.min(extent, chunkShape[axis]),
    width,
  );
  if (chunkBytes > mostChunkBytes)
    throw urlInvalid(url, `expected chunks of at most ${mostChunkBytes} bytes`);
  return { id, type, width, shape, chunkShape };
}

function extents(text: string): number[] | undefined {
  if (text === '') return [];
  const found = text.split(',').map((part) => (/^\d+$/.test(part) ? Number(part) : Number.NaN));
  return found.every(Number.isSafeInteger) ? found : undefined;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function splitOnce(text: string, sign: string): [string, string] {
  const at = text.indexOf(sign);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + sign.length)];
}

function urlInvalid(text: string, expectation: string): HyperslabError {
  // Without user and password: messages are logged.
  const url = text.replace(/^([^:]*:[/\\]+)[^/\\?#]*@/, '$1');
  return new HyperslabError('URL_INVALID', `${url}: ${expectation}`, { url });
}
