import {
  decodeMoment,
  monthsOfSeason,
  type TimeComponent,
  type TimeUnits,
  timeComponent,
} from '@hyperslab/cube';
import { HyperslabError, shortened } from '@hyperslab/errors';
import type { Selector, ValueSpan } from '@hyperslab/proto/expression';
import type { CoordinateAxis } from './coordinate-axis.ts';

type By = NonNullable<Selector['by']>;

/**
 * Indices, in their order, of the times whose component is the value, one of the values, or in the range with both its
 * ends; a range of months, hours and the like may go over the end, as 11:2. Throws EXPRESSION_INVALID for what is no time, and when there
 * is none.
 */
export function matchTimeComponent(axis: CoordinateAxis, component: string, by: By): number[] {
  const { numbers, time, name } = axis;
  if (numbers === undefined || time === undefined) {
    throw new HyperslabError(
      'EXPRESSION_INVALID',
      `${component}(${name}): ${name} is no time, whose units would be as "hours since 2026-11-22"`,
      { coordinate: name },
    );
  }
  // A season of the language is the months of its initials.
  const part = component === 'season' ? 'month' : (component as TimeComponent);
  const isMeant = meaning(name, component, part, by);
  const components = componentsOf(numbers, part, time);
  const indices = [...components.keys()].filter((i) => isMeant(components[i]));
  if (indices.length > 0) return indices;
  const there = [...new Set(components)].filter((each) => !Number.isNaN(each)).sort((a, b) => a - b);
  const has = `${there.slice(0, 12).join(', ')}${there.length > 12 ? ', …' : ''}`;
  throw new HyperslabError(
    'EXPRESSION_INVALID',
    `${component}(${name})=${writtenBy(by)} is that of no time; ${part} is ${has || 'of none'}`,
    { coordinate: name },
  );
}

/** Components of times as numbers; NaN where there is no date. */
function componentsOf(numbers: Float64Array, component: TimeComponent, units: TimeUnits): Float64Array {
  return numbers.map((number) => {
    const moment = decodeMoment(number, units);
    return moment === undefined ? Number.NaN : timeComponent(component, moment, units.calendar);
  });
}

function meaning(name: string, component: string, part: TimeComponent, by: By): (value: number) => boolean {
  if (component === 'season') {
    if (by.$case === 'values')
      throw unreadable(
        name,
        component,
        writtenBy(by),
        'initials of months, as DJF or JJAS, or a list of such',
      );
    const seasons = listOf(by).flatMap((text) => {
      const months = monthsOfSeason(text);
      if (months !== undefined) return months;
      throw unreadable(
        name,
        component,
        text,
        'initials of two or more months that follow each other, as DJF',
      );
    });
    return (value) => seasons.includes(value);
  }
  const numberOf = (text: string) => {
    if (/^[+-]?\d{1,9}$/.test(text)) return Number(text);
    throw unreadable(name, component, text, 'a whole number');
  };
  if (by.$case !== 'values') {
    const wanted = new Set(listOf(by).map(numberOf));
    return (value) => wanted.has(value);
  }
  return withinRange(part, by.value, numberOf);
}

function withinRange(
  part: TimeComponent,
  { from, to }: ValueSpan,
  numberOf: (text: string) => number,
): (value: number) => boolean {
  const [low, high] = [
    from === '' ? Number.NEGATIVE_INFINITY : numberOf(from),
    to === '' ? Number.POSITIVE_INFINITY : numberOf(to),
  ];
  if (low <= high) return (value) => value >= low && value <= high;
  // Years do not begin again.
  if (part === 'year') return (value) => value >= high && value <= low;
  return (value) => value >= low || value <= high;
}

function listOf(by: By): string[] {
  if (by.$case === 'valueList') return by.value.values;
  return by.$case === 'value' ? [by.value] : [];
}

function writtenBy(by: By): string {
  if (by.$case === 'values') return `${shortened(by.value.from)}:${shortened(by.value.to)}`;
  return shortened(listOf(by).join(', '));
}

function unreadable(name: string, component: string, text: string, expected: string): HyperslabError {
  return new HyperslabError(
    'EXPRESSION_INVALID',
    `${component}(${name})=${shortened(text)}: expected ${expected}`,
    { coordinate: name, value: shortened(text) },
  );
}
