import {
  atomicType,
  type DapGroup,
  type DapProtocol,
  dapUrl,
  decodeText,
  type FlatVariable,
  flatVariables,
  parseDapUrl,
  parseDds,
  parseDmr,
} from '@hyperslab/dap';
import { HyperslabError, isHyperslabError } from '@hyperslab/errors';
import type { Storage } from '@hyperslab/storage';
import { isFinal } from './dap-server.ts';
import { readFirst } from './read-first.ts';

/** Endings of what servers answer about a data set: without them it is the data set's URL. */
const endings = /\.(dds|das|dods|ascii|asc|dmr\.xml|dmr\.html|dmr|dap|html)$/;
const endingsOfDap2 = /\.(dds|das|dods|ascii|asc)$/;

/**
 * The data set of an OPeNDAP server that a web address means, as a URL of it; undefined when no server answers so. DAP4 comes first,
 * but only where values are answered too: some servers describe data sets in DAP4 and answer values in DAP2 alone. Why there is none
 * in a protocol is added to `failures`, unless the server has nothing there. Throws CANCELLED, OUTSIDE_ROOTS.
 */
export async function findDataSet(
  url: string,
  storage: Storage,
  signal?: AbortSignal,
  failures: HyperslabError[] = [],
): Promise<string | undefined> {
  if (!/^https?:/i.test(url) || url.includes('?') || parseDapUrl(url) !== undefined) return undefined;
  const base = url.replace(/#.*$/, '');
  const dataSet = base.replace(endings, '');
  const protocols: DapProtocol[] = endingsOfDap2.test(base) ? ['dap2', 'dap4'] : ['dap4', 'dap2'];
  for (const protocol of protocols) {
    try {
      if (await isServed(protocol, dataSet, storage, signal)) return dapUrl(protocol, dataSet);
    } catch (error) {
      if (isFinal(error)) throw error;
      if (!isHyperslabError(error, 'OBJECT_NOT_FOUND')) failures.push(error as HyperslabError);
    }
  }
  return undefined;
}

/** The error of an address where no file is, with why no data set is there either. */
export function withFailures(noFile: HyperslabError, failures: readonly HyperslabError[]): HyperslabError {
  if (failures.length === 0) return noFile;
  const { reason, message, details } = noFile;
  const why = failures.map((failure) => failure.message).join('; ');
  return new HyperslabError(
    reason,
    `${message}; nor is it a data set of an OPeNDAP server: ${why}`,
    details,
    failures[0],
  );
}

async function isServed(
  protocol: DapProtocol,
  dataSet: string,
  storage: Storage,
  signal?: AbortSignal,
): Promise<boolean> {
  const source = storage.open(dapUrl(protocol, dataSet));
  const { size } = await source.stat(signal);
  const [bytes] = await source.read([{ offset: 0, length: size }], { signal });
  const text = decodeText(bytes);
  if (protocol === 'dap2') {
    parseDds(source.url, text);
    return true;
  }
  const variable = anyNumbers(parseDmr(source.url, text).root, '');
  if (variable !== undefined) await readFirst({ protocol, dataSet, storage, signal }, variable);
  return true;
}

/** A variable of numbers that has some. */
function anyNumbers(group: DapGroup, path: string): FlatVariable | undefined {
  const has = ({ notComputable, type, dimensions }: FlatVariable) =>
    notComputable === '' && atomicType(type)!.width > 0 && dimensions.every(({ size }) => size > 0);
  const own = flatVariables(group, path, 'dap4').find(has);
  if (own !== undefined) return own;
  for (const child of group.groups) {
    const found = anyNumbers(child, `${path}/${child.name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
