import { type Calendar, type CalendarDate, dateOfDay, dayNumber, isValidDate } from './calendar.ts';

/** A date and time of day of some calendar, UTC. */
export interface DateTime extends CalendarDate {
  hour: number;
  minute: number;
  /** With its fraction. */
  second: number;
}

/** How much of a date a text states: an end of a range that is a bare day means the whole day. */
export type DatePrecision = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second';

/** A moment: number of the day in its calendar and microseconds since midnight. */
export interface Moment {
  day: number;
  microsecond: number;
}

const microsecondsPerDay = 86_400_000_000;

const pattern =
  /^([+-]?\d{1,9})(?:-(\d{1,2})(?:-(\d{1,2})(?:[T\s]+(\d{1,2})(?::(\d{1,2})(?::(\d{1,2}(?:\.\d*)?))?)?\s*(?:Z|UTC|GMT|([+-])(\d{1,2}):?(\d{2})?)?)?)?)?$/i;
const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
// "Jan 1, 2000", which CF does not know but some real files have.
const namedMonth = /^([a-z]{3})[a-z]*\.?\s+(\d{1,2}),?\s+(\d{1,5})(.*)$/i;

/**
 * Reads an ISO 8601 date and time, and what UDUNITS and real files write beside it: parts may be of one digit, the time
 * may be apart by a space, a zone may follow. Undefined when the text is no date or the calendar has no such day.
 */
export function parseDateTime(
  text: string,
  calendar: Calendar,
): { moment: Moment; precision: DatePrecision } | undefined {
  const match = pattern.exec(withNumericMonth(text.trim()));
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, sign, zoneHour, zoneMinute] = match;
  const date = { year: Number(year), month: Number(month ?? 1), day: Number(day ?? 1) };
  const seconds = Number(hour ?? 0) * 3600 + Number(minute ?? 0) * 60 + Number(second ?? 0);
  const inRange = Number(hour ?? 0) <= 24 && Number(minute ?? 0) < 60 && Number(second ?? 0) < 61;
  if (!isValidDate(calendar, date) || !inRange) return undefined;
  const zone = (Number(zoneHour ?? 0) * 60 + Number(zoneMinute ?? 0)) * 60 * (sign === '-' ? -1 : 1);
  const moment = carried(dayNumber(calendar, date), Math.round((seconds - zone) * 1e6));
  const parts: DatePrecision[] = ['year', 'month', 'day', 'hour', 'minute', 'second'];
  const stated = [year, month, day, hour, minute, second].filter((part) => part !== undefined).length;
  return { moment, precision: parts[stated - 1] };
}

/** The first moment after the stretch of time that a text of this precision names. */
export function endOfStretch(moment: Moment, precision: DatePrecision, calendar: Calendar): Moment {
  const { year, month } = dateOfDay(calendar, moment.day);
  switch (precision) {
    case 'year':
      return { day: dayNumber(calendar, { year: year + 1, month: 1, day: 1 }), microsecond: 0 };
    case 'month': {
      const next = month === 12 ? { year: year + 1, month: 1, day: 1 } : { year, month: month + 1, day: 1 };
      return { day: dayNumber(calendar, next), microsecond: 0 };
    }
    case 'day':
      return { day: moment.day + 1, microsecond: 0 };
    case 'hour':
      return carried(moment.day, moment.microsecond + 3_600_000_000);
    case 'minute':
      return carried(moment.day, moment.microsecond + 60_000_000);
    default:
      return moment;
  }
}

/** Date and time of day of a moment. */
export function dateTimeOf(moment: Moment, calendar: Calendar): DateTime {
  const seconds = Math.floor(moment.microsecond / 1e6);
  return {
    ...dateOfDay(calendar, moment.day),
    hour: Math.floor(seconds / 3600),
    minute: Math.floor(seconds / 60) % 60,
    second: (seconds % 60) + (moment.microsecond % 1e6) / 1e6,
  };
}

/**
 * A moment as ISO 8601, to the millisecond where there is a fraction: "2026-11-22T06:00:00Z". A date of a calendar
 * that is not Gregorian is written as it is, 30 February too, without the "Z" that would claim a real instant.
 */
export function formatMoment(moment: Moment, calendar: Calendar): string {
  const millisecond = Math.round(moment.microsecond / 1000) * 1000;
  const { year, month, day, hour, minute, second } = dateTimeOf(carried(moment.day, millisecond), calendar);
  const two = (value: number) => String(value).padStart(2, '0');
  const years = `${year < 0 ? '-' : year > 9999 ? '+' : ''}${String(Math.abs(year)).padStart(4, '0')}`;
  const whole = Math.floor(second);
  const fraction = Math.round((second - whole) * 1000);
  const decimals = fraction === 0 ? '' : `.${String(fraction).padStart(3, '0')}`;
  const zone = calendar === 'standard' || calendar === 'proleptic_gregorian' ? 'Z' : '';
  return `${years}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(whole)}${decimals}${zone}`;
}

/** A moment from a day and any number of microseconds. */
export function carried(day: number, microsecond: number): Moment {
  const days = Math.floor(microsecond / microsecondsPerDay);
  return { day: day + days, microsecond: microsecond - days * microsecondsPerDay };
}

function withNumericMonth(text: string): string {
  const match = namedMonth.exec(text);
  if (match === null) return text;
  const month = monthNames.indexOf(match[1].toLowerCase()) + 1;
  return month === 0 ? text : `${match[3]}-${month}-${match[2]}${match[4]}`;
}
