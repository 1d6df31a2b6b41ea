import { HyperslabError } from '@hyperslab/errors';
import { textAttribute } from '../cf/attributes.ts';
import { publicName } from '../cf/names.ts';
import type { AxisCandidate } from './arrangement.ts';
import type { Candidates } from './axis-candidates.ts';
import type { ChunkLog } from './chunk-log.ts';
import type { SourceFile } from './collect-pieces.ts';
import { type Column, cellOfPiece, cellsOf } from './column.ts';
import type { ContentTable } from './content-table.ts';
import type { GlobalAttributes } from './global-attributes.ts';
import type { Piece, PieceGroup } from './piece.ts';
import { shortValues } from './short-values.ts';
import { tellingAxes } from './telling-axes.ts';

/** What an account of a conflict needs to name things as a person knows them. */
export interface ConflictContext {
  group: PieceGroup;
  pieces: readonly Piece[];
  contents: ContentTable;
  /** Chunk tables of the pieces. */
  chunks: ChunkLog;
  files: readonly SourceFile[];
  globals: GlobalAttributes;
  /** All groups of the merge, for what else differs between two files. */
  groups: ReadonlyMap<string, PieceGroup>;
}

/** Two files hold the same place of one variable, or interleave. */
export function overlapConflict(
  context: ConflictContext,
  axis: AxisCandidate,
  codes: [number, number],
): HyperslabError {
  const [a, b] = codes.map((code) => axis.column.firsts[code]);
  const coordinate = publicName(context.group.links[axis.link].path);
  const [rangeA, rangeB] = [a, b].map((piece) => describeValues(context, piece, axis.link));
  return conflict(context, a, b, {
    coordinate,
    a: rangeA,
    b: rangeB,
    text: `both lie at ${coordinate} ${rangeA === rangeB ? rangeA : `${rangeA} and ${rangeB}`}`,
    advice: 'remove one of them, or publish them under two names',
  });
}

/** Why pieces fill no grid: two of them are in one place, or a place has none. */
export function gridConflict(context: ConflictContext, candidates: Candidates): HyperslabError {
  const { pieces, group } = context;
  const axes = tellingAxes(candidates, pieces.length);
  if (!Array.isArray(axes)) return samePlace(context, ...axes.pieces);
  const hole = firstHole(
    axes.map(({ column }) => column),
    pieces.length,
  );
  const where = axes.map((axis, i) => {
    const name = publicName(group.links[axis.link].path);
    return `${name} ${describeValues(context, axis.column.firsts[hole[i]], axis.link)}`;
  });
  const name = publicName(group.path);
  const [a, b] = [hole.length > 0 ? axes[0].column.firsts[hole[0]] : 0, pieces.length - 1];
  const urls = [a, b].map((piece) => context.files[pieces[piece].file].url);
  return new HyperslabError(
    'MERGE_CONFLICT',
    `"${name}": ${pieces.length} pieces do not fill a grid of ${axes.map((axis) => `${axis.column.cardinality} ${publicName(group.links[axis.link].path)}`).join(' by ')}: there is none at ${where.join(', ')}; add the file that has it, leave out the others of its row (such as ${urls[0]}), or publish with --allow-missing, which makes it missing data`,
    { variable: name, missing: where.join(', '), file: urls[0], other_file: urls[1] },
  );
}

/** Extents differ along a dimension that pieces are not joined along. */
export function extentConflict(
  context: ConflictContext,
  a: number,
  b: number,
  dimension: number,
): HyperslabError {
  const name = publicName(context.group.dimensions[dimension]);
  const [sizeA, sizeB] = [a, b].map((piece) => String(context.pieces[piece].variable.shape[dimension]));
  return conflict(context, a, b, {
    coordinate: name,
    a: sizeA,
    b: sizeB,
    text: `dimension ${name} has ${sizeA} and ${sizeB} elements, and no coordinate tells how to join them`,
    advice: 'publish files of one grid at a time',
  });
}

/** Two groups of pieces are one parameter but for something that must not differ. */
export function traitConflict(
  name: string,
  trait: string,
  sides: { url: string; value: string }[],
): HyperslabError {
  const [a, b] = sides;
  return new HyperslabError(
    'MERGE_CONFLICT',
    `"${name}": ${trait} is "${a.value}" in ${a.url} and "${b.value}" in ${b.url}; make them equal (${trait.startsWith('(') ? '--overlay' : `--set '${name}.${trait}=VALUE'`} changes what the files say, not the numbers), or publish the files under two names`,
    {
      variable: name,
      attribute: trait,
      file: a.url,
      value: a.value,
      other_file: b.url,
      other_value: b.value,
    },
  );
}

function samePlace(context: ConflictContext, a: number, b: number): HyperslabError {
  const { group, pieces, contents, globals } = context;
  const where = group.links
    .map((link, i) => ({ link, i }))
    .filter(
      ({ link }) => link.role === 'dimension' || (link.role === 'auxiliary' && link.dimensions.length === 0),
    )
    .map(({ link, i }) => `${publicName(link.path)} ${describeValues(context, b, i)}`);
  const [valueA, valueB] = [a, b].map((piece) => shortValues(contents, pieces[piece].own));
  const values = pieces[a].own >= 0 ? `, with different values (${valueA} and ${valueB})` : '';
  const place = where.length === 0 ? 'no coordinate tells them apart' : `both lie at ${where.join(', ')}`;
  // Intervals that end together, say: nothing along which pieces are joined, and all that tells them apart.
  const bounds = group.links.flatMap(({ role, path }, i) => {
    if (role !== 'bounds' || pieces[a].contents[i] === pieces[b].contents[i]) return [];
    return `; ${publicName(path)} are ${describeValues(context, a, i)} and ${describeValues(context, b, i)}`;
  });
  const offsets = offsetsInFile(context, a, b);
  if (offsets.length === 2)
    return twiceInFile(context, { a, place: place + bounds.join(''), coordinate: where.join(', ') }, offsets);
  const differing = globals.difference(pieces[a].file, pieces[b].file);
  const attribute =
    differing === undefined
      ? ''
      : `; only global attributes differ, such as ${differing.name}: ${differing.a} and ${differing.b}`;
  const option =
    differing === undefined ? '--dimension NAME=PATTERN (of the URL)' : `--dimension NAME=@${differing.name}`;
  const scalar = unlistedScalar(context, a, b);
  const coordinate = differing === undefined ? 'that differs' : `"${differing.name}"`;
  const name = publicName(group.path);
  const listed = textAttribute(pieces[a].variable.attributes, 'coordinates');
  const advice =
    scalar === undefined
      ? `give the files a scalar coordinate ${coordinate} (named in the attribute "coordinates" of the variable), say where it stands with ${option}`
      : `name the scalar variable "${scalar.name}", which is ${scalar.a} and ${scalar.b}, in the attribute "coordinates" of "${name}" (--set '${name}.coordinates=${listed === undefined ? '' : `${listed} `}${scalar.name}')`;
  return conflict(context, a, b, {
    coordinate: where.join(', '),
    a: valueA,
    b: valueB,
    text: `${place}${values}${bounds.join('')}${attribute}`,
    advice: `${advice}, remove one of them, or publish them under two names`,
  });
}

/** Two fields of one file are in one place: readers leave out those that are equal to the bit. */
function twiceInFile(
  { group, pieces, files }: ConflictContext,
  { a, place, coordinate }: { a: number; place: string; coordinate: string },
  [offset, other]: readonly number[],
): HyperslabError {
  const name = publicName(group.path);
  const { url } = files[pieces[a].file];
  const bytes = offset === other ? `at byte ${offset}` : `at bytes ${offset} and ${other}`;
  return new HyperslabError(
    'MERGE_CONFLICT',
    `"${name}": two fields of ${url}, ${bytes}, can't be one cube: ${place}, and their data or descriptions differ; copy the file without one of them, or each into a file of its own, and publish these under two names`,
    { variable: name, coordinate, file: url, offset: String(offset), other_offset: String(other) },
  );
}

/** Where the fields of two pieces begin in the file that has both; empty when there is none such. */
function offsetsInFile({ pieces, chunks }: ConflictContext, a: number, b: number): number[] {
  if (pieces[a].file !== pieces[b].file) return [];
  return [a, b].flatMap((piece) => {
    const { chunks: table } = pieces[piece];
    return table === undefined ? [] : chunks.get(table).offsets.slice(0, 1);
  });
}

/** A scalar variable that differs between the files of two pieces, and that no attribute names as a coordinate. */
function unlistedScalar(
  { group, pieces, contents, groups }: ConflictContext,
  a: number,
  b: number,
): { name: string; a: string; b: string } | undefined {
  const known = new Set([group.path, ...group.links.map(({ path }) => path)]);
  for (const { path, dimensions, pieces: all } of groups.values()) {
    if (dimensions.length > 0 || known.has(path)) continue;
    const [first, second] = [a, b].map((piece) => ownIn(all, pieces[piece].file));
    if (first < 0 || second < 0 || first === second) continue;
    return { name: publicName(path), a: shortValues(contents, first), b: shortValues(contents, second) };
  }
  return undefined;
}

/** Content of the piece of a file, found by halving as pieces are in the order of files; -1 when there is none. */
function ownIn(pieces: readonly Piece[], file: number): number {
  let low = 0;
  let high = pieces.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pieces[middle].file < file) low = middle + 1;
    else high = middle;
  }
  return pieces[low]?.file === file ? pieces[low].own : -1;
}

function conflict(
  { group, pieces, files }: ConflictContext,
  a: number,
  b: number,
  what: { coordinate: string; a: string; b: string; text: string; advice: string },
): HyperslabError {
  const name = publicName(group.path);
  const [urlA, urlB] = [a, b].map((piece) => files[pieces[piece].file].url);
  return new HyperslabError(
    'MERGE_CONFLICT',
    `"${name}" of ${urlA} and ${urlB} can't be one cube: ${what.text}; ${what.advice}`,
    {
      variable: name,
      coordinate: what.coordinate,
      file: urlA,
      other_file: urlB,
      value: what.a,
      other_value: what.b,
    },
  );
}

/** Values of a coordinate of a piece for a person. */
function describeValues({ contents, pieces }: ConflictContext, piece: number, link: number): string {
  return shortValues(contents, pieces[piece].contents[link]);
}

function firstHole(columns: readonly Column[], count: number): number[] {
  const taken = new Set<number>();
  for (let piece = 0; piece < count; piece++) taken.add(cellOfPiece(columns, piece));
  let cell = 0;
  while (cell < cellsOf(columns) && taken.has(cell)) cell++;
  const index: number[] = [];
  for (const column of [...columns].reverse()) {
    index.unshift(cell % column.cardinality);
    cell = Math.floor(cell / column.cardinality);
  }
  return index;
}
