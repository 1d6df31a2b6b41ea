import { isMonotonic } from '@hyperslab/kernels';

/**
 * Points along a coordinate that goes around, each within half a period of the one before: longitudes 170, 175, -180 become
 * 170, 175, 180. Those that ascend or descend throughout stay as they are.
 */
export function countedOn(points: Float64Array, period: number | undefined): Float64Array {
  if (period === undefined || isMonotonic(points)) return points;
  const along = Float64Array.from(points);
  for (let i = 1; i < along.length; i++) along[i] += period * Math.round((along[i - 1] - along[i]) / period);
  return along;
}
