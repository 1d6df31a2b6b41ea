import type { Attribute } from '@hyperslab/proto/array';
import { attributeOfText } from '../cf/attributes.ts';
import { parseDateTime } from '../cf/date-time.ts';
import { encodeMoment, parseTimeUnits, type TimeUnits } from '../cf/time-units.ts';

/** Texts as the values that they are. */
export interface TypedTexts {
  dtype: 'int32' | 'float64' | 'string';
  values: (number | string)[];
  attributes: Attribute[];
}

const units = 'hours since 1970-01-01';
const member = /^(realization|ensemble|member|ensemble_member)$/i;
const start = /ref|run|init|analysis|cycle|base/i;
const compact = /^(\d{4})(\d{2})(\d{2})(?:[T_-]?(\d{2})(?:(\d{2})(\d{2})?)?)?Z?$/i;
const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * What texts from file names or attributes mean as values of a coordinate of that name: times when all are dates (ISO
 * 8601, or YYYYMMDD and YYYYMMDD[T]HH[MM[SS]] of the years 1600 to 2500), else numbers when all are, else texts.
 * Members are never dates.
 */
export function typedTexts(name: string, texts: readonly string[]): TypedTexts {
  const times = member.test(name) ? undefined : allOf(texts, hoursOf);
  if (times !== undefined)
    return { dtype: 'float64', values: times, attributes: [...named(timeName(name)), ...timeAttributes] };
  const attributes = named(member.test(name) ? 'realization' : '');
  const numbers = allOf(texts, numberOf);
  if (numbers === undefined) return { dtype: 'string', values: [...texts], attributes };
  const whole = texts.every((text) => /^[+-]?\d+$/.test(text));
  // A longer number is an identifier, and would not be exact.
  if (whole && !numbers.every((value) => Number.isSafeInteger(value)))
    return { dtype: 'string', values: [...texts], attributes };
  const small = whole && numbers.every((value) => Math.abs(value) < 2 ** 31);
  return { dtype: small ? 'int32' : 'float64', values: numbers, attributes };
}

const timeAttributes = [attributeOfText('units', units), attributeOfText('calendar', 'standard')];
const timeUnits = parseTimeUnits(units, 'standard') as TimeUnits;

function named(standardName: string): Attribute[] {
  return standardName === '' ? [] : [attributeOfText('standard_name', standardName)];
}

/** CF's name for a time of that name; empty for one that may be any. */
function timeName(name: string): string {
  if (/^(valid_?)?time$/i.test(name)) return 'time';
  return start.test(name) ? 'forecast_reference_time' : '';
}

function hoursOf(text: string): number | undefined {
  const digits = compact.exec(text);
  const [, year, month, day, hour = '00', minute = '00', second = '00'] = digits ?? [];
  if (digits !== null && (Number(year) < 1600 || Number(year) > 2500)) return undefined;
  if (digits === null && !/^\d{4}-\d{2}/.test(text)) return undefined;
  const iso = digits === null ? text : `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const parsed = parseDateTime(iso, 'standard');
  return parsed === undefined ? undefined : encodeMoment(parsed.moment, timeUnits);
}

function numberOf(text: string): number | undefined {
  const value = number.test(text) ? Number(text) : NaN;
  return Number.isFinite(value) ? value : undefined;
}

function allOf<T>(texts: readonly string[], read: (text: string) => T | undefined): T[] | undefined {
  const values: T[] = [];
  for (const text of texts) {
    const value = read(text);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}
