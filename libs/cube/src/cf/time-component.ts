import { type Calendar, dateOfDay, daysInMonth } from './calendar.ts';
import { dateTimeOf, type Moment } from './date-time.ts';

/** Parts of a date and time that can be asked for by name. */
export const timeComponents = [
  'year',
  'month',
  'season',
  'day',
  'dayofyear',
  'weekday',
  'hour',
  'minute',
  'second',
] as const;

export type TimeComponent = (typeof timeComponents)[number];

const monthInitials = 'JFMAMJJASOND';
// 1970-01-01 was a Thursday; Monday is 0.
const weekdayOf1970 = 3;
/**
 * Weekday of day 0 of the calendars whose days are counted from their own year 0, as cftime has it: its day numbers of
 * these begin with year 0 too, at a Monday.
 */
const ownWeekdays: Partial<Record<Calendar, number>> = { '360_day': 0, noleap: 0, all_leap: 0 };

export function isTimeComponent(name: string): name is TimeComponent {
  return (timeComponents as readonly string[]).includes(name);
}

/**
 * A part of a moment as a whole number: months, days and days of the year count from 1, weekdays from 0, a Monday;
 * seasons are 1 to 4, DJF to SON; seconds are without their fraction.
 */
export function timeComponent(component: TimeComponent, moment: Moment, calendar: Calendar): number {
  switch (component) {
    case 'season':
      return Math.floor((dateOfDay(calendar, moment.day).month % 12) / 3) + 1;
    case 'dayofyear': {
      const { year, month, day } = dateOfDay(calendar, moment.day);
      let days = day;
      // As cftime counts, the ten days that October 1582 lacks too.
      for (let before = 1; before < month; before++) days += daysInMonth(calendar, year, before);
      return days;
    }
    case 'weekday': {
      const days = moment.day + (ownWeekdays[calendar] ?? weekdayOf1970);
      return days - Math.floor(days / 7) * 7;
    }
    default:
      return Math.floor(dateTimeOf(moment, calendar)[component]);
  }
}

/** The months, 1 to 12, that the initials of two or more that follow each other name: DJF, JJAS; undefined for others. */
export function monthsOfSeason(initials: string): number[] | undefined {
  const first = (monthInitials + monthInitials).indexOf(initials.toUpperCase());
  if (initials.length < 2 || initials.length > 12 || first < 0) return undefined;
  return Array.from(initials, (_, i) => ((first + i) % 12) + 1);
}
