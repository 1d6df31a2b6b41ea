import type { MaskedArray } from '@hyperslab/array';
import { type ForecastSeries, halfSecondIn, parseTimeUnits } from '@hyperslab/cube';
import { HyperslabError } from '@hyperslab/errors';
import { type CoordinateData, readData } from '../../resolve/coordinate-data.ts';
import { coordinateNumbers } from '../../resolve/coordinate-values.ts';
import type { Field, FieldCoordinate } from '../../resolve/field.ts';
import { freshName } from '../../resolve/made-coordinate.ts';
import { expandByCoordinate } from '../expand/expand-field.ts';
import type { InferContext } from '../operation.ts';
import {
  type ForecastCoordinates,
  type ForecastDimensions,
  forecastCoordinates,
  forecastDimensions,
  named,
} from './forecast-coordinates.ts';
import { inUnitsOf } from './in-units-of.ts';

/** An array of forecasts. */
export interface Forecasts extends ForecastDimensions {
  /** The array, whose times and starts of runs are at hand, in the units and by the names of those of the first. */
  field: Field;
  /** The times of each run that it has. */
  series: Series[];
}

/** Forecasts of one run, and where they lie in their array: one step after the other. */
interface Series extends ForecastSeries {
  runIndex: number;
  firstStep: number;
}

/** The first array, which the others are like. */
export interface First extends ForecastCoordinates {
  /** Dimension of its steps. */
  steps: string;
}

/**
 * An array as forecasts along the steps of the first. Throws EXPRESSION_INVALID where its coordinates do not tell what it is for, or not as those of the
 * first do.
 */
export async function forecastsOf(context: InferContext, given: Field, first: First): Promise<Forecasts> {
  const found = forecastCoordinates(given);
  const dimensions = forecastDimensions(given, found);
  const run = await atHand(context, found.run, first.run);
  if (coordinateNumbers(run.array).some(Number.isNaN))
    throw new HyperslabError(
      'EXPRESSION_INVALID',
      `"${found.run.name}" of ${named(given)} has missing values, and "best" has to know it; select the runs that have one`,
    );
  const others = given.coordinates
    .filter((each) => each !== found.run && each !== found.time)
    .map((each) => ({ ...each, name: nameBeside(each, first, given) }))
    .filter(({ name }) => name !== first.run.name && name !== first.time.name);
  const coordinates = [run.coordinate, ...others];
  if (dimensions !== undefined) {
    const time = await atHand(context, found.time, first.time);
    const field = { ...given, coordinates: [time.coordinate, ...coordinates] };
    return { ...dimensions, field, series: seriesOf(run, time, dimensions) };
  }
  const { steps } = first;
  const renamed = { ...given, coordinates: [{ ...found.time, name: steps }, ...coordinates] };
  const expanded = await expandByCoordinate(context, renamed, steps);
  const time = await atHand(context, expanded.coordinates.find(({ name }) => name === steps)!, first.time);
  const field = { ...expanded, coordinates: [time.coordinate, ...coordinates] };
  return { steps, field, series: seriesOf(run, time, { steps }) };
}

/**
 * The name of a coordinate beside those of the steps, if it is called as their dimension: lead times and starts of runs come again and
 * again along it, and are no coordinates of it.
 */
export function nameBeside(
  { name, standardName }: FieldCoordinate,
  { steps, time }: Pick<First, 'steps' | 'time'>,
  field: Field,
): string {
  if (name !== steps || name === time.name) return name;
  const isFree = field.coordinates.every((each) => each.name !== standardName);
  return standardName !== '' && isFree ? standardName : freshName(`${name}_of_run`, [], field);
}

function seriesOf(run: Held, time: Held, { steps, runs }: ForecastDimensions): Series[] {
  const starts = coordinateNumbers(run.array);
  const times = coordinateNumbers(time.array);
  const { tolerance } = time;
  if (run.coordinate.dimensions[0] === steps)
    return Array.from(times, (each, step) => ({
      ...{ run: starts[step], times: [each], tolerance },
      ...{ runIndex: 0, firstStep: step },
    }));
  const { dimensions } = time.coordinate.values;
  const { shape } = time.array;
  const [runAxis, stepAxis] = [dimensions.indexOf(runs ?? ''), dimensions.indexOf(steps)];
  const strideOf = (axis: number) => (axis === 0 && shape.length === 2 ? shape[1] : 1);
  return Array.from({ length: runAxis < 0 ? 1 : shape[runAxis] }, (_, runIndex) => {
    const from = runIndex * strideOf(runAxis);
    const own = Float64Array.from(
      { length: shape[stepAxis] },
      (_, step) => times[from + step * strideOf(stepAxis)],
    );
    return {
      run: starts[run.coordinate.dimensions.length === 0 ? 0 : runIndex],
      times: own,
      tolerance,
      runIndex,
      firstStep: 0,
    };
  });
}

/** A coordinate whose values are at hand. */
interface Held {
  coordinate: FieldCoordinate;
  array: MaskedArray;
  /** How far its values may be from what was meant before they were rounded. */
  tolerance: number;
}

/** A coordinate with its values, by the name and in the units of the first of its kind. */
async function atHand(
  { read }: InferContext,
  coordinate: FieldCoordinate,
  first: FieldCoordinate,
): Promise<Held> {
  const { name, units, calendar } = first;
  const held = ({ dimensions }: CoordinateData, stored: MaskedArray): HeldData => {
    return { dimensions, from: { array: inUnitsOf('best', first, coordinate, stored) } };
  };
  const stored = await readData(coordinate.values, read);
  const values = held(coordinate.values, stored);
  const bounds = coordinate.bounds && held(coordinate.bounds, await readData(coordinate.bounds, read));
  return {
    coordinate: { ...coordinate, name, units, calendar, values, bounds },
    array: values.from.array,
    tolerance: toleranceOf(coordinate, first, stored),
  };
}

/** Half a second, and of float32 what that type leaves, in the units of the first. */
function toleranceOf(coordinate: FieldCoordinate, first: FieldCoordinate, stored: MaskedArray): number {
  const [own, wanted] = [coordinate, first].map(({ units, calendar }) => parseTimeUnits(units, calendar));
  const halfSecond = halfSecondIn(wanted);
  if (stored.dtype !== 'float32' || own === undefined || wanted === undefined) return halfSecond;
  const largest = coordinateNumbers(stored).reduce((most, each) => Math.max(most, Math.abs(each) || 0), 0);
  return Math.max(halfSecond, (largest * 2 ** -24 * own.microseconds) / wanted.microseconds);
}

interface HeldData {
  dimensions: string[];
  from: { array: MaskedArray };
}
