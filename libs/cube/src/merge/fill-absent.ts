import { publicName } from '../cf/names.ts';
import { axisCandidates } from './axis-candidates.ts';
import type { PieceCollection } from './collect-pieces.ts';
import type { Notes } from './notes.ts';
import type { Piece, PieceGroup } from './piece.ts';

/** A dimension that pieces are joined along in the order of the arguments: the files, and how long each is. */
interface JoinedDimension {
  dimension: number;
  extents: Map<number, number>;
}

/**
 * Adds pieces of missing data where most variables of a dimension without coordinates come from more files than one of
 * them: a station report without snow depth is still a report. Without that, elements of the same number would belong to
 * different reports in two variables of one dimension.
 */
export function fillAbsent(groups: readonly PieceGroup[], { contents }: PieceCollection, notes: Notes): void {
  const longest = new Map<string, JoinedDimension>();
  const joined = new Map<PieceGroup, JoinedDimension>();
  const paths = new Map<string, number>();
  for (const group of groups) paths.set(group.path, (paths.get(group.path) ?? 0) + 1);
  for (const group of groups.filter(({ path }) => paths.get(path) === 1)) {
    const found = joinedDimension(group, contents);
    if (found === undefined) continue;
    joined.set(group, found);
    const path = group.dimensions[found.dimension];
    const known = longest.get(path);
    if (known === undefined || known.extents.size < found.extents.size) longest.set(path, found);
  }
  for (const [group, { dimension, extents }] of joined) {
    const whole = longest.get(group.dimensions[dimension])!.extents;
    const fits = [...extents].every(([file, extent]) => whole.get(file) === extent);
    if (!fits || whole.size === extents.size || group.pieces[0].variable.layout === undefined) continue;
    notes.add(
      publicName(group.path),
      `missing data in ${whole.size - extents.size} of ${whole.size} files, which have no such variable`,
    );
    const pieces = new Map(group.pieces.map((piece) => [piece.file, piece]));
    group.pieces = [...whole].map(
      ([file, extent]) => pieces.get(file) ?? absentPiece(group.pieces[0], file, dimension, extent),
    );
  }
}

function joinedDimension(
  group: PieceGroup,
  contents: PieceCollection['contents'],
): JoinedDimension | undefined {
  const { pieces } = group;
  if (pieces[0].own >= 0 || new Set(pieces.map(({ file }) => file)).size < pieces.length) return undefined;
  const { dimensions, times, scalars, uncoordinated } = axisCandidates(group, pieces, contents);
  const others = dimensions.length + times.length + scalars.length;
  if (uncoordinated === undefined || others > 0) return undefined;
  const extents = new Map(pieces.map(({ file, variable }) => [file, variable.shape[uncoordinated]]));
  return { dimension: uncoordinated, extents };
}

function absentPiece(like: Piece, file: number, dimension: number, extent: number): Piece {
  const shape = like.variable.shape.with(dimension, extent);
  return { ...like, file, variable: { ...like.variable, shape }, absent: 'file' };
}
