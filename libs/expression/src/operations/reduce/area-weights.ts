import type { MaskedArray } from '@hyperslab/array';
import { isDegreesEast, isDegreesNorth, unitConversion } from '@hyperslab/cube';
import { HyperslabError } from '@hyperslab/errors';
import { addArray } from '../../resolve/array-node.ts';
import { readData } from '../../resolve/coordinate-data.ts';
import { coordinateNumbers } from '../../resolve/coordinate-values.ts';
import type { Field, FieldCoordinate } from '../../resolve/field.ts';
import { turnBounds } from '../../resolve/turn-bounds.ts';
import type { InferContext } from '../operation.ts';
import { guessBounds } from './guess-bounds.ts';

/** Radius of the Earth as a sphere, in metres, as the Met Office's models and GRIB's shape 6 have it. */
const earthRadius = 6_371_229;

/**
 * Nodes whose product are the areas of a field's cells, in m2 on a sphere: along latitude the difference of the sines of the bounds, along
 * longitude of the bounds. Without bounds they are half-way between neighbours. Throws EXPRESSION_INVALID for a field without
 * both along dimensions of their own, or as scalars with bounds.
 */
export async function areaWeights(context: InferContext, field: Field): Promise<number[]> {
  const [north, east] = [
    findAlong(context, field, 'latitude', isDegreesNorth),
    findAlong(context, field, 'longitude', isDegreesEast),
  ];
  const [shared] = north.dimensions;
  if (shared !== undefined && shared === east.dimensions[0]) throw noGrid(field, [north, east]);
  const latitude = await boundsOf(context, north, 90);
  const longitude = await boundsOf(context, east, undefined);
  const heights = latitude.bounds.map(([a, b]) => earthRadius * Math.abs(Math.sin(b) - Math.sin(a)));
  const widths = longitude.bounds.map(([a, b]) => earthRadius * Math.abs(b - a));
  const node = ({ dimensions }: FieldCoordinate, values: number[]) => {
    const shape = dimensions.length === 0 ? [] : [values.length];
    const array: MaskedArray = { dtype: 'float64', shape, values: Float64Array.from(values) };
    return addArray(context, dimensions, array);
  };
  return [node(latitude.coordinate, heights), node(longitude.coordinate, widths)];
}

/** The latitude or longitude of a field's cells: of the globe, or of a rotated pole, whose cells have the same areas. */
function findAlong(
  { table }: InferContext,
  field: Field,
  name: 'latitude' | 'longitude',
  isOfUnits: (units: string) => boolean,
): FieldCoordinate {
  const { dimensions } = table.nodes[field.node];
  const is = (coordinate: FieldCoordinate) => {
    const { standardName, units } = coordinate;
    if (standardName === name || standardName === `grid_${name}`) return true;
    return standardName === '' && isOfUnits(units);
  };
  const found = field.coordinates.filter(is);
  const own = found.filter((each) => each.dimensions.length === 1 && dimensions.includes(each.dimensions[0]));
  // Longitudes that start again are no coordinate of their dimension.
  const along = own.find(({ isDimension }) => isDimension) ?? own[0];
  const usable = along ?? found.find((each) => each.dimensions.length === 0 && each.bounds !== undefined);
  if (usable !== undefined) return usable;
  throw noGrid(field, found, name);
}

function noGrid(field: Field, found: readonly FieldCoordinate[], name = ''): HyperslabError {
  const over = ({ name, dimensions }: FieldCoordinate) =>
    `its "${name}" over ${dimensions.join(', ') || 'one point without bounds'}`;
  const what = found.length === 0 ? `no ${name}` : found.map(over).join(' and ');
  return new HyperslabError(
    'EXPRESSION_INVALID',
    `weights=area: ${field.name === '' ? 'the operand' : `"${field.name}"`} has ${what}; expected latitude and longitude along a dimension each; give the areas, as weights=cell_area`,
  );
}

/** Bounds of each cell in radians. */
async function boundsOf(
  { read }: InferContext,
  coordinate: FieldCoordinate,
  limit: number | undefined,
): Promise<{ coordinate: FieldCoordinate; bounds: [number, number][] }> {
  const conversion = unitConversion(coordinate.units || 'degrees', 'radian');
  if (conversion === undefined) {
    throw new HyperslabError(
      'EXPRESSION_INVALID',
      `weights=area: "${coordinate.name}" is in "${coordinate.units}"; expected degrees`,
    );
  }
  const stored = coordinate.bounds === undefined ? undefined : await readData(coordinate.bounds, read);
  const points = coordinateNumbers(await readData(coordinate.values, read));
  const ends = stored === undefined ? undefined : coordinateNumbers(stored);
  // A whole turn in the coordinate's units.
  const period = limit === undefined ? (2 * Math.PI) / conversion.scale : undefined;
  const flat = ends && period !== undefined ? turnBounds(points, ends, period) : ends;
  const bounds =
    flat?.length === 2 * points.length
      ? Array.from(points, (_, i): [number, number] => [flat[2 * i], flat[2 * i + 1]])
      : guessBounds(points, period);
  if (bounds === undefined || bounds.flat().some(Number.isNaN)) {
    throw new HyperslabError(
      'EXPRESSION_INVALID',
      `weights=area: the extent of the cells of "${coordinate.name}" is not known: it has no bounds and ${points.length === 1 ? 'one value' : 'values that neither ascend nor descend throughout'}; give the areas, as weights=cell_area`,
    );
  }
  const most =
    limit === undefined
      ? Number.POSITIVE_INFINITY
      : limit / (unitConversion(coordinate.units || 'degrees', 'degrees')?.scale ?? 1);
  const radians = (value: number) => Math.max(-most, Math.min(most, value)) * conversion.scale;
  return { coordinate, bounds: bounds.map(([a, b]) => [radians(a), radians(b)]) };
}
