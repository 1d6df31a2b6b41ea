/**
 * Calendars of the CF conventions (section 4.4.1) as pure arithmetic: a date is a day number and back. Years are
 * astronomical (ISO 8601): year 0 exists and is the year before year 1, in every calendar.
 */
export const calendars = [
  'standard',
  'proleptic_gregorian',
  'julian',
  'noleap',
  'all_leap',
  '360_day',
  'none',
] as const;

export type Calendar = (typeof calendars)[number];

const synonyms: Record<string, Calendar> = {
  gregorian: 'standard',
  '365_day': 'noleap',
  '366_day': 'all_leap',
  '': 'standard',
};

/** The calendar that an attribute names, standard when it is silent; undefined for a name that CF does not have. */
export function calendarNamed(name: string | undefined): Calendar | undefined {
  const plain = (name ?? '').trim().toLowerCase();
  return synonyms[plain] ?? calendars.find((calendar) => calendar === plain);
}

export interface CalendarDate {
  year: number;
  /** 1 to 12. */
  month: number;
  /** 1 to 31. */
  day: number;
}

const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const leapMonthLengths = monthLengths.map((length, month) => (month === 1 ? 29 : length));
// Day numbers count from 1970-01-01 of the proleptic Gregorian calendar; the others from their own year 0.
const daysBefore1970 = 719_468;
const julianDaysBefore1970 = 719_470;
/** 15 October 1582: the first day of the Gregorian calendar; the day before was 4 October. */
const gregorianStart = -141_427;

/** Length of a month; a calendar `none` has the Gregorian's. The gap of October 1582 is not taken off. */
export function daysInMonth(calendar: Calendar, year: number, month: number): number {
  if (calendar === '360_day') return 30;
  return (isLeapYear(calendar, year) ? leapMonthLengths : monthLengths)[month - 1];
}

/** Whether a year has 366 days. */
export function isLeapYear(calendar: Calendar, year: number): boolean {
  if (calendar === 'noleap' || calendar === '360_day') return false;
  if (calendar === 'all_leap') return true;
  if (calendar === 'julian' || (calendar === 'standard' && year <= 1582)) return modulo(year, 4) === 0;
  return modulo(year, 4) === 0 && (modulo(year, 100) !== 0 || modulo(year, 400) === 0);
}

/** Whether the date exists: 30 February does in 360_day, 10 October 1582 does not in standard. */
export function isValidDate(calendar: Calendar, { year, month, day }: CalendarDate): boolean {
  if (![year, month, day].every(Number.isSafeInteger) || month < 1 || month > 12 || day < 1) return false;
  if (calendar === 'standard' && year === 1582 && month === 10 && day > 4 && day < 15) return false;
  return day <= daysInMonth(calendar, year, month);
}

/** Number of the day; differences are days. Numbers of different calendars have nothing to do with each other. */
export function dayNumber(calendar: Calendar, date: CalendarDate): number {
  switch (calendar) {
    case '360_day':
      return date.year * 360 + (date.month - 1) * 30 + date.day - 1;
    case 'noleap':
      return date.year * 365 + dayOfYear(monthLengths, date);
    case 'all_leap':
      return date.year * 366 + dayOfYear(leapMonthLengths, date);
    case 'julian':
      return julianDay(date);
    case 'standard':
      return isBeforeReform(date) ? julianDay(date) : gregorianDay(date);
    default:
      return gregorianDay(date);
  }
}

/** The date of a day number. */
export function dateOfDay(calendar: Calendar, day: number): CalendarDate {
  switch (calendar) {
    case '360_day': {
      const rest = modulo(day, 360);
      return { year: Math.floor(day / 360), month: Math.floor(rest / 30) + 1, day: (rest % 30) + 1 };
    }
    case 'noleap':
      return fromDayOfYear(monthLengths, Math.floor(day / 365), modulo(day, 365));
    case 'all_leap':
      return fromDayOfYear(leapMonthLengths, Math.floor(day / 366), modulo(day, 366));
    case 'julian':
      return julianDate(day);
    case 'standard':
      return day < gregorianStart ? julianDate(day) : gregorianDate(day);
    default:
      return gregorianDate(day);
  }
}

function isBeforeReform({ year, month, day }: CalendarDate): boolean {
  return year < 1582 || (year === 1582 && (month < 10 || (month === 10 && day < 15)));
}

// Years are counted from March, so that the leap day is the last of its year: days before a month of such a year are
// floor((153 m + 2) / 5), and a year's leap day falls out of the division.
function gregorianDay({ year, month, day }: CalendarDate): number {
  const y = month <= 2 ? year - 1 : year;
  const leapDays = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  return y * 365 + leapDays + dayOfMarchYear(month, day) - daysBefore1970;
}

function gregorianDate(day: number): CalendarDate {
  const z = day + daysBefore1970;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const rest = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  return fromMarchYear(yearOfEra + era * 400, rest);
}

function julianDay({ year, month, day }: CalendarDate): number {
  const y = month <= 2 ? year - 1 : year;
  return y * 365 + Math.floor(y / 4) + dayOfMarchYear(month, day) - julianDaysBefore1970;
}

function julianDate(day: number): CalendarDate {
  const z = day + julianDaysBefore1970;
  const era = Math.floor(z / 1461);
  const dayOfEra = z - era * 1461;
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460)) / 365);
  return fromMarchYear(yearOfEra + era * 4, dayOfEra - 365 * yearOfEra);
}

function dayOfMarchYear(month: number, day: number): number {
  return Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
}

function fromMarchYear(year: number, dayOfYear: number): CalendarDate {
  const m = Math.floor((5 * dayOfYear + 2) / 153);
  const month = m < 10 ? m + 3 : m - 9;
  const day = dayOfYear - Math.floor((153 * m + 2) / 5) + 1;
  return { year: month <= 2 ? year + 1 : year, month, day };
}

function dayOfYear(lengths: readonly number[], { month, day }: CalendarDate): number {
  return lengths.slice(0, month - 1).reduce((sum, length) => sum + length, 0) + day - 1;
}

function fromDayOfYear(lengths: readonly number[], year: number, dayOfYear: number): CalendarDate {
  let month = 0;
  let rest = dayOfYear;
  while (rest >= lengths[month]) rest -= lengths[month++];
  return { year, month: month + 1, day: rest + 1 };
}

function modulo(value: number, divisor: number): number {
  return value - Math.floor(value / divisor) * divisor;
}
