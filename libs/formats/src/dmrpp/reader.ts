import { dataSetOf, readXml, type XmlElement } from '@hyperslab/dap';
import type { FileIndex, Group, IndexedVariable } from '@hyperslab/proto/index';
import type { Storage } from '@hyperslab/storage';
import { convertAttributes } from '../dap/attributes.ts';
import type { NamedGroup, NamedVariable } from '../dap/group-content.ts';
import { nameGroups } from '../dap/name-groups.ts';
import { formatCorrupt, formatUnsupported } from '../format-error.ts';
import type { FormatReader, IndexRequest } from '../format-reader.ts';
import { NumberedObjects } from '../references/numbered-objects.ts';
import { assertMetadataSize } from '../zarr/metadata-budget.ts';
import { IndexBudget } from '../zarr/variable.ts';
import { DataUrls } from './data-urls.ts';
import { fillOf } from './fill-value.ts';
import { heldTexts } from './held-texts.ts';
import { locateStored } from './locate-stored.ts';
import { type StoredVariable, storedVariable } from './stored-variable.ts';
import { variableElements } from './variable-elements.ts';

/** DMR++: a DMR of DAP4 that says where in a data file the values of its variables are. */
export const dmrppReader: FormatReader = { name: 'dmrpp', recognise, index };

/** Each chunk is one. */
const mostElements = 1024 * 1024;

function recognise(head: Uint8Array): boolean {
  const text = Buffer.from(head.subarray(0, 4096)).toString('latin1');
  return /^(\xef\xbb\xbf)?\s*</.test(text) && /<(dap:)?Dataset\s[^>]*xmlns:dmrpp\s*=/.test(text);
}

async function index({ source, version, head, storage, signal }: IndexRequest): Promise<FileIndex> {
  const { url } = source;
  if (storage === undefined)
    throw formatUnsupported(url, 0, 'a DMR++ of which only it may be read', 'publish it by its URL');
  assertMetadataSize(url, version.size);
  const isWhole = head.length === version.size;
  const range = { offset: 0, length: version.size };
  const [bytes] = isWhole ? [head] : await source.read([range], { signal, expect: version });
  const { root, others, notes } = indexDocument(readXml(url, decoded(bytes), mostElements), url, storage);
  return { url, format: 'dmrpp', version, root, others, notes, bytesRead: 0 };
}

/** Its makers say ISO-8859-1 and write UTF-8. */
function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return Buffer.from(bytes).toString('latin1');
  }
}

/** What indexing a variable needs of its document. */
interface Indexing {
  url: string;
  hasVersion: boolean;
  elements: ReadonlyMap<string, XmlElement>;
  urls: DataUrls;
  objects: NumberedObjects;
  budget: IndexBudget;
}

function indexDocument(
  element: XmlElement,
  url: string,
  storage: Storage,
): Pick<FileIndex, 'root' | 'others' | 'notes'> {
  const { attributes } = element;
  const indexing: Indexing = {
    url,
    hasVersion: attributes['dmrpp:version'] !== undefined,
    elements: variableElements(element, url),
    urls: new DataUrls(storage, url, attributes['dmrpp:href'] ?? '', attributes.name ?? ''),
    objects: new NumberedObjects(url),
    budget: new IndexBudget(),
  };
  const notes: string[] = [];
  const named = nameGroups(dataSetOf(url, element), 'dap4', new Set(), notes);
  return { root: indexGroup(named, '', indexing), others: indexing.objects.others(), notes };
}

function indexGroup(group: NamedGroup, path: string, indexing: Indexing): Group {
  const names = new Set<string>();
  for (const { name } of group.groups) {
    // A path in the name of a variable makes a group too.
    if (names.has(name))
      throw formatCorrupt(indexing.url, 0, `one group ${JSON.stringify(`${path}/${name}`)}`, 'two');
    names.add(name);
  }
  return {
    name: group.name,
    attributes: convertAttributes(group.source?.attributes ?? []).filter(({ name }) => !ofMaker.test(name)),
    dimensions: group.dimensions,
    variables: group.variables.map((variable) =>
      indexVariable(variable, `${path}/${variable.name}`, indexing),
    ),
    groups: group.groups.map((child) => indexGroup(child, `${path}/${child.name}`, indexing)),
  };
}

/** Attributes that tell of the making of the sidecar. */
const ofMaker = /^build_dmrpp(_h4)?_metadata\./;

function indexVariable(variable: NamedVariable, path: string, indexing: Indexing): IndexedVariable {
  const { name, dtype, dimensionNames, attributes } = variable;
  const shape = variable.dimensions.map(({ size }) => size);
  const described: IndexedVariable = {
    name,
    dtype: dtype === '' ? describedType(variable.type) : dtype,
    dimensions: dimensionNames,
    shape,
    attributes: convertAttributes(attributes, dtype),
    notComputable: variable.notComputable,
    contentSha256: '',
  };
  if (variable.notComputable !== '') return described;
  const element = indexing.elements.get(variable.id);
  if (element === undefined) return { ...described, notComputable: 'it is a field of a structure' };
  const stored = storedVariable(element, indexing.url, indexing.hasVersion);
  if (dtype === 'string') return { ...described, ...textsOf(stored, shape, indexing) };
  const unsupported = stored.fillValue !== undefined && /^unsupported-/.test(stored.fillValue);
  if (unsupported)
    return { ...described, notComputable: `its maker could not describe it (${stored.fillValue})` };
  const located = locateStored(stored, { ...indexing, path, shape, dtype });
  if ('notComputable' in located) return { ...described, ...located };
  const fill = fillOf(stored.fillValue, dtype);
  if (fill === undefined && located.chunks.lengths.includes(0))
    return { ...described, notComputable: 'chunks are missing, and their fill value is not told' };
  return { ...described, ...located, ...fill };
}

function textsOf({ storage }: StoredVariable, shape: number[], { url }: Indexing): Partial<IndexedVariable> {
  if (storage.kind === 'none') return { notComputable: storage.reason };
  if (storage.kind !== 'texts') return { notComputable: 'its strings lie in the data file' };
  const inlineValues = heldTexts(storage.texts, shape, url);
  return inlineValues === undefined
    ? { notComputable: 'its texts are too long or too many' }
    : { inlineValues };
}

/** Types as an index names what is only described. */
function describedType(type: string): string {
  return type === 'Structure' ? 'compound' : type === 'Sequence' ? 'vlen' : 'opaque';
}
