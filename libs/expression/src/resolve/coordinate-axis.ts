import type { MaskedArray } from '@hyperslab/array';
import {
  encodeMoment,
  endOfStretch,
  formatTime,
  halfSecondIn,
  isDegreesEast,
  parseDateTime,
  parseTimeUnits,
  type TimeUnits,
} from '@hyperslab/cube';
import { HyperslabError, shortened } from '@hyperslab/errors';
import { coordinateLabels, coordinateNumbers, roundingOf } from './coordinate-values.ts';
import type { FieldCoordinate } from './field.ts';

/** A value that a selection names, in the coordinate's units. */
export interface Bound {
  value: number;
  /** For a bare date: the first moment that is no more of it. */
  stretchEnd?: number;
  /** It was given as a date: compared to half a second, not to a millionth of its size. */
  date: boolean;
}

/** The values of a one-dimensional or scalar coordinate, ready to be searched. */
export interface CoordinateAxis {
  name: string;
  numbers?: Float64Array;
  labels?: string[];
  /** Degrees after which it starts again. */
  period?: number;
  /** Smallest distance of neighbours; Infinity for one value. */
  spacing: number;
  /** How far, relatively, its values may be from what was written before they were rounded to their type. */
  rounding: number;
  /** Numbers of the coordinate that half a second takes; 0 for what is no time. */
  halfSecond: number;
  /** What its numbers are as times; undefined for what is no time. */
  time?: TimeUnits;
  read: (text: string) => Bound;
  write: (value: number) => string;
}

const numeric = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Prepares a coordinate for selection by value. */
export function coordinateAxis(coordinate: FieldCoordinate, array: MaskedArray): CoordinateAxis {
  const { name } = coordinate;
  const labels = coordinateLabels(array);
  const units = parseTimeUnits(coordinate.units, coordinate.calendar);
  const numbers = labels === undefined ? coordinateNumbers(array) : undefined;
  const read = (text: string): Bound => {
    if (numeric.test(text) && Number.isFinite(Number(text))) return { value: Number(text), date: false };
    const parsed = units === undefined ? undefined : parseDateTime(text, units.calendar);
    if (units === undefined || parsed === undefined) throw unreadable(coordinate, text, units?.calendar);
    const value = encodeMoment(parsed.moment, units);
    if (!['year', 'month', 'day'].includes(parsed.precision)) return { value, date: true };
    const end = endOfStretch(parsed.moment, parsed.precision, units.calendar);
    return { value, date: true, stretchEnd: encodeMoment(end, units) };
  };
  const write = (value: number) => (units === undefined ? String(value) : formatTime(value, units));
  return {
    name,
    numbers,
    labels,
    period: isCyclic(coordinate) ? 360 : undefined,
    spacing: numbers === undefined ? Number.POSITIVE_INFINITY : smallestSpacing(numbers),
    rounding: roundingOf(array.dtype),
    halfSecond: halfSecondIn(units),
    time: units,
    read,
    write,
  };
}

function isCyclic({ standardName, units }: FieldCoordinate): boolean {
  if (/rad/i.test(units)) return false;
  return standardName === 'longitude' || standardName === 'grid_longitude' || isDegreesEast(units);
}

function smallestSpacing(numbers: Float64Array): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 1; i < numbers.length; i++) {
    const distance = Math.abs(numbers[i] - numbers[i - 1]);
    if (distance > 0 && distance < least) least = distance;
  }
  return least;
}

function unreadable(
  { name, units }: FieldCoordinate,
  text: string,
  calendar: string | undefined,
): HyperslabError {
  const expected =
    calendar === undefined
      ? `a number${units === '' ? '' : ` in ${units}`}`
      : `a date of the calendar ${calendar}, as 2026-11-22 or "2026-11-22T06:00"`;
  return new HyperslabError('EXPRESSION_INVALID', `${name}="${shortened(text)}": expected ${expected}`, {
    coordinate: name,
    value: shortened(text),
  });
}
