import { isMonotonic } from '@hyperslab/kernels';

/**
 * Points along a coordinate that goes around, each within half a period of the one before: longitudes 170, 175, -180 become
 * 170, 175, 180. Those that ascend or descend throughout stay as they are, but for two of more than half a period apart, which are
 * neighbours the other way around; and so do those that neither ascend nor descend when counted on, as of stations.
 */
export function countedOn(points: Float64Array, period: number | undefined): Float64Array {
  if (period === undefined) return points;
  // Of what is rounded to float32, half a period is a little more or less.
  const isFarPair = points.length === 2 && Math.abs(points[1] - points[0]) > (period / 2) * (1 + 1e-6);
  if (isMonotonic(points) && !isFarPair) return points;
  const along = Float64Array.from(points);
  for (let i = 1; i < along.length; i++) along[i] += period * Math.round((along[i - 1] - along[i]) / period);
  return isMonotonic(along) ? along : points;
}
