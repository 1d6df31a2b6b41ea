import { normalUnits, sameUnits } from '@hyperslab/cube';
import { HyperslabError } from '@hyperslab/errors';
import { assertOneCalendar } from './assert-one-calendar.ts';

/** An operand: its units, or the constant that it is. */
export interface Operand {
  name: string;
  units: string;
  /** Of times, as far as it is known. */
  calendar?: string;
  constant?: number;
}

const sameNeeded = new Set([
  '+',
  '-',
  'minimum',
  'maximum',
  'fill_missing',
  '<',
  '<=',
  '>',
  '>=',
  '==',
  '!=',
]);
const unitsKept = new Set(['+', '-', 'minimum', 'maximum', 'fill_missing', 'abs', 'floor', 'ceil', 'round']);
const dimensionless = new Set([
  'exp',
  'log',
  'log10',
  'sin',
  'cos',
  'tan',
  '<',
  '<=',
  '>',
  '>=',
  '==',
  '!=',
  '&&',
  '||',
  '!',
  'isnan',
  'is_missing',
]);

/**
 * Units of a function's result, empty when they are not known. A number takes the units of what it is added to.
 * Throws EXPRESSION_INVALID for operands of + - minimum maximum fill_missing and comparisons, and for branches of `where`, whose units
 * are known and not the same, and for times of unlike calendars: nothing is converted silently.
 */
export function unitsOfCall(name: string, operands: readonly Operand[]): string {
  if (name === '+' || name === '-') {
    const ofTimes = unitsWithTimes(name, operands);
    if (ofTimes !== undefined) return ofTimes;
  }
  if (sameNeeded.has(name)) assertSameUnits(name, operands);
  if (name === 'where') {
    assertSameUnits(name, operands.slice(1));
    return commonUnits(operands.slice(1));
  }
  if (name === 'negate') return unitsOfMultiples(commonUnits(operands));
  if (unitsKept.has(name)) return commonUnits(operands);
  if (dimensionless.has(name)) return '1';
  if (name === 'asin' || name === 'acos' || name === 'atan' || name === 'atan2') return 'radian';
  const [left, right] = operands;
  if (name === '*') return multiplied(left, right, 1);
  if (name === '/') return multiplied(left, right, -1);
  if (name === 'sqrt') return raised(left.units, 0.5);
  if (name === '^') return right.constant === undefined ? '' : raised(left.units, right.constant);
  return '';
}

/** Units of differences of values: of times "hours", where these are in "hours since 2000-01-01"; of others theirs. */
export function unitsOfDifferences(units: string): string {
  return /^\s*(\S+)\s+since\s/i.exec(units)?.[1] ?? units;
}

/** Units of sums, negatives and multiples of values: times have no such things, and none then. */
export function unitsOfMultiples(units: string): string {
  return unitsOfDifferences(units) === units ? units : '';
}

/**
 * Units of a sum or a difference where one operand is of times: two times differ by a duration, and a time and a duration, or a number, are a time. What
 * means nothing has none. Undefined without times. Throws EXPRESSION_INVALID as `unitsOfCall` does.
 */
function unitsWithTimes(name: '+' | '-', [left, right]: readonly Operand[]): string | undefined {
  if (isTimes(left) && isTimes(right)) {
    if (name === '+') return '';
    assertSameUnits(name, [left, right]);
    return unitsOfDifferences(left.units);
  }
  if (!isTimes(left) && !isTimes(right)) return undefined;
  const [times, other] = isTimes(left) ? [left, right] : [right, left];
  if (name === '-' && times === right) return '';
  if (other.constant !== undefined) return times.units;
  assertSameUnits(name, [{ ...times, units: unitsOfDifferences(times.units) }, other]);
  return other.units === '' ? '' : times.units;
}

function isTimes({ units, constant }: Operand): boolean {
  return constant === undefined && unitsOfMultiples(units) !== units;
}

/** Units to a power; empty when they are not known, or the power is no whole one of each. */
export function unitsToPower(units: string, power: number): string {
  return raised(units, power);
}

/** Units of a product of any number of values: known only of those that have none. */
export function unitsOfAnyPower(units: string): string {
  return units !== '' && sameUnits(units, '1') ? '1' : '';
}

/** Units of a product, or of a quotient; empty when either is not known. */
export function unitsOfProduct(left: string, right: string, sign: 1 | -1 = 1): string {
  return multiplied({ name: '', units: left }, { name: '', units: right }, sign);
}

function assertSameUnits(name: string, operands: readonly Operand[]): void {
  const [first, ...others] = operands.filter(({ units, constant }) => constant === undefined && units !== '');
  const other = others.find(({ units }) => !sameUnits(units, first.units));
  if (other !== undefined)
    throw new HyperslabError(
      'EXPRESSION_INVALID',
      `operands of "${name}" have units "${first.units}" (${first.name}) and "${other.units}" (${other.name}); convert one of them first`,
      { units: first.units, other_units: other.units },
    );
  assertOneCalendar(name, operands.filter(isTimes));
}

function commonUnits(operands: readonly Operand[]): string {
  const arrays = operands.filter(({ constant }) => constant === undefined);
  return arrays.length > 0 && arrays.every(({ units }) => units !== '') ? arrays[0].units : '';
}

function multiplied(left: Operand, right: Operand, sign: 1 | -1): string {
  if (right.constant !== undefined) return unitsOfMultiples(left.units);
  if (left.constant !== undefined)
    return sign === 1 ? unitsOfMultiples(right.units) : raised(right.units, -1);
  const [a, b] = [exponents(left.units), exponents(right.units)];
  if (a === undefined || b === undefined) return '';
  for (const [unit, exponent] of b) a.set(unit, (a.get(unit) ?? 0) + sign * exponent);
  return written(a);
}

function raised(units: string, power: number): string {
  const factors = exponents(units);
  if (factors === undefined) return '';
  const powers = new Map([...factors].map(([unit, exponent]) => [unit, exponent * power]));
  return [...powers.values()].every(Number.isInteger) ? written(powers) : '';
}

/** Exponent of each unit; undefined for units that are unknown or no plain product, as "days since 1970-01-01". */
function exponents(units: string): Map<string, number> | undefined {
  if (units === '') return undefined;
  const normal = normalUnits(units);
  if (normal === '1') return new Map();
  const factors = new Map<string, number>();
  for (const word of normal.split(' ')) {
    const match = /^([^\d\s+-]+)([+-]?\d+)?$/.exec(word);
    if (match === null) return undefined;
    factors.set(match[1], (factors.get(match[1]) ?? 0) + Number(match[2] ?? 1));
  }
  return factors;
}

function written(factors: Map<string, number>): string {
  const present = [...factors].filter(([, exponent]) => exponent !== 0);
  return present.map(([unit, exponent]) => (exponent === 1 ? unit : `${unit}${exponent}`)).join(' ') || '1';
}
