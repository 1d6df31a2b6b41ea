import { type Calendar, calendarNamed } from './calendar.ts';
import { carried, type DateTime, dateTimeOf, formatMoment, type Moment, parseDateTime } from './date-time.ts';
import { longestUnits } from './units.ts';

/** "hours since 1970-01-01" in a calendar, read once: a number is a moment and back. */
export interface TimeUnits {
  calendar: Calendar;
  /** Microseconds of one unit. */
  microseconds: number;
  /** What 0 means. */
  reference: Moment;
}

const second = 1e6;
const day = 86_400 * second;

// Without a prototype: units come from files, and "constructor" is none.
const lengths: Record<string, number | undefined> = {
  __proto__: null as unknown as undefined,
  nanosecond: 1e-3,
  nanosec: 1e-3,
  ns: 1e-3,
  microsecond: 1,
  microsec: 1,
  us: 1,
  millisecond: 1000,
  millisec: 1000,
  msec: 1000,
  ms: 1000,
  second,
  sec: second,
  s: second,
  minute: 60 * second,
  min: 60 * second,
  hour: 3600 * second,
  hr: 3600 * second,
  h: 3600 * second,
  day,
  d: day,
  week: 7 * day,
};

// A year of UDUNITS, which CF (section 4.4) takes over with a warning: it is no calendar year.
const tropicalYear = 365.242198781 * day;

/**
 * Reads the units of a time coordinate. Months and years are of fixed length: 30 and 360 days in 360_day, 365 or 366
 * days a year in noleap and all_leap, else what UDUNITS has (a year of 365.242198781 days). Undefined for units
 * that are not "UNIT since DATE", and for calendars that CF does not name.
 */
export function parseTimeUnits(units: string, calendarName?: string): TimeUnits | undefined {
  const calendar = calendarNamed(calendarName);
  const text = units.trim();
  if (text.length > longestUnits) return undefined;
  const match = /^([a-z_]+)\s+(?:since|after|from|ref|@)\s+(\S.*)$/i.exec(text);
  if (match === null || calendar === undefined) return undefined;
  const microseconds = unitLength(match[1].toLowerCase(), calendar);
  const reference = parseDateTime(match[2], calendar);
  if (microseconds === undefined || reference === undefined) return undefined;
  return { calendar, microseconds, reference: reference.moment };
}

/** Half a second: numbers that are no further apart are one time. 0 for what is no time. */
export function halfSecondIn(units: TimeUnits | undefined): number {
  return units === undefined ? 0 : second / 2 / units.microseconds;
}

/** The moment that a number means, to the microsecond. Undefined for a number that is none, or far beyond any date. */
export function decodeMoment(value: number, units: TimeUnits): Moment | undefined {
  if (!Number.isFinite(value)) return undefined;
  // Whole days are split off before microseconds are counted, which would not be exact for times of millions of years.
  const unitsPerDay = day / units.microseconds;
  const days = Math.floor(value / unitsPerDay);
  const rest = (value - days * unitsPerDay) * units.microseconds;
  if (Math.abs(days) > 1e11) return undefined;
  return carried(units.reference.day + days, units.reference.microsecond + Math.round(rest));
}

/** The number that means a moment of the same calendar. */
export function encodeMoment(moment: Moment, units: TimeUnits): number {
  const days = moment.day - units.reference.day;
  const microseconds = moment.microsecond - units.reference.microsecond;
  const unitsPerDay = day / units.microseconds;
  return days * unitsPerDay + microseconds / units.microseconds;
}

/** Date and time of a number; undefined where there is none. */
export function decodeTime(value: number, units: TimeUnits): DateTime | undefined {
  const moment = decodeMoment(value, units);
  return moment === undefined ? undefined : dateTimeOf(moment, units.calendar);
}

/** A number as an ISO 8601 text; empty where it means no date. */
export function formatTime(value: number, units: TimeUnits): string {
  const moment = decodeMoment(value, units);
  return moment === undefined ? '' : formatMoment(moment, units.calendar);
}

/** The number that an ISO 8601 text means; undefined when the text is no date of the calendar. */
export function parseTime(text: string, units: TimeUnits): number | undefined {
  const parsed = parseDateTime(text, units.calendar);
  return parsed === undefined ? undefined : encodeMoment(parsed.moment, units);
}

/** A function from numbers in one time unit to those of another; undefined when the calendars differ. */
export function timeConversion(from: TimeUnits, to: TimeUnits): ((value: number) => number) | undefined {
  if (from.calendar !== to.calendar) return undefined;
  // In a unit that both are whole multiples of, so that there is one rounding: k hours are k / 24 days, to the bit.
  const common = commonUnit(from.microseconds, to.microseconds);
  const [up, down] = [from.microseconds / common, to.microseconds / common];
  const offset = encodeMoment(from.reference, { ...to, microseconds: common });
  return (value) => (value * up + offset) / down;
}

/** The largest unit of which both are whole multiples, in microseconds; the smaller one where they are no whole numbers. */
function commonUnit(a: number, b: number): number {
  if (!Number.isInteger(a) || !Number.isInteger(b)) return Math.min(a, b);
  let [larger, smaller] = a > b ? [a, b] : [b, a];
  while (smaller > 0) [larger, smaller] = [smaller, larger % smaller];
  return larger;
}

/** A function from durations in one unit to those in another; undefined for what is none, or of no fixed length. */
export function durationConversion(from: string, to: string): ((value: number) => number) | undefined {
  const [a, b] = [from, to].map((unit) => lengths[singularOf(unit.trim().toLowerCase())]);
  if (a === undefined || b === undefined) return undefined;
  return (value) => (value * a) / b;
}

function singularOf(unit: string): string {
  return lengths[unit] === undefined ? unit.replace(/s$/, '') : unit;
}

function unitLength(unit: string, calendar: Calendar): number | undefined {
  const singular = singularOf(unit);
  if (lengths[singular] !== undefined) return lengths[singular];
  const year = yearLength(calendar);
  if (['year', 'yr', 'common_year'].includes(singular)) return singular === 'common_year' ? 365 * day : year;
  if (['month', 'mon'].includes(singular)) return year / 12;
  return undefined;
}

function yearLength(calendar: Calendar): number {
  if (calendar === '360_day') return 360 * day;
  if (calendar === 'noleap') return 365 * day;
  if (calendar === 'all_leap') return 366 * day;
  return tropicalYear;
}
