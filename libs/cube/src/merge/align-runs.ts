import { HyperslabError } from '@hyperslab/errors';
import { publicName } from '../cf/names.ts';
import { parseTimeUnits, timeConversion } from '../cf/time-units.ts';
import { axisCandidates, type Candidates } from './axis-candidates.ts';
import type { PieceCollection } from './collect-pieces.ts';
import { columnOf } from './column.ts';
import { cutPiece } from './cut-piece.ts';
import { forecastLinks, numbersOf } from './forecast-links.ts';
import type { Piece, PieceGroup } from './piece.ts';

/** Runs cut so that they fit each other along lead times, and what tells the parts apart. */
export interface AlignedRuns {
  pieces: Piece[];
  candidates: Candidates;
}

/** Runs may be cut into so many parts. */
const mostParts = 1_000_000;

/** Lead times are told apart to a millionth of the unit of time. */
const lead = (time: number, run: number) => Math.round((time - run) * 1e6);

/**
 * Cuts runs of which some are shorter than others, or lack steps, where any of them begins or ends: each part then lies at
 * one place along the lead times of all. Undefined where pieces are no such runs. Throws what `cutPiece` does.
 */
export function alignRuns(
  group: PieceGroup,
  pieces: readonly Piece[],
  collection: PieceCollection,
): AlignedRuns | undefined {
  const { contents } = collection;
  const links = forecastLinks({ ...group, pieces: [...pieces] }, contents);
  if (links === undefined || links.dimension < 0) return undefined;
  const [runUnits, timeUnits] = [links.run, links.time].map((link) => {
    const reference = contents.reference(group.links[link].path);
    return reference === undefined ? undefined : parseTimeUnits(reference.units, reference.calendar);
  });
  const convert = runUnits && timeUnits && timeConversion(runUnits, timeUnits);
  if (convert === undefined) return undefined;
  const leads: number[][] = [];
  for (const piece of pieces) {
    const [run] = numbersOf(piece, links.run, contents) ?? [];
    const times = numbersOf(piece, links.time, contents);
    if (run === undefined || times === undefined || Number.isNaN(run)) return undefined;
    const own = times.map((time) => lead(time, convert(run)));
    if (!own.every((value, i) => i === 0 || value > own[i - 1])) return undefined;
    leads.push(own);
  }
  const places = [...new Set(leads.flat())].sort((a, b) => a - b);
  const placeOf = new Map(places.map((value, place) => [value, place]));
  const ranks = leads.map((own) => own.map((value) => placeOf.get(value)!));
  const starts = boundaries(ranks, places.length);
  const parts = ranks.flatMap((own, number) =>
    partsOf(own, starts).map(({ part, start, count }) => ({ number, part, start, count })),
  );
  if (parts.length > mostParts)
    throw new HyperslabError(
      'TOO_LARGE',
      `"${publicName(group.path)}": ${pieces.length} runs begin and end at so many lead times that they would be cut into ${parts.length} parts; expected up to ${mostParts}; publish fewer at a time`,
      { variable: publicName(group.path) },
    );
  parts.sort((a, b) => a.part - b.part);
  const cut = parts.map(({ number, start, count }) =>
    cutPiece(pieces[number], group, { dimension: links.dimension, start, count }, collection),
  );
  const column = columnOf(cut.length, (piece) => parts[piece].part);
  const own = axisCandidates(group, cut, contents);
  const others = own.dimensions.filter(({ dimension }) => dimension !== links.dimension);
  const aligned = column.cardinality > 1 ? [{ dimension: links.dimension, link: -1, column }] : [];
  // The start of the run stays an axis also where lead times alone would tell the parts apart.
  const runs = own.scalars.filter(({ link }) => link === links.run);
  const scalars = own.scalars.filter(({ link }) => link !== links.run);
  return {
    pieces: cut,
    candidates: { ...own, dimensions: [...others, ...aligned, ...runs], scalars, times: [] },
  };
}

/** Whether a part begins at each place: where a run begins or goes on after a gap, and where one ends or has a gap. */
function boundaries(ranks: readonly (readonly number[])[], count: number): boolean[] {
  const starts = new Array<boolean>(count + 1).fill(false);
  for (const own of ranks)
    for (const [i, rank] of own.entries()) {
      if (own[i - 1] !== rank - 1) starts[rank] = true;
      if (own[i + 1] !== rank + 1) starts[rank + 1] = true;
    }
  return starts;
}

/** Parts of a run between the boundaries. */
function partsOf(
  own: readonly number[],
  starts: readonly boolean[],
): { part: number; start: number; count: number }[] {
  const parts: { part: number; start: number; count: number }[] = [];
  for (const [i, rank] of own.entries()) {
    if (starts[rank]) parts.push({ part: rank, start: i, count: 1 });
    else parts.at(-1)!.count++;
  }
  return parts;
}
