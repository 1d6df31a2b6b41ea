import { HyperslabError } from '@hyperslab/errors';
import { createAxis, isMonotonic } from '@hyperslab/kernels';
import type { FieldCoordinate } from '../../resolve/field.ts';
import type { Arguments } from '../arguments.ts';
import type { AxisParameters } from '../interpolate/axis-parameters.ts';
import type { InferContext } from '../operation.ts';
import { type FoundGrid, findGrid } from './find-grid.ts';

/** The grid that values are wanted on. */
export interface TargetGrid extends FoundGrid {
  /** All that is known along its dimensions. */
  coordinates: FieldCoordinate[];
}

/**
 * The grid that options tell: that of another array (like), latitudes and longitudes, or a global one of even cells (step). Throws
 * EXPRESSION_INVALID unless they tell one grid.
 */
export async function targetGrid(
  context: InferContext,
  given: Arguments,
  source: FoundGrid,
): Promise<TargetGrid> {
  const like = given.optionalField('like');
  const [latitude, longitude, step] = ['latitude', 'longitude', 'step'].map((name) => given.list(name));
  const told = [like, latitude ?? longitude, step].filter((each) => each !== undefined);
  if (told.length !== 1)
    throw invalid('"regrid" takes one of like=array, latitude= with longitude=, and step=; name one grid');
  if (like !== undefined) {
    const found = await findGrid(context, given.operation, like);
    const isAlong = ({ dimensions }: FieldCoordinate) =>
      dimensions.length > 0 && dimensions.every((name) => found.dimensions.includes(name));
    return { ...found, coordinates: like.coordinates.filter(isAlong) };
  }
  if (step !== undefined) return stepGrid(step, source);
  if (latitude === undefined || longitude === undefined)
    throw invalid('"regrid" takes latitude= and longitude= together, each a list of degrees');
  return listGrid(degreesOf('latitude', latitude), degreesOf('longitude', longitude), source);
}

function degreesOf(name: string, list: readonly (number | string)[]): AxisParameters {
  const points = list.map(Number);
  if (points.length > 0 && isMonotonic(Float64Array.from(points))) return { points };
  throw invalid(
    `"${name}" of "regrid": expected degrees that ascend or descend throughout, found ${list.length} that do not`,
  );
}

/** The axes travel in the plan. */
const mostCells = 2 ** 16;

/** Even cells from pole to pole and around, of one extent or of a height and a width, in degrees. */
function stepGrid(step: readonly (number | string)[], source: FoundGrid): TargetGrid {
  const [height, width = height] = step.map(Number);
  const even = (low: number, high: number, size: number): AxisParameters => {
    const count = Math.round((high - low) / size);
    if (size > 0 && count > mostCells)
      throw invalid(
        `step of "regrid": ${size} makes ${count} cells along one axis; expected at most ${mostCells}`,
      );
    if (!(size > 0) || step.length > 2 || count < 1 || Math.abs(count * size - (high - low)) > 1e-6)
      throw invalid(
        `step of "regrid": expected one or two numbers of degrees that divide 180 and 360, found ${step.join(', ')}`,
      );
    const end = (i: number) => low + ((high - low) * i) / count;
    const indices = Array.from({ length: count }, (_, i) => i);
    return { points: indices.map((i) => end(i + 0.5)), bounds: indices.flatMap((i) => [end(i), end(i + 1)]) };
  };
  return listGrid(even(-90, 90, height), even(0, 360, width), source);
}

function listGrid(latitude: AxisParameters, longitude: AxisParameters, source: FoundGrid): TargetGrid {
  // The source's own names, where they are of the same: so that what follows finds them.
  const isPlain = source.axes !== undefined && source.axes.pole === undefined;
  const north = axisCoordinate(
    isPlain ? source.latitude.dimensions[0] : 'latitude',
    'latitude',
    latitude,
    [-90, 90],
  );
  const east = axisCoordinate(isPlain ? source.longitude.dimensions[0] : 'longitude', 'longitude', longitude);
  return {
    dimensions: [north.dimensions[0], east.dimensions[0]],
    extents: [latitude.points.length, longitude.points.length],
    latitude: north,
    longitude: east,
    axes: {
      kind: 'axes',
      latitude: { ...latitude, limits: [-90, 90] },
      longitude: { ...longitude, period: 360 },
    },
    coordinates: [north, east],
  };
}

function axisCoordinate(
  dimension: string,
  standardName: 'latitude' | 'longitude',
  { points, bounds }: AxisParameters,
  limits?: readonly [number, number],
): FieldCoordinate {
  const values = Float64Array.from(points);
  const ends = createAxis(values, { bounds: bounds && Float64Array.from(bounds), limits }).bounds;
  const shape = [points.length];
  return {
    name: dimension,
    standardName,
    units: standardName === 'latitude' ? 'degrees_north' : 'degrees_east',
    calendar: '',
    axis: standardName === 'latitude' ? 'Y' : 'X',
    dimensions: [dimension],
    isDimension: true,
    values: { dimensions: [dimension], from: { array: { dtype: 'float64', shape, values } } },
    bounds: {
      dimensions: [dimension, 'bnds'],
      from: { array: { dtype: 'float64', shape: [points.length, 2], values: ends } },
    },
  };
}

function invalid(message: string): HyperslabError {
  return new HyperslabError('EXPRESSION_INVALID', message);
}
