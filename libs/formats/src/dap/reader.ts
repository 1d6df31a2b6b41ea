import {
  type DapDataSet,
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
import { addDasAttributes } from './das-attributes.ts';
import { indexGroups } from './index-groups.ts';
import { nameGroups } from './name-groups.ts';
import type { DapServer } from './small-values.ts';

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
  const server: DapServer = { protocol: target.protocol, dataSet: target.dataSet, storage, signal };
  const { dataSet, unlimited } = await readDescription(server, source, version);
  const root = nameGroups(dataSet, server.protocol, unlimited);
  const found = await indexGroups(server, root, version);
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
  if (protocol === 'dap4') return { dataSet: parseDmr(source.url, decodeText(bytes)), unlimited: new Set() };
  const found = parseDds(source.url, decodeText(bytes));
  const das = storage.open(dapUrl(protocol, dataSet, '.das'));
  const { size } = await das.stat(signal);
  const [text] = await das.read([{ offset: 0, length: size }], { signal });
  return { dataSet: found, unlimited: addDasAttributes(found, parseDas(das.url, decodeText(text))) };
}
