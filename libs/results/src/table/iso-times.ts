import { formatTime, parseTimeUnits } from '@hyperslab/cube';
import type { ResultCoordinate } from '../result.ts';
import { valueReader } from './plain-values.ts';

/** Times of a time coordinate in ISO 8601, null where there is none; undefined for what is no time coordinate. */
export function isoTimes(coordinate: ResultCoordinate): (string | null)[] | undefined {
  const units = parseTimeUnits(coordinate.units, coordinate.calendar);
  if (units === undefined) return undefined;
  const read = valueReader(coordinate);
  return Array.from({ length: coordinate.values.length }, (_, i) => {
    const value = read(i);
    return (typeof value === 'number' && formatTime(value, units)) || null;
  });
}
