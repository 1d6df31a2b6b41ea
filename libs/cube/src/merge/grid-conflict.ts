import { HyperslabError } from '@hyperslab/errors';
import { axisOf } from '../cf/axis.ts';
import { publicName } from '../cf/names.ts';
import type { AxisCandidate } from './arrangement.ts';
import type { Candidates } from './axis-candidates.ts';
import { type Column, cellOfPiece, cellsOf } from './column.ts';
import { forecastLinks } from './forecast-links.ts';
import { type ConflictContext, describeValues } from './merge-conflict.ts';
import { orderAlongAxis } from './order-axis.ts';
import { overlapConflict } from './overlap-conflict.ts';
import { samePlaceConflict } from './same-place-conflict.ts';
import { tellingAxes } from './telling-axes.ts';

/** Why pieces fill no grid: two of them are in one place, interleave, or a place has none. */
export function gridConflict(context: ConflictContext, candidates: Candidates): HyperslabError {
  const { pieces, group } = context;
  const axes = tellingAxes(candidates, pieces.length);
  if (!Array.isArray(axes)) return samePlaceConflict(context, ...axes.pieces);
  const interleaved = axes.map((axis) => interleaving(context, axis)).find((each) => each !== undefined);
  if (interleaved !== undefined) return interleaved;
  const hole = firstHole(
    axes.map(({ column }) => column),
    pieces.length,
  );
  const names = axes.map((axis) => publicName(group.links[axis.link].path));
  const placeOf = (pieceOf: (axis: number) => number) =>
    axes.map(({ link }, i) => `${names[i]} ${describeValues(context, pieceOf(i), link)}`).join(', ');
  const missing = placeOf((i) => axes[i].column.firsts[hole[i]]);
  const name = publicName(group.path);
  // One of its row and one of its column: a hole has two axes at least, as each value of an axis is that of some piece.
  const neighbours = [0, axes.length - 1].map((i) => axes[i].column.firsts[hole[i]]);
  const [urlA, urlB] = neighbours.map((piece) => context.files[pieces[piece].file].url);
  const [placeA, placeB] = neighbours.map((piece) => placeOf(() => piece));
  return new HyperslabError(
    'MERGE_CONFLICT',
    `"${name}": ${pieces.length} pieces do not fill a grid of ${axes.map(({ column }, i) => `${column.cardinality} ${names[i]}`).join(' by ')}: there is none at ${missing}, beside ${urlA} at ${placeA} and ${urlB} at ${placeB}; add the file that has it, leave out the others of its row (such as ${urlA}), or publish with --allow-missing, which makes it missing data`,
    {
      variable: name,
      missing,
      file: urlA,
      value: placeA,
      other_file: urlB,
      other_value: placeB,
    },
  );
}

/** The conflict of stretches of an axis that interleave, which missing data would not resolve: it does for runs, which are cut. */
function interleaving(context: ConflictContext, axis: AxisCandidate): HyperslabError | undefined {
  const { group, pieces, contents } = context;
  const { link, dimension, column } = axis;
  if (link < 0 || dimension < 0) return undefined;
  const { attributes } = contents.get(pieces[0].contents[link]).variable;
  if (axisOf(attributes) === 'T' && forecastLinks(group, contents) !== undefined) return undefined;
  const order = orderAlongAxis(column.firsts.map((piece) => contents.values(pieces[piece].contents[link])));
  return order === undefined || Array.isArray(order)
    ? undefined
    : overlapConflict(context, axis, order.codes);
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
