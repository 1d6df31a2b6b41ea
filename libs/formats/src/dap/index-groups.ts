import { isFixedWidth } from '@hyperslab/array';
import { allChunks, atomicType, type DapValuesSpace, dapUrl, spaceBytes } from '@hyperslab/dap';
import type { ChunkTable, FileIndex, Group, IndexedVariable } from '@hyperslab/proto/index';
import type { ObjectVersion } from '@hyperslab/storage';
import { convertAttributes } from './attributes.ts';
import { chooseSpellings } from './choose-spellings.ts';
import { chunkShapeOf } from './chunk-shape.ts';
import { type DapServer, isFinal, isPassing } from './dap-server.ts';
import { chooseGridIds } from './grid-ids.ts';
import type { NamedGroup, NamedVariable } from './group-content.ts';
import { roundingNotes } from './rounded-numbers.ts';
import { isSmall, readSmallValues } from './small-values.ts';

/** Rows of all chunk tables of an index. */
const mostChunks = 4 * 1024 * 1024;

/** Nothing is known of the state of values whose server tells no time. */
const unknownVersion: ObjectVersion = { size: 0, etag: '', modifiedUs: 0 };

/**
 * Groups of an index: small variables with their values, others with chunks that lie in objects of their own, each the values of
 * one variable (`DapValuesSpace`). `version` is the description's, `notes` are what is known to be left out.
 */
export async function indexGroups(
  server: DapServer,
  root: NamedGroup,
  version: ObjectVersion,
  notes: readonly string[],
): Promise<Pick<FileIndex, 'root' | 'notes' | 'others'>> {
  const all = [...variablesOf(root)];
  const gridIds = await chooseGridIds(server, all);
  for (const [grid, id] of gridIds) grid.id = id;
  const left = [...notes];
  for (const [variable, id] of await chooseSpellings(server, all, left)) variable.id = id;
  const { values: inline, failure } = await readSmallValues(server, all.filter(isSmall));
  const objects = new Map<NamedVariable, DapValuesSpace>();
  const reasons = new Map<NamedVariable, string>();
  let chunks = 0;
  for (const variable of all) {
    if (inline.has(variable)) continue;
    const located = locate(variable, mostChunks - chunks);
    if (typeof located === 'string') reasons.set(variable, located);
    else {
      objects.set(variable, located.space);
      chunks += located.chunks;
    }
  }
  const urls = [...objects.values()].map((space) => dapUrl(server.protocol, server.dataSet, space));
  const modifiedUs = await believedTime(server, urls, version);
  const versions = [...objects.values()].map((space) =>
    modifiedUs === 0 ? unknownVersion : { size: spaceBytes(space), etag: '', modifiedUs },
  );
  const numbers = new Map([...objects.keys()].map((variable, at) => [variable, at + 1]));
  const describe = (variable: NamedVariable): IndexedVariable => ({
    name: variable.name,
    dtype: variable.dtype === '' ? describedType(variable.type) : variable.dtype,
    dimensions: variable.dimensionNames,
    shape: variable.dimensions.map(({ size }) => size),
    attributes: convertAttributes(variable.attributes, variable.dtype),
    inlineValues: inline.get(variable),
    ...chunksOf(variable, objects.get(variable), numbers.get(variable)),
    notComputable: reasons.get(variable) ?? '',
    contentSha256: '',
  });
  return {
    root: describeGroup(root, describe),
    notes: [
      ...left,
      ...roundingNotes(all),
      ...(failure === undefined ? [] : [`values were not answered: ${failure.message}`]),
    ],
    others: urls.length === 0 ? undefined : { urls, versions, held: Buffer.alloc(0) },
  };
}

function* variablesOf(group: NamedGroup): Iterable<NamedVariable> {
  yield* group.variables;
  for (const child of group.groups) yield* variablesOf(child);
}

function describeGroup(group: NamedGroup, describe: (variable: NamedVariable) => IndexedVariable): Group {
  return {
    name: group.name,
    attributes: convertAttributes(group.source?.attributes ?? []),
    dimensions: group.dimensions,
    variables: group.variables.map(describe),
    groups: group.groups.map((child) => describeGroup(child, describe)),
  };
}

/** What an index calls types that are only described. */
function describedType(type: string): string {
  return { Structure: 'compound', Sequence: 'vlen', Opaque: 'opaque' }[type] ?? 'opaque';
}

/** How a variable's values are asked for, or why they can't be. */
function locate(
  variable: NamedVariable,
  chunksLeft: number,
): { space: DapValuesSpace; chunks: number } | string {
  const { id, type, dtype, dimensions, notComputable } = variable;
  if (notComputable !== '') return notComputable;
  if (!isFixedWidth(dtype))
    return 'its texts are too many or too long to be read with the index, or its server does not answer them';
  const { width } = atomicType(type)!;
  const shape = dimensions.map(({ size }) => size);
  const bytes = shape.reduce((product, extent) => product * extent, width);
  if (!Number.isSafeInteger(bytes)) return 'it has more than 2^53 bytes';
  const stated = variable.attributes
    .find(({ name }) => name === '_ChunkSizes')
    ?.values.flatMap((text) => text.trim().split(/\s+/).map(Number));
  const chunkShape = chunkShapeOf(shape, width, stated);
  const chunks = shape.reduce((product, extent, axis) => product * Math.ceil(extent / chunkShape[axis]), 1);
  if (chunks > chunksLeft) return `its grid of ${chunks} chunks is too large for an index`;
  return { space: { id, type, width, shape, chunkShape }, chunks };
}

function chunksOf(
  { dtype }: NamedVariable,
  space: DapValuesSpace | undefined,
  object: number | undefined,
): Pick<IndexedVariable, 'layout' | 'chunks'> {
  if (space === undefined || object === undefined) return {};
  const table: ChunkTable = { offsets: [], lengths: [], skippedCodecs: [], objects: { numbers: [] } };
  for (const { offset, length } of allChunks(space)) {
    table.offsets.push(offset);
    table.lengths.push(length);
    table.objects!.numbers.push(object);
  }
  return {
    layout: {
      storedDtype: dtype,
      chunkShape: [...space.chunkShape],
      codecs: [{ name: 'bytes', configuration: '{"endian":"little"}' }],
      edgeChunksPadded: false,
    },
    chunks: table,
  };
}

/**
 * The time of last modification that values must tell from now on; 0 when it tells nothing. It is believed where description and
 * values tell the same, some time after it: others make it up for each answer.
 */
async function believedTime(
  { storage, signal }: DapServer,
  urls: readonly string[],
  { modifiedUs }: ObjectVersion,
): Promise<number> {
  if (modifiedUs === 0 || urls.length === 0) return 0;
  try {
    const values = await storage.open(urls[0]).stat(signal);
    return values.modifiedUs === modifiedUs ? modifiedUs : 0;
  } catch (error) {
    if (isFinal(error) || isPassing(error)) throw error;
    return 0;
  }
}
