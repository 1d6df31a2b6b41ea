/** A date and time as messages have it. */
export interface CivilTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

/** Hours since 1970-01-01 00:00 UTC; undefined for what is no date. */
export function hoursSince1970({ year, month, day, hour, minute, second }: CivilTime): number | undefined {
  if (month < 1 || month > 12 || day < 1 || hour > 24 || minute > 59 || second > 60) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1) return undefined;
  return date.getTime() / 3_600_000 + hour + (60 * minute + second) / 3600;
}

const hoursOf: Record<number, number> = { 0: 1 / 60, 1: 1, 2: 24, 10: 3, 11: 6, 12: 12 };
const monthsOf: Record<number, number> = { 3: 1, 4: 12, 5: 120, 6: 360, 7: 1200 };
const editionUnits: Record<number, Record<number, number>> = {
  1: { 13: 1 / 4, 14: 1 / 2, 254: 1 / 3600 },
  2: { 13: 1 / 3600 },
};

/**
 * Hours since 1970 after `count` units of time (code table 4 of edition 1, 4.4 of edition 2) from `start`. Months and
 * years are those of the calendar. Undefined for a unit that is not in the table.
 */
export function addTime(start: number, count: number, unit: number, edition: 1 | 2): number | undefined {
  const months = monthsOf[unit];
  if (months !== undefined) return addMonths(start, count * months);
  const hours = hoursOf[unit] ?? editionUnits[edition][unit];
  if (hours === undefined) return undefined;
  // Whole parts of an hour are divided once, so that equal moments are equal numbers.
  return hours < 1 ? start + count / Math.round(1 / hours) : start + count * hours;
}

function addMonths(start: number, months: number): number | undefined {
  const date = new Date(start * 3_600_000);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  const time = date.getTime();
  return Number.isNaN(time) ? undefined : time / 3_600_000;
}
