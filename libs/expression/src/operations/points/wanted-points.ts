import { HyperslabError } from '@hyperslab/errors';
import type { Field, FieldCoordinate } from '../../resolve/field.ts';
import type { Arguments, ArgumentValue } from '../arguments.ts';
import { type KnownAxis, knownAxis, targetValues } from '../interpolate/known-axis.ts';
import type { InferContext } from '../operation.ts';
import { type FoundGrid, findGrid } from '../regrid/find-grid.ts';

/** The points that are asked for, and what they lie along. */
export interface WantedPoints {
  count: number;
  /** Places on the globe, with the field's grid. */
  places?: { grid: FoundGrid; latitudes: number[]; longitudes: number[] };
  /** Other dimensions, with a value for each point. */
  along: { known: KnownAxis; targets: number[] }[];
}

/**
 * Reads lists of equal length; one value alone counts for all points. Throws EXPRESSION_INVALID for lists that do not fit.
 */
export async function wantedPoints(
  context: InferContext,
  given: Arguments,
  field: Field,
): Promise<WantedPoints> {
  const [latitude, longitude] = [given.list('latitude'), given.list('longitude')];
  // One of them alone is a dimension as any other.
  const isPlace = latitude !== undefined && longitude !== undefined;
  const named: [string, ArgumentValue][] = given.byName();
  if (!isPlace && latitude !== undefined) named.push(['latitude', latitude]);
  if (!isPlace && longitude !== undefined) named.push(['longitude', longitude]);
  const along: { known: KnownAxis; list: Float64Array }[] = [];
  for (const [name, value] of named) {
    const known = await knownAxis(context, given.operation, field, name);
    if (along.some((each) => each.known.dimension === known.dimension))
      throw invalid(`dimension "${known.dimension}" is named twice; name it once`);
    along.push({ known, list: targetValues(known.values, listOf(value)) });
  }
  const lists = [...(isPlace ? [latitude, longitude] : []), ...along.map(({ list }) => list)];
  if (lists.length === 0)
    throw invalid(
      '"points" lacks places; expected latitude=[50, 51], longitude=[0, 1], and other coordinates so',
    );
  const count = lists.reduce(
    (most, { length }) => (length === 0 || most === 0 ? 0 : Math.max(most, length)),
    1,
  );
  if (count === 0 || lists.some(({ length }) => length !== count && length !== 1))
    throw invalid(
      `lists of "points" have ${lists.map(({ length }) => length).join(', ')} values; expected as many of each, or one`,
    );
  const spread = (list: ArrayLike<number | string>) =>
    Array.from({ length: count }, (_, i) => Number(list[list.length === 1 ? 0 : i]));
  return {
    count,
    ...(isPlace && {
      places: await placesOf(context, given, field, spread(latitude), spread(longitude)),
    }),
    along: along.map(({ known, list }) => ({ known, targets: spread(list) })),
  };
}

async function placesOf(
  context: InferContext,
  given: Arguments,
  field: Field,
  latitudes: number[],
  longitudes: number[],
): Promise<WantedPoints['places']> {
  const isPlace = (value: number, most: number) => Math.abs(value) <= most;
  if (!latitudes.every((value) => isPlace(value, 90)) || !longitudes.every((value) => isPlace(value, 720)))
    throw invalid(
      'places of "points": expected degrees, latitudes from -90 to 90 and longitudes from -720 to 720',
    );
  return { grid: await findGrid(context, given.operation, field), latitudes, longitudes };
}

function listOf(value: ArgumentValue): readonly (number | string)[] {
  return typeof value === 'object' ? value : [value];
}

/** Coordinates of points: those that they are given by, along their dimension. */
export function pointCoordinates({ places, along }: WantedPoints, dimension: string): FieldCoordinate[] {
  const data = (numbers: readonly number[]) => {
    const values = Float64Array.from(numbers);
    return {
      dimensions: [dimension],
      from: { array: { dtype: 'float64' as const, shape: [values.length], values } },
    };
  };
  const place = (name: 'latitude' | 'longitude', numbers: readonly number[]): FieldCoordinate => ({
    name,
    standardName: name,
    units: name === 'latitude' ? 'degrees_north' : 'degrees_east',
    calendar: '',
    axis: '',
    dimensions: [dimension],
    isDimension: false,
    values: data(numbers),
  });
  return [
    ...(places ? [place('latitude', places.latitudes), place('longitude', places.longitudes)] : []),
    ...along.map(({ known, targets }) => ({
      ...known.coordinate,
      dimensions: [dimension],
      isDimension: false,
      values: data(targets),
      bounds: undefined,
    })),
  ];
}

function invalid(message: string): HyperslabError {
  return new HyperslabError('EXPRESSION_INVALID', message);
}
