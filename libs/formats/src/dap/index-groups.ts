import { type DapValuesSpace, dapUrl, spaceBytes } from '@hyperslab/dap';
import type { FileIndex, Group, IndexedVariable } from '@hyperslab/proto/index';
import type { ObjectVersion } from '@hyperslab/storage';
import { convertAttributes } from './attributes.ts';
import { chooseSpellings } from './choose-spellings.ts';
import { type DapServer, isFinal, isPassing } from './dap-server.ts';
import { chooseGridIds } from './grid-ids.ts';
import type { NamedGroup, NamedVariable } from './group-content.ts';
import { chunksOf, locateValues } from './locate-values.ts';
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
    const located = locateValues(variable, mostChunks - chunks);
    if (typeof located === 'string') reasons.set(variable, located);
    else {
      objects.set(variable, located.space);
      chunks += located.chunks;
    }
  }
  const urlOf = (space: DapValuesSpace) => dapUrl(server.protocol, server.dataSet, space);
  const urls = [...objects.values()].map(urlOf);
  const first = [...objects.values()].find((space) => spaceBytes(space) > 0);
  const modifiedUs = first === undefined ? 0 : await believedTime(server, urlOf(first), version);
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

/**
 * The time of last modification that values must tell from now on; 0 when it tells nothing. It is believed where description and
 * values tell the same, some time after it: others make it up for each answer.
 */
async function believedTime(
  { storage, signal }: DapServer,
  url: string,
  { modifiedUs }: ObjectVersion,
): Promise<number> {
  if (modifiedUs === 0) return 0;
  try {
    const values = await storage.open(url).stat(signal);
    return values.modifiedUs === modifiedUs ? modifiedUs : 0;
  } catch (error) {
    if (isFinal(error) || isPassing(error)) throw error;
    return 0;
  }
}
