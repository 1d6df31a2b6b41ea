import { encodeValues } from '@hyperslab/array';
import {
  atomicType,
  type DapDimension,
  type DapValues,
  dapUrl,
  dataRequest,
  decodeAnswer,
  valuesOf,
} from '@hyperslab/dap';
import { isHyperslabError } from '@hyperslab/errors';
import type { ArrayBlock } from '@hyperslab/proto/array';
import { type DapServer, isFinal, isPassing } from './dap-server.ts';
import type { NamedVariable } from './group-content.ts';

/** Numbers of at most so many bytes, of one dimension or none, are read with the index: coordinates, as a rule. */
const mostNumberBytes = 64 * 1024;
const mostTexts = 4096;
const mostTextBytes = 1024 * 1024;

/** All that an index holds of one data set; what is beyond is read by chunks. */
const mostInlineBytes = 16 * 1024 * 1024;

// Servers take URLs of some kilobytes; an answer should not be large either.
const mostUrlLength = 1500;
const mostAnswerBytes = 1024 * 1024;

/** How many are asked for one by one at once: as many requests as run at once. */
const aloneAtOnce = 8;

/** After so many such groups in a row of which no value came, no more are asked for. */
const mostFailedGroups = 2;

/** A variable, and the data type of its values here. */
export interface ValuesWanted {
  id: string;
  type: string;
  dtype: string;
  dimensions: readonly DapDimension[];
  /** It is the array of a grid. */
  ofGrid?: boolean;
}

/** Whether values are few enough to be asked for while the data set is indexed. Texts can be read in no other way. */
export function isSmall({ dtype, type, dimensions, notComputable }: NamedVariable): boolean {
  if (notComputable !== '' || dimensions.some(({ size }) => size === 0)) return false;
  const elements = elementsOf(dimensions);
  if (dtype === 'string') return elements <= mostTexts;
  return dimensions.length <= 1 && elements * atomicType(type)!.width <= mostNumberBytes;
}

/** More than 2^53 are not exact, and more than any limit. */
function elementsOf(dimensions: readonly DapDimension[]): number {
  return dimensions.reduce((product, { size }) => product * size, 1);
}

/**
 * Values of small variables, some with each request. One whose values a server does not tell is absent, and `failure` says what the
 * first such was answered: others are read without it. Throws CANCELLED, OUTSIDE_ROOTS, and what may pass: STORAGE_UNAVAILABLE,
 * SHORT_READ.
 */
export async function readSmallValues<V extends ValuesWanted>(
  server: DapServer,
  variables: readonly V[],
): Promise<{ values: Map<V, ArrayBlock>; failure?: Error }> {
  const values = new Map<V, ArrayBlock>();
  let failure: Error | undefined;
  let answersLists = true;
  let failedGroups = 0;
  let bytes = 0;
  // Answers whether there were any.
  const ask = async (asked: readonly V[]): Promise<boolean> => {
    const found = await readBatch(server, asked);
    for (const [variable, block] of found.values) {
      values.set(variable, block);
      bytes += block.data.length;
    }
    if (asked.length === 1) failure ??= found.failure;
    return found.values.size > 0;
  };
  for (const batch of batchesOf(variables)) {
    if (bytes > mostInlineBytes) break;
    const isList: boolean = batch.length > 1 && answersLists;
    const isAnswered = isList && (await ask(batch));
    if (isAnswered) failedGroups = 0;
    const missing = batch.filter((variable) => !values.has(variable));
    for (let at = 0; at < missing.length; at += aloneAtOnce) {
      if (bytes > mostInlineBytes || failedGroups === mostFailedGroups) return { values, failure };
      const asked = missing.slice(at, at + aloneAtOnce).map((variable) => ask([variable]));
      // None goes on behind the failure of another.
      await Promise.allSettled(asked);
      const found = await Promise.all(asked);
      failedGroups = found.includes(true) ? 0 : failedGroups + 1;
    }
    // Where one of a list has no values, other lists may be answered.
    if (isList && !isAnswered) answersLists = !batch.every((variable) => values.has(variable));
  }
  return { values, failure };
}

function* batchesOf<V extends ValuesWanted>(variables: readonly V[]): Iterable<V[]> {
  let batch: V[] = [];
  let length = 0;
  let bytes = 0;
  for (const variable of variables) {
    const more = elementsOf(variable.dimensions) * (atomicType(variable.type)!.width || 64);
    const isFull = length + variable.id.length > mostUrlLength || bytes + more > mostAnswerBytes;
    if (batch.length > 0 && isFull) {
      yield batch;
      [batch, length, bytes] = [[], 0, 0];
    }
    batch.push(variable);
    length += variable.id.length + 3;
    bytes += more;
  }
  if (batch.length > 0) yield batch;
}

/** One request. What it does not bring of several is absent, of one alone `failure` says why. */
async function readBatch<V extends ValuesWanted>(
  server: DapServer,
  batch: readonly V[],
): Promise<{ values: Map<V, ArrayBlock>; failure?: Error }> {
  const ids = batch.map(({ id }) => id);
  const { protocol, dataSet, storage, signal } = server;
  const values = new Map<V, ArrayBlock>();
  let failure: Error | undefined;
  try {
    const source = storage.open(dapUrl(protocol, dataSet, dataRequest(protocol, ids)));
    const { size } = await source.stat(signal);
    const [answer] = await source.read([{ offset: 0, length: size }], { signal });
    const decoded = decodeAnswer(protocol, source.url, answer);
    for (const variable of batch) {
      const block = blockOf(source.url, variable, decoded);
      if (block instanceof Error) failure ??= block;
      else values.set(variable, block);
    }
  } catch (error) {
    // Some servers answer no list of variables, or a broken one.
    const isCut = batch.length === 1 && isHyperslabError(error, 'SHORT_READ') && !mayBeMisread(batch[0]);
    if (isFinal(error) || isPassing(error) || isCut) throw error;
    failure = error as Error;
  }
  return { values, failure };
}

/** Texts that end early as servers write them: pydap's arrays of characters of which some are NUL, all of xpublish, which has grids of them. */
function mayBeMisread({ dtype, dimensions, ofGrid = false }: ValuesWanted): boolean {
  return dtype === 'string' && (dimensions.length > 0 || ofGrid);
}

function blockOf(url: string, variable: ValuesWanted, values: readonly DapValues[]): ArrayBlock | Error {
  const shape = variable.dimensions.map(({ size }) => size);
  let found: DapValues;
  try {
    found = valuesOf(url, values, variable, shape);
  } catch (error) {
    if (isFinal(error)) throw error;
    return error as Error;
  }
  const data = found.bytes ?? encodeValues({ dtype: 'string', shape, values: found.texts! });
  if (data.length > mostTextBytes) return new Error(`${url}: values of "${variable.id}" are too many`);
  return { dtype: variable.dtype, shape, data: Buffer.from(data), mask: Buffer.alloc(0) };
}
