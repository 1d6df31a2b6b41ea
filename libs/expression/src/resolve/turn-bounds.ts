import type { MaskedArray } from '@hyperslab/array';
import { coordinateNumbers } from './coordinate-values.ts';

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

/** The numbers of the bounds of a coordinate; where it goes around, those around its points, which are counted on. */
export function boundNumbers(
  points: Float64Array,
  bounds: MaskedArray,
  period: number | undefined,
): Float64Array {
  const ends = coordinateNumbers(bounds);
  if (period === undefined || ends.length !== 2 * points.length) return ends;
  return Float64Array.from(turnBounds(points, ends, period));
}
