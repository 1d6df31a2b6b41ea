import { isDegreesEast, isDegreesNorth, unitConversion } from '@hyperslab/cube';
import { HyperslabError } from '@hyperslab/errors';
import type { Field, FieldCoordinate } from '../../resolve/field.ts';
import type { AxisParameters } from '../interpolate/axis-parameters.ts';
import { knownAxis } from '../interpolate/known-axis.ts';
import type { InferContext } from '../operation.ts';
import type { AxesGrid } from './parameters.ts';

/** Where a field lies on the globe: its dimensions for that, in the order of rows and columns, and its coordinates. */
export interface FoundGrid {
  dimensions: string[];
  extents: number[];
  latitude: FieldCoordinate;
  longitude: FieldCoordinate;
  /** A latitude for each row and a longitude for each column; absent where every point has its own. */
  axes?: AxesGrid;
}

/**
 * The grid of a field: latitudes and longitudes along two dimensions; those of a rotated pole; or fields of both over the same
 * dimensions. Throws EXPRESSION_INVALID where it has none of these.
 */
export async function findGrid(context: InferContext, operation: string, field: Field): Promise<FoundGrid> {
  const { dimensions, shape } = context.table.nodes[field.node];
  const found = pairOf(field);
  const of = field.name === '' ? 'the array' : `"${field.name}"`;
  if (found === undefined) {
    const names = field.coordinates.map(({ name, standardName }) => standardName || name).join(', ');
    throw new HyperslabError(
      'EXPRESSION_INVALID',
      `"${operation}": ${of} has no grid that is known: expected coordinates latitude and longitude, or grid_latitude and grid_longitude with the pole of their grid mapping, with dimensions; it has ${names || 'none'}`,
    );
  }
  const [latitude, longitude] = found;
  const own = [...new Set([...latitude.dimensions, ...longitude.dimensions])];
  const extents = own.map((name) => shape[dimensions.indexOf(name)]);
  if (extents.some((extent) => extent === 0))
    throw new HyperslabError('EXPRESSION_INVALID', `"${operation}": the grid of ${of} has no points`);
  const grid = { dimensions: own, extents, latitude, longitude };
  if (latitude.dimensions.join() === longitude.dimensions.join()) return grid;
  const rows = await degreesAxis(context, operation, field, latitude);
  const columns = await degreesAxis(context, operation, field, longitude);
  const axes: AxesGrid = {
    kind: 'axes',
    latitude: { ...rows, limits: [-90, 90] },
    longitude: { ...columns, period: 360 },
    ...(latitude.pole && { pole: latitude.pole }),
  };
  return { ...grid, axes };
}

function pairOf({ coordinates }: Field): [FieldCoordinate, FieldCoordinate] | undefined {
  const named = (name: string, isUnit: (units: string) => boolean) =>
    coordinates.filter(
      (each) => each.standardName === name || (each.standardName === '' && isUnit(each.units)),
    );
  const latitudes = named('latitude', isDegreesNorth);
  const longitudes = named('longitude', isDegreesEast);
  const isRotated = (name: string) => (each: FieldCoordinate) =>
    each.standardName === name && each.pole !== undefined;
  const rotated = pair(
    coordinates.filter(isRotated('grid_latitude')),
    coordinates.filter(isRotated('grid_longitude')),
    isAxes,
  );
  // Axes first: fields of the same grid say the same at greater length.
  return pair(latitudes, longitudes, isAxes) ?? rotated ?? pair(latitudes, longitudes, isFields);
}

function pair(
  latitudes: readonly FieldCoordinate[],
  longitudes: readonly FieldCoordinate[],
  fits: (latitude: FieldCoordinate, longitude: FieldCoordinate) => boolean,
): [FieldCoordinate, FieldCoordinate] | undefined {
  for (const latitude of latitudes) {
    const longitude = longitudes.find((each) => fits(latitude, each));
    if (longitude !== undefined) return [latitude, longitude];
  }
  return undefined;
}

function isAxes(
  { dimensions: [row, ...rest] }: FieldCoordinate,
  { dimensions: [column, ...more] }: FieldCoordinate,
) {
  return (
    row !== undefined && column !== undefined && row !== column && rest.length === 0 && more.length === 0
  );
}

function isFields({ dimensions }: FieldCoordinate, longitude: FieldCoordinate): boolean {
  return [1, 2].includes(dimensions.length) && dimensions.join() === longitude.dimensions.join();
}

async function degreesAxis(
  context: InferContext,
  operation: string,
  field: Field,
  coordinate: FieldCoordinate,
): Promise<AxisParameters> {
  const { axis } = await knownAxis(context, operation, field, coordinate.name);
  const scale = degreesIn(coordinate.units);
  if (scale === 1) return axis;
  const scaled = (numbers: readonly number[]) => numbers.map((number) => number * scale);
  return { ...axis, points: scaled(axis.points), ...(axis.bounds && { bounds: scaled(axis.bounds) }) };
}

/** Degrees that one of the units is; 1 for units that are not known. */
export function degreesIn(units: string): number {
  return (units === '' ? undefined : unitConversion(units, 'degree')?.scale) ?? 1;
}
