import { halfSecondIn, parseTimeUnits, placesOfLatest } from '@hyperslab/cube';
import { HyperslabError } from '@hyperslab/errors';
import { listedIndices, oneIndex } from '../../resolve/choice.ts';
import { coordinateAxis } from '../../resolve/coordinate-axis.ts';
import { gatherData } from '../../resolve/coordinate-data.ts';
import type { Field, FieldCoordinate } from '../../resolve/field.ts';
import { takePart } from '../../resolve/take-part.ts';
import { expandedData } from '../expand/expand-field.ts';
import type { Infer, InferContext } from '../operation.ts';
import { type ForecastCoordinates, forecastCoordinates, forecastDimensions } from './forecast-coordinates.ts';
import { type First, type Forecasts, forecastsOf, nameBeside } from './forecasts.ts';
import { joinFields } from './join-fields.ts';

/** A forecast that is the latest for its time. */
interface Chosen {
  from: Forecasts;
  runIndex: number;
  step: number;
  run: number;
  time: number;
  /** Which of all times it is for. */
  rank: number;
}

/**
 * For each time the forecast of the latest run that has it, as `publish --best` takes them, along the dimension of the times of the first. It is
 * a join of stretches: no more is read.
 */
export const inferBest: Infer = async (context, given) => {
  const fields = given.fields('x');
  const first = firstOf(fields[0]);
  const all = await Promise.all(fields.map((field) => forecastsOf(context, field, first)));
  const chosen = chosenOf(all, first);
  assertOneEach(chosen, first);
  const parts: Field[] = [];
  // What nothing is taken of has to fit all the same, and the first leads, whichever begins: no step of each comes before all.
  for (const from of all) parts.push(await partOf(context, from, [], first));
  for (const stretch of stretches(chosen)) parts.push(await partOf(context, stretch[0].from, stretch, first));
  return joinFields(context, 'best', parts, first.steps);
};

function firstOf(field: Field): First {
  const { run, time } = forecastCoordinates(field);
  const steps = forecastDimensions(field, { run, time })?.steps ?? time.name;
  return { run: { ...run, name: nameBeside(run, { steps, time }, field) }, time, steps };
}

/** Times of runs, of which more are not looked through for one expression: the scheduler does nothing else meanwhile. */
const mostForecasts = 2 ** 20;

/** The latest forecasts in the order of their times. */
function chosenOf(all: readonly Forecasts[], { run }: ForecastCoordinates): Chosen[] {
  const series = all.flatMap((from) => from.series.map((each) => ({ ...each, from })));
  const count = series.reduce((sum, { times }) => sum + times.length, 0);
  if (count > mostForecasts)
    throw new HyperslabError(
      'TOO_LARGE',
      `operands of "best" have ${count} forecasts, more than the ${mostForecasts} of which it chooses; select some of the runs`,
    );
  const places = placesOfLatest(series, halfSecondIn(parseTimeUnits(run.units, run.calendar)));
  const chosen: Chosen[] = [];
  for (const [number, { from, run, times, runIndex, firstStep }] of series.entries())
    for (const [i, rank] of places[number].entries())
      if (rank >= 0) chosen.push({ from, run, time: times[i], runIndex, step: firstStep + i, rank });
  return chosen.sort((a, b) => a.rank - b.rank);
}

function assertOneEach(chosen: readonly Chosen[], { run, time }: ForecastCoordinates): void {
  const twice = chosen.find(({ rank }, i) => rank === chosen[i + 1]?.rank);
  if (twice === undefined) return;
  const written = (coordinate: FieldCoordinate, value: number) =>
    coordinateAxis(coordinate, { dtype: 'float64', shape: [1], values: Float64Array.of(value) }).write(value);
  throw new HyperslabError(
    'EXPRESSION_INVALID',
    `operands of "best" have two values for "${time.name}" ${written(time, twice.time)} of the run ${written(run, twice.run)}; ` +
      'expected one of each run: join members first, as best(ensemble(a, b), ensemble(c, d))',
  );
}

/** Forecasts of one run of an array that follow each other in time. */
function stretches(chosen: readonly Chosen[]): Chosen[][] {
  const found: Chosen[][] = [];
  for (const each of chosen) {
    const last = found.at(-1)?.[0];
    if (last?.from === each.from && last.runIndex === each.runIndex) found.at(-1)!.push(each);
    else found.push([each]);
  }
  return found;
}

/** A stretch as an array along its times, each of which has the start of its run. */
async function partOf(
  context: InferContext,
  { field, steps, runs }: Forecasts,
  stretch: readonly Chosen[],
  { run, time }: ForecastCoordinates,
): Promise<Field> {
  // The run first: the times of all of them are many.
  const ofRun =
    runs === undefined ? field : await takePart(context, field, runs, oneIndex(stretch[0]?.runIndex ?? 0));
  const part = await takePart(context, ofRun, steps, listedIndices(stretch.map(({ step }) => step)));
  const coordinates = part.coordinates.map(async (coordinate): Promise<FieldCoordinate> => {
    const { name, standardName, dimensions, values } = coordinate;
    if (dimensions.includes(steps)) return { ...coordinate, isDimension: name === time.name };
    const followsRun = name === run.name || standardName === 'forecast_period';
    if (!followsRun || dimensions.length > 0) return coordinate;
    const one = await expandedData(values, steps, context.read);
    const each = await gatherData(one, steps, new Array<number>(stretch.length).fill(0), context.read);
    return { ...coordinate, dimensions: [steps], values: each, bounds: undefined };
  });
  return { ...part, coordinates: await Promise.all(coordinates) };
}
