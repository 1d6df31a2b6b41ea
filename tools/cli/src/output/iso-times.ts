import type { ComputedCoordinate } from '@hyperslab/client';
import { formatTime, parseTimeUnits } from '@hyperslab/cube';
import { valueReader } from './json-values.ts';

/** Times of a time coordinate in ISO 8601, null where there is none; undefined for what is no time coordinate. */
export function isoTimes(coordinate: ComputedCoordinate): (string | null)[] | undefined {
  const units = parseTimeUnits(coordinate.units, coordinate.calendar);
  if (units === undefined) return undefined;
  const read = valueReader(coordinate);
  return Array.from({ length: coordinate.values.length }, (_, i) => {
    const value = read(i);
    return (typeof value === 'number' && formatTime(value, units)) || null;
  });
}
