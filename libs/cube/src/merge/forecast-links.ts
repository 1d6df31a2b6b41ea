import { textAttribute } from '../cf/attributes.ts';
import { axisOf } from '../cf/axis.ts';
import { timeRank } from './axis-candidates.ts';
import type { ContentTable } from './content-table.ts';
import type { Piece, PieceGroup } from './piece.ts';

/** Which coordinates of a group tell the start of a run and the time that data are for. */
export interface ForecastLinks {
  /** The start of the run: scalar. */
  run: number;
  /** The valid time. */
  time: number;
  /** Dimension of the pieces that the valid time lies along; -1 for a scalar one. */
  dimension: number;
}

/** Those of a group; undefined where there is no start of the run, or no time beside it. */
export function forecastLinks(group: PieceGroup, contents: ContentTable): ForecastLinks | undefined {
  const [first] = group.pieces;
  const rankOf = (link: number): number | undefined => {
    const { role, path } = group.links[link];
    if (role !== 'dimension' && role !== 'auxiliary') return undefined;
    const { attributes } = contents.get(first.contents[link]).variable;
    const standardName = textAttribute(attributes, 'standard_name') ?? '';
    return axisOf(attributes) === 'T' ? timeRank(path, standardName) : undefined;
  };
  const times = group.links.flatMap((link, i) => {
    const rank = link.dimensions.length <= 1 ? rankOf(i) : undefined;
    return rank === undefined ? [] : [{ link: i, rank, dimensions: link.dimensions }];
  });
  const run = times.find(({ rank, dimensions }) => rank === 2 && dimensions.length === 0)?.link;
  const time = times.filter(({ rank }) => rank < 2).sort((a, b) => a.rank - b.rank)[0];
  if (run === undefined || time === undefined) return undefined;
  return {
    run,
    time: time.link,
    dimension: time.dimensions.length === 0 ? -1 : group.dimensions.indexOf(time.dimensions[0]),
  };
}

/** Numbers of a link of a piece, NaN where missing; undefined where they are not known. */
export function numbersOf(piece: Piece, link: number, contents: ContentTable): number[] | undefined {
  const array = contents.values(piece.contents[link]);
  if (array === undefined || Array.isArray(array.values)) return undefined;
  return Array.from(array.values as ArrayLike<number>, (value, i) =>
    array.mask?.[i] === 1 ? NaN : Number(value),
  );
}
