import { HyperslabError } from '@hyperslab/errors';
import { publicName } from '../cf/names.ts';
import { halfSecondIn, parseTimeUnits } from '../cf/time-units.ts';
import type { PieceCollection } from './collect-pieces.ts';
import { columnOf } from './column.ts';
import { cutPiece } from './cut-piece.ts';
import { type ForecastLinks, forecastLinks, numbersOf } from './forecast-links.ts';
import { placesOfLatest } from './latest-runs.ts';
import type { Notes } from './notes.ts';
import type { Piece, PieceGroup } from './piece.ts';
import { shortValues } from './short-values.ts';

/**
 * Leaves of all forecasts for a valid time only that of the latest run that has it, as the "best" view of a forecast
 * collection is: for each member, level and so on by itself. Files of several times are cut. Fields without a start of the run
 * stay. `covered` takes the contents of what was left out. Throws INVALID_ARGUMENT when there is nothing to choose by.
 */
export function selectBest(
  groups: readonly PieceGroup[],
  collection: PieceCollection,
  notes: Notes,
  covered: Set<number>,
): void {
  let found = false;
  for (const group of groups) {
    const links = group.pieces[0].own >= 0 ? undefined : forecastLinks(group, collection.contents);
    if (links === undefined) continue;
    found = true;
    for (const { contents } of group.pieces) for (const content of contents) covered.add(content);
    const best = bestOf(group, links, collection);
    if (best.length < group.pieces.length || best.some((piece, i) => piece !== group.pieces[i]))
      notes.add(
        publicName(group.path),
        `of ${group.pieces.length} pieces of several runs, the latest run for each time`,
      );
    group.pieces = best;
  }
  if (found) return;
  throw new HyperslabError(
    'INVALID_ARGUMENT',
    "best: no parameter has both a time and a scalar start of the run to choose by; expected coordinates like time and forecast_reference_time; name where the latter stands with --dimension 'forecast_reference_time=PATTERN', which gets a standard name by its name",
  );
}

function bestOf(group: PieceGroup, links: ForecastLinks, collection: PieceCollection): Piece[] {
  const { pieces } = group;
  const { contents } = collection;
  const known = pieces.map((piece) => ({
    run: numbersOf(piece, links.run, contents)?.[0],
    times: numbersOf(piece, links.time, contents),
  }));
  const unknown = known.findIndex(
    ({ run, times }) =>
      run === undefined || Number.isNaN(run) || times === undefined || times.some(Number.isNaN),
  );
  if (unknown >= 0) throw unknownTime(group, unknown, links, collection);
  const others = otherCoordinates(group, links, collection);
  const tolerance = halfSecondOf(group, links.time, collection);
  const places = new Map<number, Int32Array>();
  for (const alike of Map.groupBy(pieces.keys(), (piece) => others[piece]).values()) {
    const found = placesOfLatest(
      alike.map((piece) => {
        const { run, times } = known[piece];
        return { run: run!, times: times!, tolerance };
      }),
      halfSecondOf(group, links.run, collection),
    );
    for (const [i, piece] of alike.entries()) places.set(piece, found[i]);
  }
  return pieces.flatMap((piece, number) => {
    // Two pieces of one run at one time both stay: that is a conflict, which is told as such.
    const own = places.get(number)!;
    if (links.dimension < 0) return own[0] < 0 ? [] : [piece];
    return stretches(own).map(({ start, count }) =>
      cutPiece(piece, group, { dimension: links.dimension, start, count }, collection),
    );
  });
}

/** Half a second in the units of times: rounding leaves less of hours that are counted from different days. */
function halfSecondOf({ links }: PieceGroup, link: number, { contents }: PieceCollection): number {
  const { units = '', calendar } = contents.reference(links[link].path) ?? {};
  return halfSecondIn(parseTimeUnits(units, calendar));
}

function unknownTime(
  { path, pieces, links }: PieceGroup,
  piece: number,
  { run, time }: ForecastLinks,
  { contents, files }: PieceCollection,
): HyperslabError {
  const isKnown = (link: number) =>
    numbersOf(pieces[piece], link, contents)?.every((each) => !Number.isNaN(each));
  const link = isKnown(run) ? time : run;
  const [name, coordinate] = [path, links[link].path].map(publicName);
  const { url } = files[pieces[piece].file];
  const isMissing = numbersOf(pieces[piece], link, contents) !== undefined;
  const value = isMissing ? 'missing values' : shortValues(contents, pieces[piece].contents[link]);
  return new HyperslabError(
    'MERGE_CONFLICT',
    `"${name}" of ${url}: "${coordinate}" has ${value}, and --best has to know it; leave the file out, or publish without --best`,
    { variable: name, coordinate, file: url, value },
  );
}

/** Stretches of places that follow each other: between them lies no time of another run. */
function stretches(places: Int32Array): { start: number; count: number }[] {
  const found: { start: number; count: number }[] = [];
  for (const [i, place] of places.entries()) {
    const last = found.at(-1);
    const before = places[i - 1];
    if (place < 0) continue;
    if (last !== undefined && before >= 0 && Math.abs(place - before) === 1) last.count++;
    else found.push({ start: i, count: 1 });
  }
  return found;
}

/** For each piece what tells it from others at one time: members, levels; not what goes with the run, nor lead times. */
function otherCoordinates(
  group: PieceGroup,
  { run, time, dimension }: ForecastLinks,
  { contents }: PieceCollection,
): string[] {
  const { pieces, links } = group;
  const runs = columnOf(pieces.length, (piece) => pieces[piece].contents[run]);
  const telling = links.flatMap(({ role, dimensions }, link) => {
    if (link === run || link === time || (role !== 'dimension' && role !== 'auxiliary')) return [];
    if (dimension >= 0 && dimensions.includes(group.dimensions[dimension])) return [];
    const { attributes } = contents.get(pieces[0].contents[link]).variable;
    if (attributes.some(({ name, strings }) => name === 'standard_name' && strings[0] === 'forecast_period'))
      return [];
    const ofRun = new Map<number, number>();
    const followsRun = pieces.every((piece, i) => {
      const before = ofRun.get(runs.codes[i]) ?? piece.contents[link];
      ofRun.set(runs.codes[i], before);
      return before === piece.contents[link];
    });
    return followsRun ? [] : [link];
  });
  return pieces.map((piece) => telling.map((link) => piece.contents[link]).join());
}
