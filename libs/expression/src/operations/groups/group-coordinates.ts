import { readData } from '../../resolve/coordinate-data.ts';
import { coveredNumbers } from '../../resolve/covered-numbers.ts';
import type { FieldCoordinate } from '../../resolve/field.ts';
import type { InferContext } from '../operation.ts';
import type { Groups } from './group-field.ts';

/**
 * Coordinates of groups of neighbours: along the dimension the mean of each group, as in xarray, with what the group covers as
 * its bounds. Texts, and coordinates of several dimensions, are left out.
 */
export async function coordinatesOfGroups(
  { read }: InferContext,
  coordinates: readonly FieldCoordinate[],
  groups: Groups,
): Promise<FieldCoordinate[]> {
  const kept: FieldCoordinate[] = [];
  for (const coordinate of coordinates) {
    if (!coordinate.dimensions.includes(groups.dimension)) {
      kept.push(coordinate);
      continue;
    }
    if (coordinate.dimensions.length > 1) continue;
    const points = await readData(coordinate.values, read);
    if (points.dtype === 'char' || points.dtype === 'string') continue;
    const bounds = coordinate.bounds && (await readData(coordinate.bounds, read));
    const { numbers, covered } = coveredNumbers(coordinate, points, bounds);
    kept.push({ ...coordinate, ...groupedValues(numbers, covered, groups) });
  }
  return kept;
}

function groupedValues(
  numbers: Float64Array,
  covered: Float64Array,
  { dimension, count, members }: Groups,
): Pick<FieldCoordinate, 'values' | 'bounds'> {
  const each = covered.length / Math.max(1, numbers.length);
  const sums = new Float64Array(count);
  const counts = new Float64Array(count);
  const low = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  const high = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  members.forEach((group, i) => {
    if (group < 0) return;
    sums[group] += numbers[i];
    counts[group]++;
    for (const value of covered.subarray(i * each, (i + 1) * each)) {
      low[group] = Math.min(low[group], value);
      high[group] = Math.max(high[group], value);
    }
  });
  // What no index is in covers nothing.
  for (let group = 0; group < count; group++) if (counts[group] === 0) low[group] = high[group] = Number.NaN;
  const ascends = numbers.length < 2 || numbers[0] <= numbers[numbers.length - 1];
  const pairs = Array.from(low, (value, group) => (ascends ? [value, high[group]] : [high[group], value]));
  return {
    values: madeData(
      [dimension],
      sums.map((sum, group) => sum / counts[group]),
    ),
    bounds: madeData([dimension, 'bnds'], Float64Array.from(pairs.flat())),
  };
}

/** Values that were made, of a dimension or of it and two bounds. */
export function madeData(dimensions: string[], values: Float64Array): FieldCoordinate['values'] {
  const shape = dimensions.length === 2 ? [values.length / 2, 2] : [values.length];
  return { dimensions, from: { array: { dtype: 'float64', shape, values } } };
}
