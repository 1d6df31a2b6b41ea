import type { MaskedArray } from '@hyperslab/array';
import { isFloat } from '@hyperslab/array';
import { type CoordinateData, type ReadVariable, readData } from './coordinate-data.ts';
import { coveredNumbers } from './covered-numbers.ts';
import type { FieldCoordinate } from './field.ts';

/**
 * Coordinates after a reduction over dimensions: one along a reduced dimension becomes scalar, in the middle of all that
 * it covered, which are its bounds (as Iris collapses). Texts, and coordinates of several dimensions, are left out.
 */
export async function collapseCoordinates(
  coordinates: readonly FieldCoordinate[],
  reduced: readonly string[],
  read: ReadVariable | undefined,
): Promise<FieldCoordinate[]> {
  const collapsed: FieldCoordinate[] = [];
  for (const coordinate of coordinates) {
    if (!coordinate.dimensions.some((name) => reduced.includes(name))) collapsed.push(coordinate);
    else if (coordinate.dimensions.length === 1 && isAtHand(coordinate.values, read)) {
      const scalar = await collapseOne(coordinate, read);
      if (scalar !== undefined) collapsed.push(scalar);
    }
  }
  return collapsed;
}

function isAtHand({ from }: CoordinateData, read: ReadVariable | undefined): boolean {
  return read !== undefined || 'array' in from || from.variable.data?.$case === 'inlineValues';
}

async function collapseOne(
  coordinate: FieldCoordinate,
  read: ReadVariable | undefined,
): Promise<FieldCoordinate | undefined> {
  const points = await readData(coordinate.values, read);
  if (points.dtype === 'char' || points.dtype === 'string') return undefined;
  const { bounds } = coordinate;
  const stored = bounds !== undefined && isAtHand(bounds, read) ? await readData(bounds, read) : undefined;
  const { covered } = coveredNumbers(coordinate, points, stored);
  const numbers = covered.filter((number) => !Number.isNaN(number));
  if (numbers.length === 0) return undefined;
  const low = numbers.reduce((a, b) => Math.min(a, b));
  const high = numbers.reduce((a, b) => Math.max(a, b));
  const float32 = points.dtype === 'float32' && isFloat((stored ?? points).dtype);
  const array = (shape: number[], ...values: number[]): MaskedArray => ({
    dtype: float32 ? 'float32' : 'float64',
    shape,
    values: float32 ? Float32Array.of(...values) : Float64Array.of(...values),
  });
  return {
    ...coordinate,
    dimensions: [],
    isDimension: false,
    values: { dimensions: [], from: { array: array([], (low + high) / 2) } },
    bounds: { dimensions: ['bnds'], from: { array: array([2], low, high) } },
  };
}
