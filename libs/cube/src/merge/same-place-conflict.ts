import { HyperslabError } from '@hyperslab/errors';
import { textAttribute } from '../cf/attributes.ts';
import { publicName } from '../cf/names.ts';
import { type ConflictContext, describeValues, pieceConflict } from './merge-conflict.ts';
import type { Piece } from './piece.ts';
import { shortValues } from './short-values.ts';

/** Two pieces that no coordinate tells apart: what else differs between their files, and how to make it a coordinate. */
export function samePlaceConflict(context: ConflictContext, a: number, b: number): HyperslabError {
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
  return pieceConflict(context, a, b, {
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
