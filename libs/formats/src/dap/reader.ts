import {
  type DapDataSet,
  type DapGroup,
  type DapVariable,
  dapUrl,
  decodeText,
  parseDapUrl,
  parseDas,
  parseDds,
  parseDmr,
} from '@hyperslab/dap';
import type { HyperslabError } from '@hyperslab/errors';
import type { FileIndex } from '@hyperslab/proto/index';
import type { ByteSource, ObjectVersion, Storage } from '@hyperslab/storage';
import { formatUnsupported } from '../format-error.ts';
import type { FormatReader, IndexRequest } from '../format-reader.ts';
import type { DapServer } from './dap-server.ts';
import { addDasAttributes } from './das-attributes.ts';
import { indexGroups } from './index-groups.ts';
import { nameGroups } from './name-groups.ts';
import { separateMaps } from './separate-maps.ts';

/** A data set of an OPeNDAP server, DAP2 or DAP4, by its description (DDS or DMR). */
export const dapReader: FormatReader = { name: 'dap', recognise, index };

/** A DDS, or a DMR that is no sidecar of references (DMR++). */
function recognise(head: Uint8Array): boolean {
  const text = Buffer.from(head.subarray(0, 4096)).toString('latin1').trimStart();
  if (/^Dataset\s*\{/i.test(text)) return true;
  if (/xmlns:dmrpp\s*=/.test(text)) return false;
  const root = /^(<\?xml[^>]*>\s*)?<(dap:)?Dataset\b[^>]*>/.exec(text)?.[0];
  return root !== undefined && /\b(dapVersion|dmrVersion)\s*=|DAP\/4\.0#/.test(root);
}

async function index(request: IndexRequest): Promise<FileIndex> {
  const { source, version, storage, signal } = request;
  const { url } = source;
  const target = parseDapUrl(url);
  if (storage === undefined) throw withoutServer(url);
  if (target === undefined) return indexDescribed(request, storage);
  const whole = dapUrl(target.protocol, target.dataSet);
  // As messages name it; all of its values would be taken for a description.
  if (url !== whole)
    throw formatUnsupported(url, 0, 'a part of a data set', `publish the data set, ${whole}`);
  const server: DapServer = { protocol: target.protocol, dataSet: target.dataSet, storage, signal };
  const { dataSet, unlimited } = await readDescription(server, source, version);
  const notes = await separateMaps(server, dataSet);
  const root = nameGroups(dataSet, server.protocol, unlimited, notes);
  const found = await indexGroups(server, root, version, notes);
  return { url, format: server.protocol, version, ...found, bytesRead: 0 };
}

/** The data set whose description was given by its own URL, as `.dds` or `.dmr`. */
async function indexDescribed({ source, head, signal }: IndexRequest, storage: Storage): Promise<FileIndex> {
  const [, dataSet] = /^(https?:.*)\.(?:dds|dmr|dmr\.xml)$/.exec(source.url) ?? [];
  if (dataSet === undefined) throw withoutServer(source.url);
  const isDds = /^\s*Dataset\s*\{/i.test(Buffer.from(head.subarray(0, 64)).toString('latin1'));
  const description = storage.open(dapUrl(isDds ? 'dap2' : 'dap4', dataSet));
  return index({ source: description, version: await description.stat(signal), head, storage, signal });
}

function withoutServer(url: string): HyperslabError {
  const what = 'a description of a data set without its server';
  return formatUnsupported(url, 0, what, 'publish the data set by its URL of http or https');
}

/** What a server says of a data set, with all attributes. */
async function readDescription(
  { protocol, dataSet, storage, signal }: DapServer,
  source: ByteSource,
  version: ObjectVersion,
): Promise<{ dataSet: DapDataSet; unlimited: Set<string> }> {
  const [bytes] = await source.read([{ offset: 0, length: version.size }], { signal, expect: version });
  const text = decodeText(bytes);
  const found = protocol === 'dap4' ? parseDmr(source.url, text) : parseDds(source.url, text);
  assertFew(source.url, found.root);
  if (protocol === 'dap4') return { dataSet: found, unlimited: new Set() };
  const das = storage.open(dapUrl(protocol, dataSet, '.das'));
  const { size } = await das.stat(signal);
  const [attributes] = await das.read([{ offset: 0, length: size }], { signal });
  return { dataSet: found, unlimited: addDasAttributes(found, parseDas(das.url, decodeText(attributes))) };
}

/** More variables, with fields and groups, are no data set that anybody has. */
const mostVariables = 65_536;

function assertFew(url: string, root: DapGroup): void {
  let count = 0;
  const counted = ({ fields }: DapVariable): void => {
    count++;
    fields.forEach(counted);
  };
  const countGroup = ({ variables, groups }: DapGroup): void => {
    count++;
    variables.forEach(counted);
    groups.forEach(countGroup);
  };
  countGroup(root);
  if (count <= mostVariables) return;
  const what = `a data set of ${count} variables and groups`;
  throw formatUnsupported(url, 0, what, `publish one of at most ${mostVariables}`);
}
