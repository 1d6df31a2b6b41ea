import type { ByteCursor } from '../../byte-cursor.ts';
import { addTime, hoursSince1970 } from '../civil-time.ts';
import type { FieldTime } from './product.ts';
import { type Statistic, statisticOf } from './statistic.ts';

/** The time of a message of edition 1: octets 13 to 25 of its section 1. */
interface TimeOctets {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  century: number;
  /** Code table 4. */
  unit: number;
  p1: number;
  p2: number;
  /** Code table 5. */
  indicator: number;
  /** How many products were averaged or accumulated. */
  count: number;
}

/** Reads octets 13 to 25 of section 1. */
export function readTimeOctets(cursor: ByteCursor): TimeOctets {
  const octets = {
    year: cursor.uint8(),
    month: cursor.uint8(),
    day: cursor.uint8(),
    hour: cursor.uint8(),
    minute: cursor.uint8(),
    unit: cursor.uint8(),
    p1: cursor.uint8(),
    p2: cursor.uint8(),
    indicator: cursor.uint8(),
    count: cursor.uint16(),
  };
  cursor.skip(1);
  return { ...octets, century: cursor.uint8() };
}

/** When the field is valid and what was done over time; undefined for a date or an indicator that is not read. */
export function readTime1(
  octets: TimeOctets,
  centre: number,
): { time: FieldTime; statistics: Statistic[] } | undefined {
  const { year, month, day, hour, minute, century } = octets;
  if (year === 255) {
    const climatology = { month, day, hour };
    return {
      time: { reference: undefined, valid: undefined, period: undefined, climatology },
      statistics: [],
    };
  }
  const reference = hoursSince1970({ year: (century - 1) * 100 + year, month, day, hour, minute, second: 0 });
  // A century of 0 is before our era, and means that nobody wrote one.
  if (reference === undefined || century === 0) return undefined;
  const after = (count: number) => addTime(reference, count, octets.unit, 1);
  const interval = intervalOf(octets) ?? repeatedInterval(octets, centre);
  if (interval === undefined) return undefined;
  const [from, to] = [after(interval.from), after(interval.to)];
  if (from === undefined || to === undefined) return undefined;
  const statistics = (interval.processes ?? []).map((process) => statisticOf(process)!);
  const valid = interval.validAtStart === true ? from : to;
  const time: FieldTime = { reference, valid, period: valid - reference };
  return { time: interval.instant === true ? time : { ...time, bounds: [from, to] }, statistics };
}

interface Interval {
  /** Units of time after the reference time. */
  from: number;
  to: number;
  /** Code table 4.10 of edition 2, the innermost first. */
  processes?: number[];
  instant?: boolean;
  /** Means over many reference times are named by their beginning. */
  validAtStart?: boolean;
}

/** Code table 5; undefined for indicators that are not read. */
function intervalOf({ indicator, p1, p2, count }: TimeOctets): Interval | undefined {
  const at = (time: number): Interval => ({ from: time, to: time, instant: true });
  // Products whose reference times, or forecast periods, are P2 apart.
  const series = (process: number): Interval => ({
    from: p1,
    to: p1 + Math.max(0, count - 1) * p2,
    processes: [process],
    validAtStart: true,
  });
  switch (indicator) {
    case 0:
    case 11:
    case 14:
      return at(p1);
    case 1:
    case 13:
      return at(indicator === 1 ? 0 : p1);
    case 2:
      return { from: p1, to: p2 };
    case 3:
      return { from: p1, to: p2, processes: [0] };
    case 4:
      return { from: p1, to: p2, processes: [1] };
    case 5:
      return { from: p1, to: p2, processes: [4] };
    case 6:
      return { from: -p1, to: -p2, processes: [0] };
    case 7:
      return { from: -p1, to: p2, processes: [0] };
    case 10:
      return at(p1 * 256 + p2);
    case 51:
      return { ...at(0), processes: [0] };
    case 113:
    case 115:
    case 123:
      return series(0);
    case 114:
    case 116:
    case 124:
      return series(1);
    case 117:
      return { ...at(p1), processes: [0] };
    case 118:
      return series(7);
    case 119:
    case 125:
      return series(6);
    default:
      return undefined;
  }
}

/**
 * Means over many forecasts of what each accumulated or averaged from P1 to P2: process of each, and hours from a forecast to
 * the next; undefined for those that follow each other without a gap (NCEP's Office Note 388, table 5; JMA's and ECMWF's table).
 */
const repeated: Record<
  number,
  Record<number, readonly [process: number | undefined, hours: number | undefined]>
> = {
  7: {
    128: [1, 24],
    129: [1, undefined],
    130: [0, 24],
    131: [0, undefined],
    137: [1, 6],
    138: [0, 6],
    139: [1, 12],
    140: [0, 12],
  },
  34: { 128: [undefined, 24], 130: [undefined, undefined] },
  98: { 128: [undefined, 24], 130: [undefined, undefined] },
};

function repeatedInterval(
  { indicator, unit, p1, p2, count }: TimeOctets,
  centre: number,
): Interval | undefined {
  const known = repeated[centre]?.[indicator];
  if (known === undefined) return undefined;
  const [process, hours] = known;
  // Distances in hours add to a unit of hours only.
  if (hours !== undefined && unit !== 1) return undefined;
  const distance = hours ?? p2 - p1;
  const processes = process === undefined ? [0] : [process, 0];
  return { from: p1, to: p2 + Math.max(0, count - 1) * distance, processes, validAtStart: true };
}
