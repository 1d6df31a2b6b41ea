import { HyperslabError } from '@hyperslab/errors';
import { publicName } from '../cf/names.ts';
import { layOut, none, type OrderedAxis, orderedAxis } from './arrange.ts';
import type { Arrangement } from './arrangement.ts';
import { axisCandidates, type Candidates } from './axis-candidates.ts';
import { cellsOf } from './column.ts';
import { stridesOf } from './grid-cells.ts';
import { gridConflict } from './grid-conflict.ts';
import { HoleContents } from './hole-contents.ts';
import type { ConflictContext } from './merge-conflict.ts';
import type { Notes } from './notes.ts';
import type { Piece } from './piece.ts';
import { tellingAxes } from './telling-axes.ts';

/**
 * A grid may be so many times as large as its pieces, or small: members that start on different days fill few of the places of
 * members by runs. None has more cells than the last number.
 */
const limits = { factor: 4, small: 65_536, cells: 4_000_000 };

/**
 * Lays pieces out on a grid where some places have none: they get pieces of missing data, and `notes` how many. Throws
 * MERGE_CONFLICT for two pieces in one place, and TOO_LARGE for a grid that is mostly holes. `candidates` are what tells
 * pieces apart.
 */
export function arrangeWithHoles(
  context: ConflictContext,
  notes: Notes,
  candidates: Candidates = axisCandidates(context.group, context.pieces, context.contents),
): { pieces: Piece[]; arrangement: Arrangement } {
  const { group, pieces } = context;
  const axes = tellingAxes(candidates, pieces.length);
  if (!Array.isArray(axes)) throw gridConflict(context, candidates);
  checkSize(context, axes);
  const { cells, columns, ...laid } = layOut(
    context,
    axes.map((axis) => orderedAxis(context, axis)),
  );
  const strides = stridesOf(laid.axes);
  const linked = new HoleContents(context, cells, laid.axes, columns);
  const all = [...pieces];
  for (const [cell, piece] of cells.entries()) {
    if (piece !== none) continue;
    const shape = laid.axes.flatMap(({ dimension, extents }, a) =>
      dimension < 0 ? [] : [extents[Math.floor(cell / strides[a]) % extents.length]],
    );
    const variable = { ...pieces[0].variable, shape };
    cells[cell] = all.push({ ...pieces[0], variable, contents: linked.at(cell), absent: 'place' }) - 1;
  }
  const count = all.length - pieces.length;
  if (count > 0)
    notes.add(
      publicName(group.path),
      `missing data in ${count} of ${cells.length} places, in which no piece lies`,
    );
  return { pieces: all, arrangement: { ...laid, cells } };
}

function checkSize(
  { group, pieces }: ConflictContext,
  axes: readonly Omit<OrderedAxis, 'positions' | 'inArgumentOrder'>[],
): void {
  const cells = cellsOf(axes.map(({ column }) => column));
  if (cells <= limits.cells && cells <= Math.max(limits.small, limits.factor * pieces.length)) return;
  const name = publicName(group.path);
  const by = axes.map(({ link, dimension, column }) => {
    const path = link < 0 ? group.dimensions[dimension] : group.links[link].path;
    return `${column.cardinality} ${publicName(path)}`;
  });
  throw new HyperslabError(
    'TOO_LARGE',
    `"${name}": ${pieces.length} pieces lie on a grid of ${by.join(' by ')}, that is ${cells} places; expected up to ${limits.factor} times the pieces or ${limits.small}, and ${limits.cells} in all; publish them under several names`,
    { variable: name, pieces: String(pieces.length), places: String(cells) },
  );
}
