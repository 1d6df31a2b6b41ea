import type { ByteCursor } from '../../byte-cursor.ts';
import { addTime, hoursSince1970 } from '../civil-time.ts';
import type { FieldTime } from './product.ts';
import { type Statistic, statisticOf } from './statistic.ts';

/** Forecast time of a template, in a unit of code table 4.4. */
export interface ForecastTime {
  unit: number;
  count: number;
}

/** The interval of a template: its end, and what was done over it. */
export interface Interval {
  end: number | undefined;
  /** Time ranges, the outermost first. */
  ranges: { process: number; unit: number; length: number }[];
}

/** Octets of the end of the overall time interval and of the time ranges within. */
export function readInterval(cursor: ByteCursor): Interval {
  const end = readDateTime(cursor);
  const count = cursor.uint8();
  cursor.skip(4);
  const ranges = [];
  for (let i = 0; i < count; i++) {
    const process = cursor.uint8();
    cursor.skip(1);
    const [unit, length] = [cursor.uint8(), cursor.uint32()];
    cursor.skip(5);
    ranges.push({ process, unit, length });
  }
  return { end, ranges };
}

/** Year, month, day, hour, minute, second in seven octets; undefined when they are no date. */
export function readDateTime(cursor: ByteCursor): number | undefined {
  const year = cursor.uint16();
  const [month, day, hour, minute, second] = Array.from({ length: 5 }, () => cursor.uint8());
  return hoursSince1970({ year, month, day, hour, minute, second });
}

/**
 * When a field of edition 2 is valid: its interval ends where the message says or, when that is no date, after the length
 * of the outermost range. Undefined for a unit of time that is not in code table 4.4.
 */
export function timeOf2(
  reference: number,
  forecast: ForecastTime,
  interval: Interval | undefined,
): { time: FieldTime; statistics: Statistic[] } | undefined {
  const start = addTime(reference, forecast.count, forecast.unit, 2);
  if (start === undefined) return undefined;
  if (interval === undefined) {
    return { time: { reference, valid: start, period: start - reference }, statistics: [] };
  }
  const [outer] = interval.ranges;
  const end = interval.end ?? (outer === undefined ? undefined : addTime(start, outer.length, outer.unit, 2));
  if (end === undefined || end < start) return undefined;
  const statistics = interval.ranges.flatMap(({ process }) => statisticOf(process) ?? []).reverse();
  return {
    time: { reference, valid: end, period: end - reference, bounds: [start, end] },
    statistics,
  };
}
