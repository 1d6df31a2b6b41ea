import { textAttribute } from '../cf/attributes.ts';
import { axisOf } from '../cf/axis.ts';
import { baseName } from '../cf/names.ts';
import type { AxisCandidate } from './arrangement.ts';
import { columnOf } from './column.ts';
import type { ContentTable } from './content-table.ts';
import type { GroupLink, Piece, PieceGroup } from './piece.ts';

/** Everything that differs between the pieces of a group and may be an axis of the whole. */
export interface Candidates {
  /** Dimensions whose dimension coordinate differs. */
  dimensions: AxisCandidate[];
  /** Those of them whose coordinate is no time. */
  timeless: AxisCandidate[];
  /** One-dimensional time coordinates that differ, beside a dimension coordinate or without one. */
  times: AxisCandidate[];
  /** Scalar coordinates that differ, the likeliest dimension first. */
  scalars: AxisCandidate[];
  /** Dimension without a coordinate along which pieces can be joined in the order of the arguments. */
  uncoordinated?: number;
}

export function axisCandidates(
  group: PieceGroup,
  pieces: readonly Piece[],
  contents: ContentTable,
): Candidates {
  const found: Candidates = { dimensions: [], timeless: [], times: [], scalars: [] };
  const attributesOf = (link: number) => contents.get(pieces[0].contents[link]).variable.attributes;
  for (const [link, { role, dimensions }] of group.links.entries()) {
    if (role !== 'dimension' && role !== 'auxiliary') continue;
    const spanned = group.dimensions.flatMap((path, d) => (dimensions.includes(path) ? [d] : []));
    if (spanned.length > 1) continue;
    const column = columnOf(pieces.length, (piece) => pieces[piece].contents[link]);
    if (column.cardinality < 2) continue;
    if (spanned.length === 0) found.scalars.push({ dimension: -1, link, column });
    else if (role === 'dimension') found.dimensions.push({ dimension: spanned[0], link, column });
    else if (axisOf(attributesOf(link)) === 'T') found.times.push({ dimension: spanned[0], link, column });
  }
  const rank = ({ link }: AxisCandidate) => preference(group.links[link].path, attributesOf(link));
  found.scalars.sort((a, b) => rank(a) - rank(b));
  found.times.sort((a, b) => rank(a) - rank(b));
  found.timeless = found.dimensions.filter(({ link }) => axisOf(attributesOf(link)) !== 'T');
  found.uncoordinated = uncoordinatedDimension(group, pieces);
  return found;
}

/** Place of a new dimension among several: members, then runs, then times, then the rest, levels last. */
export function leadingOrder(link: GroupLink, contents: ContentTable, content: number): number {
  const { attributes } = contents.get(content).variable;
  const standardName = textAttribute(attributes, 'standard_name') ?? '';
  if (standardName === 'realization' || /realization|ensemble|member/i.test(link.path)) return 0;
  if (standardName === 'forecast_period') return 3;
  const axis = axisOf(attributes);
  if (axis === 'T') return timeRank(link.path, standardName) === 2 ? 1 : 2;
  return axis === '' ? 4 : 5;
}

// Time before the start of the run, and that before the forecast period: where each of them alone tells the pieces
// apart, people look for data by time.
function preference(path: string, attributes: Parameters<typeof axisOf>[0]): number {
  const standardName = textAttribute(attributes, 'standard_name') ?? '';
  if (standardName === 'forecast_period') return 3;
  const axis = axisOf(attributes);
  return axis === 'T' ? timeRank(path, standardName) : axis === 'Z' ? 4 : 5;
}

/** Of a time: 0 for the time of the data, 2 for the start of a run, 1 when neither its standard name nor its own tells. */
export function timeRank(path: string, standardName: string): number {
  const name = standardName || baseName(path);
  if (/^(valid_?)?time$/i.test(name)) return 0;
  return /ref|run|init|analysis|cycle|base/i.test(name) ? 2 : 1;
}

function uncoordinatedDimension(group: PieceGroup, pieces: readonly Piece[]): number | undefined {
  const coordinated = (path: string) =>
    group.links.some((link) => link.role === 'dimension' && link.path === path);
  const free = group.dimensions.flatMap((path, d) => (coordinated(path) ? [] : [d]));
  const differs = (d: number) =>
    pieces.some(({ variable }) => variable.shape[d] !== pieces[0].variable.shape[d]);
  return free.find(differs) ?? free.find((d) => group.unlimited.has(group.dimensions[d]));
}
