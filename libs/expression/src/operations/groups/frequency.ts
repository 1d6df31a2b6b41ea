import { type Calendar, dateOfDay, dayNumber, type Moment } from '@hyperslab/cube';

/** A stretch of time that repeats: so many microseconds, or so many months, quarters or years (`unit`, in months) from a month of the year on. */
export type Frequency = { microseconds: number } | { months: number; unit: number; anchor: number };

const day = 86_400_000_000;
const fixed: Record<string, number> = { s: 1e6, min: 60e6, h: 3600e6, d: day };
const months: Record<string, number> = { m: 1, q: 3, y: 12, a: 12 };
const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

/**
 * Reads "6h", "1D", "1M" or "MS", "QS-DEC", "YS": units as in pandas, months, quarters and years always from their start;
 * an anchor is the month that a quarter or year begins with. Undefined for other texts.
 */
export function parseFrequency(text: string): Frequency | undefined {
  const match = /^(\d{1,9})?(s|min|h|d|ms|m|qs|q|ys|y|as|a)(?:-([a-z]{3}))?$/i.exec(text.trim());
  if (match === null) return undefined;
  const [, number = '1', written, anchored] = match;
  const unit = written.toLowerCase();
  const count = Number(number);
  if (count < 1) return undefined;
  const anchor = anchored === undefined ? undefined : monthNames.indexOf(anchored.toUpperCase());
  if (anchor === -1) return undefined;
  if (unit in fixed) return anchor === undefined ? { microseconds: count * fixed[unit] } : undefined;
  const each = months[unit.replace(/s$/, '')];
  if (each === 1 && anchor !== undefined) return undefined;
  return { months: count * each, unit: each, anchor: anchor ?? 0 };
}

/** Stretches of time: the number of that of a moment, counted from that of the first, and where each begins. */
export interface Stretches {
  numberOf(moment: Moment): number;
  startOf(number: number): Moment;
}

/**
 * Stretches of a frequency around a first moment. Those of hours and days begin at its midnight, those of months at the month, quarter or year that it is in.
 */
export function stretchesFrom(first: Moment, frequency: Frequency, calendar: Calendar): Stretches {
  if ('microseconds' in frequency) return fixedStretches(first, frequency.microseconds);
  const { months: step, unit, anchor } = frequency;
  const monthOf = (moment: Moment) => {
    const date = dateOfDay(calendar, moment.day);
    return date.year * 12 + date.month - 1;
  };
  // Of a quarter or year, the month that it begins with; several of them begin with the one of the first moment.
  const origin = monthOf(first) - modulo(monthOf(first) - anchor, unit);
  return {
    numberOf: (moment) => Math.floor((monthOf(moment) - origin) / step),
    startOf: (number) => {
      const month = origin + number * step;
      const date = { year: Math.floor(month / 12), month: modulo(month, 12) + 1, day: 1 };
      return { day: dayNumber(calendar, date), microsecond: 0 };
    },
  };
}

/** In bigints: microseconds of more than 285 years are no exact numbers. */
function fixedStretches(first: Moment, microseconds: number): Stretches {
  const [step, whole] = [BigInt(microseconds), BigInt(day)];
  const since = (moment: Moment) => BigInt(moment.day - first.day) * whole + BigInt(moment.microsecond);
  const numberSince = (moment: Moment) => {
    const at = since(moment);
    return Number((at - (((at % step) + step) % step)) / step);
  };
  const before = numberSince(first);
  return {
    numberOf: (moment) => numberSince(moment) - before,
    startOf: (number) => {
      const at = BigInt(number + before) * step;
      const days = (at - (((at % whole) + whole) % whole)) / whole;
      return { day: first.day + Number(days), microsecond: Number(at - days * whole) };
    },
  };
}

function modulo(value: number, divisor: number): number {
  return value - Math.floor(value / divisor) * divisor;
}
