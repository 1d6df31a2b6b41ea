import { datesOf, secondsSinceEpoch } from './calendar.ts';
import type { PpHeader } from './header.ts';

const secondsPerDay = 86_400;

/** 1970-01-01 in days since the year 0 of the 360-day calendar, which times along an axis are counted from. */
const epochDay = 1970 * 360;

/**
 * Times of the rows of a time series, in days since the year 0: from the first date of the header on, the second one being
 * the end. Undefined where the dates are none.
 */
export function datedRows(header: PpHeader, count: number): number[] | undefined {
  const { first, second } = datesOf(header);
  const from = secondsSinceEpoch(first, '360_day');
  const to = secondsSinceEpoch(second, '360_day');
  if (from === undefined || to === undefined) return undefined;
  return Array.from(
    { length: count },
    (_, i) => (from + ((to - from) * i) / count) / secondsPerDay + epochDay,
  );
}
