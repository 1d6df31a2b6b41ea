import { isMonotonic } from '@hyperslab/kernels';
import { countedOn } from '../../resolve/counted-on.ts';

/**
 * Bounds of cells around points: half-way between neighbours, and as far beyond the first and last as on their other side.
 * Points that start again after `period` are counted on. Undefined for less than two points, and for those that neither ascend nor
 * descend throughout: what lies between them is not known.
 */
export function guessBounds(points: Float64Array, period?: number): [number, number][] | undefined {
  const along = countedOn(points, period);
  const last = along.length - 1;
  if (last < 1 || !isMonotonic(along)) return undefined;
  const edge = (i: number) => {
    if (i === 0) return along[0] - (along[1] - along[0]) / 2;
    if (i > last) return along[last] + (along[last] - along[last - 1]) / 2;
    return (along[i - 1] + along[i]) / 2;
  };
  return Array.from(along, (_, i) => [edge(i), edge(i + 1)]);
}
