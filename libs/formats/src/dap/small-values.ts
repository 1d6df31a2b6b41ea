import { elementCount, encodeValues } from '@hyperslab/array';
import {
  atomicType,
  type DapProtocol,
  type DapValues,
  dapUrl,
  dataRequest,
  decodeAnswer,
  valuesOf,
} from '@hyperslab/dap';
import { HyperslabError } from '@hyperslab/errors';
import type { ArrayBlock } from '@hyperslab/proto/array';
import type { Storage } from '@hyperslab/storage';
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

/** Where a data set is, and through what it is read. */
export interface DapServer {
  protocol: DapProtocol;
  dataSet: string;
  storage: Storage;
  signal?: AbortSignal;
}

/** Whether values are few enough to be asked for while the data set is indexed. Texts can be read in no other way. */
export function isSmall({ dtype, type, dimensions, notComputable }: NamedVariable): boolean {
  const elements = elementCount(dimensions.map(({ size }) => size));
  if (notComputable !== '' || elements === 0) return false;
  if (dtype === 'string') return elements <= mostTexts;
  return dimensions.length <= 1 && elements * atomicType(type)!.width <= mostNumberBytes;
}

/**
 * Values of small variables, some with each request. One whose values a server does not tell so is absent: others are read without it.
 * Throws CANCELLED, OUTSIDE_ROOTS.
 */
export async function readSmallValues(
  server: DapServer,
  variables: readonly NamedVariable[],
): Promise<Map<NamedVariable, ArrayBlock>> {
  const found = new Map<NamedVariable, ArrayBlock>();
  let bytes = 0;
  for (const batch of batchesOf(variables)) {
    if (bytes > mostInlineBytes) break;
    const values = (await readBatch(server, batch)) ?? [];
    for (const variable of batch) {
      const block = blockOf(server, variable, values) ?? (await readAlone(server, variable, batch.length));
      if (block === undefined) continue;
      found.set(variable, block);
      bytes += block.data.length;
    }
  }
  return found;
}

function* batchesOf(variables: readonly NamedVariable[]): Iterable<NamedVariable[]> {
  let batch: NamedVariable[] = [];
  let length = 0;
  let bytes = 0;
  for (const variable of variables) {
    const elements = elementCount(variable.dimensions.map(({ size }) => size));
    const more = elements * (atomicType(variable.type)!.width || 64);
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

/** Some servers answer no list of variables. */
async function readAlone(
  server: DapServer,
  variable: NamedVariable,
  together: number,
): Promise<ArrayBlock | undefined> {
  if (together === 1) return undefined;
  return blockOf(server, variable, (await readBatch(server, [variable])) ?? []);
}

async function readBatch(
  server: DapServer,
  batch: readonly NamedVariable[],
): Promise<DapValues[] | undefined> {
  const ids = batch.map(({ id }) => id);
  const { protocol, dataSet, storage, signal } = server;
  try {
    const source = storage.open(dapUrl(protocol, dataSet, dataRequest(protocol, ids)));
    const { size } = await source.stat(signal);
    const [answer] = await source.read([{ offset: 0, length: size }], { signal });
    return decodeAnswer(protocol, source.url, answer);
  } catch (error) {
    if (isFinal(error)) throw error;
    return undefined;
  }
}

/** Nothing else is to be tried. */
export function isFinal(error: unknown): boolean {
  if (!(error instanceof HyperslabError)) return true;
  return ['CANCELLED', 'DEADLINE_EXCEEDED', 'OUTSIDE_ROOTS', 'INTERNAL'].includes(error.reason);
}

function blockOf(
  { protocol, dataSet }: DapServer,
  variable: NamedVariable,
  values: readonly DapValues[],
): ArrayBlock | undefined {
  const shape = variable.dimensions.map(({ size }) => size);
  let found: DapValues;
  try {
    found = valuesOf(dapUrl(protocol, dataSet), values, variable, shape);
  } catch {
    return undefined;
  }
  const data = found.bytes ?? encodeValues({ dtype: 'string', shape, values: found.texts! });
  if (data.length > mostTextBytes) return undefined;
  return { dtype: variable.dtype, shape, data: Buffer.from(data), mask: Buffer.alloc(0) };
}
