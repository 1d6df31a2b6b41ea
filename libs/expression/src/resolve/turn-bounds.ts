import type { MaskedArray } from '@hyperslab/array';
import { coordinateAxis } from './coordinate-axis.ts';
import { coordinateNumbers } from './coordinate-values.ts';
import type { FieldCoordinate } from './field.ts';

/**
 * Ends of cells of a coordinate that goes around, two for each point, moved by whole periods to their point: the cell of
 * longitude 0 is written from -0.5 to 0.5, or from 359.5. A cell that has its point within, or goes all around, stays.
 */
export function turnBounds(points: ArrayLike<number>, ends: ArrayLike<number>, period: number): number[] {
  return Array.from(ends, (end, i) => {
    const point = points[i >> 1];
    const other = ends[i ^ 1];
    const isWithin = Math.min(end, other) < point && point < Math.max(end, other);
    const goesAround = Math.abs(end - other) > period * (1 - 1e-6);
    return isWithin || goesAround ? end : end + period * Math.round((point - end) / period);
  });
}

/** The numbers of the bounds of a coordinate; of longitudes those around their points. */
export function boundNumbers(
  coordinate: FieldCoordinate,
  points: MaskedArray,
  bounds: MaskedArray,
): Float64Array {
  const ends = coordinateNumbers(bounds);
  const { numbers, period } = coordinateAxis(coordinate, points);
  if (period === undefined || ends.length !== 2 * numbers!.length) return ends;
  return Float64Array.from(turnBounds(numbers!, ends, period));
}
