import { digit, type PpHeader } from './header.ts';

/** Calendars of dates in headers, by their CF name. */
type CalendarName = 'standard' | '360_day' | '365_day';

const secondsPerDay = 86_400;

/** 1970-01-01 as a Julian day number. */
const epochDay = 2_440_588;

/** First day of the Gregorian calendar, 1582-10-15, as a Julian day number: before it, the standard calendar is Julian. */
const gregorianDay = 2_299_161;

const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** The calendar that LBTIM names by its last digit, IC; undefined where dates are of none. */
export function calendarOf({ lbtim }: PpHeader): CalendarName | undefined {
  const names: Record<number, CalendarName> = { 1: 'standard', 2: '360_day', 4: '365_day' };
  return lbtim < 0 ? undefined : names[digit(lbtim, 0)];
}

/** A date as a header has it. */
export interface PpDate {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

/** The two dates of a header. In header release 3, words 6 and 12 are seconds; before, they were days of the year. */
export function datesOf(header: PpHeader): { first: PpDate; second: PpDate } {
  const hasSeconds = header.lbrel === 3;
  return {
    first: {
      year: header.lbyr,
      month: header.lbmon,
      day: header.lbdat,
      hour: header.lbhr,
      minute: header.lbmin,
      second: hasSeconds ? header.lbday : 0,
    },
    second: {
      year: header.lbyrd,
      month: header.lbmond,
      day: header.lbdatd,
      hour: header.lbhrd,
      minute: header.lbmind,
      second: hasSeconds ? header.lbdayd : 0,
    },
  };
}

/** Seconds since 1970-01-01 00:00 in a calendar; undefined for a date that the calendar does not have. */
export function secondsSinceEpoch(date: PpDate, calendar: CalendarName): number | undefined {
  const { hour, minute, second } = date;
  const isTime = hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60;
  const days = isTime ? daysSinceEpoch(date, calendar) : undefined;
  if (days === undefined) return undefined;
  return days * secondsPerDay + hour * 3600 + minute * 60 + second;
}

function daysSinceEpoch({ year, month, day }: PpDate, calendar: CalendarName): number | undefined {
  if (month < 1 || month > 12 || day < 1 || Math.abs(year) > 1_000_000) return undefined;
  if (calendar === '360_day') {
    return day > 30 ? undefined : (year - 1970) * 360 + (month - 1) * 30 + day - 1;
  }
  if (calendar === '365_day') {
    if (day > monthLengths[month - 1]) return undefined;
    const before = monthLengths.slice(0, month - 1).reduce((sum, length) => sum + length, 0);
    return (year - 1970) * 365 + before + day - 1;
  }
  // The standard calendar has no year 0.
  if (year < 1) return undefined;
  const gregorian = julianDay(year, month, day, true);
  const isGregorian = gregorian >= gregorianDay;
  const julian = julianDay(year, month, day, false);
  if (!isGregorian && julian >= gregorianDay) return undefined;
  const isLeap = year % 4 === 0 && (!isGregorian || year % 100 !== 0 || year % 400 === 0);
  if (day > monthLengths[month - 1] + (isLeap && month === 2 ? 1 : 0)) return undefined;
  return (isGregorian ? gregorian : julian) - epochDay;
}

/** Julian day number of noon of a date, counting years from March so that a leap day is the last of its year. */
function julianDay(year: number, month: number, day: number, gregorian: boolean): number {
  const years = year + 4800 - (month < 3 ? 1 : 0);
  const months = month + (month < 3 ? 9 : -3);
  const days = day + Math.floor((153 * months + 2) / 5) + 365 * years + Math.floor(years / 4);
  return gregorian ? days - Math.floor(years / 100) + Math.floor(years / 400) - 32_045 : days - 32_083;
}
