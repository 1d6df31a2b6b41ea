import type { IndexRange } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import type { ValueSpan } from '@hyperslab/proto/expression';
import type { Bound, CoordinateAxis } from './coordinate-axis.ts';

const relativeTolerance = 1e-6;

/** Indices that a selection means, and what is added to the coordinate there: whole turns of a longitude. */
export interface MatchedRange {
  range: IndexRange;
  shift: number;
}

/**
 * Index of the one value that a text means: the nearest within 1e-6 relative, of longitudes after whole turns; of a date,
 * within half a second. Throws EXPRESSION_INVALID with the nearest values when there is none or more than one.
 */
export function matchValue(axis: CoordinateAxis, text: string): number {
  if (axis.labels !== undefined) return matchLabel(axis, axis.labels, text);
  const bound = axis.read(text);
  const distances = axis.numbers!.map((number) => distance(axis, number, bound.value));
  const nearest = distances.reduce((best, each) => Math.min(best, each), Number.POSITIVE_INFINITY);
  const within = bound.date
    ? dateTolerance(axis, bound)
    : relativeTolerance * Math.max(Math.abs(bound.value), axis.spacing === Infinity ? 0 : axis.spacing);
  if (!(nearest <= within)) throw noValue(axis, text, bound.value, distances);
  const matches = [...distances.keys()].filter((i) => distances[i] === nearest);
  if (matches.length === 1) return matches[0];
  throw new HyperslabError(
    'EXPRESSION_INVALID',
    `${axis.name}=${text} is at ${matches.length} indices (${matches.slice(0, 4).join(', ')}…); select by index: ${axis.name}=#${matches[0]}`,
    { coordinate: axis.name, value: text },
  );
}

/**
 * Ranges of indices of the values between two ends, both included; a bare date as the end includes all of it. The order
 * of the ends does not matter, except of longitudes: there a range goes east from the first to the second, and may be in
 * two parts when it crosses the seam of the axis. Throws EXPRESSION_INVALID when it is empty or has gaps.
 */
export function matchRange(axis: CoordinateAxis, span: ValueSpan): MatchedRange[] {
  const numbers = axis.numbers;
  if (numbers === undefined) {
    throw new HyperslabError(
      'EXPRESSION_INVALID',
      `${axis.name} is a text: select by one value, or by a range of indices`,
    );
  }
  const ends = [span.from, span.to].map((text) => (text === '' ? undefined : axis.read(text)));
  const [from, to] = axis.period === undefined ? ordered(ends) : eastward(ends, axis.period);
  const low = from === undefined ? -Infinity : from.value - rangeTolerance(axis, from);
  const high = to === undefined ? Infinity : to.value + rangeTolerance(axis, to);
  const isWithin = (value: number) =>
    value >= low && (to?.stretchEnd === undefined ? value <= high : value < to.stretchEnd);
  const shifts =
    axis.period === undefined || from === undefined || to === undefined
      ? [0]
      : turns(numbers, low, high, axis.period);
  const taken = new Set<number>();
  const parts: MatchedRange[] = [];
  for (const shift of shifts) {
    const indices = [...numbers.keys()].filter((i) => isWithin(numbers[i] + shift) && !taken.has(i));
    if (indices.length === 0) continue;
    for (const index of indices) taken.add(index);
    parts.push({ range: contiguous(axis, span, indices), shift });
  }
  if (parts.length === 0) throw emptyRange(axis, span, numbers);
  // Going east is going backwards on an axis that goes west.
  const descending = numbers.length > 1 && numbers[0] > numbers[numbers.length - 1];
  return descending ? parts.reverse() : parts;
}

function matchLabel(axis: CoordinateAxis, labels: readonly string[], text: string): number {
  const index = labels.indexOf(text);
  if (index >= 0 && labels.indexOf(text, index + 1) < 0) return index;
  const found =
    index >= 0
      ? 'comes more than once'
      : `is not there; it has ${labels.slice(0, 5).join(', ')}${labels.length > 5 ? ', …' : ''}`;
  throw new HyperslabError('EXPRESSION_INVALID', `${axis.name}="${text}" ${found}`, {
    coordinate: axis.name,
    value: text,
  });
}

function distance(axis: CoordinateAxis, number: number, value: number): number {
  const plain = Math.abs(number - value);
  if (axis.period === undefined) return Number.isNaN(plain) ? Infinity : plain;
  const turned = plain % axis.period;
  return Number.isNaN(turned) ? Infinity : Math.min(turned, axis.period - turned);
}

function dateTolerance(axis: CoordinateAxis, { value }: Bound): number {
  // Times that were kept as float32 are only as exact as that.
  const rounding = Math.abs(value) * 2 ** -24;
  return Math.max(axis.halfSecond, Math.min(rounding, axis.spacing / 4));
}

function rangeTolerance(axis: CoordinateAxis, bound: Bound): number {
  if (bound.date) return dateTolerance(axis, bound);
  // A millionth of a large offset may be several values of the axis; the ends of a range must not take in neighbours.
  return Math.min(relativeTolerance * Math.max(Math.abs(bound.value), Number.MIN_VALUE), axis.spacing / 1000);
}

function ordered(ends: readonly (Bound | undefined)[]): readonly (Bound | undefined)[] {
  const [from, to] = ends;
  return from !== undefined && to !== undefined && from.value > to.value ? [to, from] : ends;
}

function eastward(ends: readonly (Bound | undefined)[], period: number): readonly (Bound | undefined)[] {
  const [from, to] = ends;
  if (from === undefined || to === undefined || from.value <= to.value) return ends;
  return [from, { ...to, value: to.value + period * Math.ceil((from.value - to.value) / period) }];
}

/** Whole turns that bring some of the numbers into the range, in the order in which the parts lie in it. */
function turns(numbers: Float64Array, low: number, high: number, period: number): number[] {
  const finite = numbers.filter(Number.isFinite);
  const least = finite.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const most = finite.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const first = Math.ceil((low - most) / period);
  const last = Math.min(Math.floor((high - least) / period), first + 8);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * period);
}

function contiguous(axis: CoordinateAxis, span: ValueSpan, indices: readonly number[]): IndexRange {
  const [start] = indices;
  const count = indices.length;
  if (indices[count - 1] - start + 1 === count) return { start, count, step: 1 };
  throw new HyperslabError(
    'EXPRESSION_INVALID',
    `${axis.name}=${span.from}:${span.to} is no run of indices, because ${axis.name} is not in order; select by index`,
    { coordinate: axis.name },
  );
}

function noValue(axis: CoordinateAxis, text: string, value: number, distances: Float64Array): HyperslabError {
  const nearest = [...distances.keys()].sort((a, b) => distances[a] - distances[b]).slice(0, 3);
  const known = nearest.sort((a, b) => a - b).map((i) => axis.write(axis.numbers![i]));
  return new HyperslabError(
    'EXPRESSION_INVALID',
    `${axis.name}=${text} is none of its values; nearest are ${known.join(', ')}`,
    { coordinate: axis.name, value: String(value) },
  );
}

function emptyRange(axis: CoordinateAxis, span: ValueSpan, numbers: Float64Array): HyperslabError {
  const has =
    numbers.length === 0
      ? 'it has none'
      : `it goes from ${axis.write(numbers[0])} to ${axis.write(numbers[numbers.length - 1])}`;
  return new HyperslabError(
    'EXPRESSION_INVALID',
    `${axis.name}=${span.from}:${span.to} holds no value; ${has}`,
    {
      coordinate: axis.name,
    },
  );
}
