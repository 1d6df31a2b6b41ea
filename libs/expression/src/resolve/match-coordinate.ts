import type { IndexRange } from '@hyperslab/array';
import { HyperslabError, shortened } from '@hyperslab/errors';
import type { ValueSpan } from '@hyperslab/proto/expression';
import type { Bound, CoordinateAxis } from './coordinate-axis.ts';
import { countedOn } from './counted-on.ts';

const relativeTolerance = 1e-6;

/** Indices that a selection means, and what is added to the coordinate there: whole turns of a longitude. */
export interface MatchedRange {
  range: IndexRange;
  shift: number;
}

/**
 * Index of the one value that a text means: the nearest within 1e-6 relative and a thousandth of the way to its
 * neighbours, of longitudes after whole turns if none is it without; of a date, within half a second. Throws EXPRESSION_INVALID with the nearest values when there is none or more than one.
 */
export function matchValue(axis: CoordinateAxis, text: string): number {
  if (axis.labels !== undefined) return matchLabel(axis, axis.labels, text);
  const bound = axis.read(text);
  const unturned = matchesWithin(
    axis,
    bound,
    axis.numbers!.map((number) => distance(number, bound.value)),
  );
  const turned = axis.numbers!.map((number) => distance(number, bound.value, axis.period));
  const matches = unturned.length > 0 ? unturned : matchesWithin(axis, bound, turned);
  if (matches.length === 0) throw noValue(axis, text, bound.value, turned);
  if (matches.length === 1) return matches[0];
  throw new HyperslabError(
    'EXPRESSION_INVALID',
    `${axis.name}=${shortened(text)} is at ${matches.length} indices (${matches.slice(0, 4).join(', ')}…); select by index: ${axis.name}=#${matches[0]}`,
    { coordinate: axis.name, value: shortened(text) },
  );
}

/** Indices at the least distance, if that is small enough to be the value that is meant. */
function matchesWithin(axis: CoordinateAxis, bound: Bound, distances: Float64Array): number[] {
  const nearest = distances.reduce((best, each) => Math.min(best, each), Number.POSITIVE_INFINITY);
  const matches = [...distances.keys()].filter((i) => distances[i] === nearest);
  if (matches.length === 0) return [];
  const within = bound.date
    ? dateTolerance(axis, bound)
    : valueTolerance(axis, bound.value, spacingAt(axis.numbers!, matches[0]));
  return nearest <= within ? matches : [];
}

/**
 * Ranges of indices of the values between two ends, both included; a bare date as the end includes all of it. The order
 * of the ends does not matter, except of longitudes: there a range goes east from the first to the second, and may be in
 * two parts when it crosses the seam of the axis; no place comes twice. Throws EXPRESSION_INVALID when it is empty or has gaps.
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
      : turns(axis, numbers, from, to);
  const taken = new Set<number>();
  const parts: MatchedRange[] = [];
  // Of a cyclic axis the first value is the last one after a turn: one place, which comes once.
  let reached = Number.NEGATIVE_INFINITY;
  const beyond = Number.isFinite(axis.spacing) ? axis.spacing / 1000 : 0;
  for (const shift of shifts) {
    const isNew = (value: number) => isWithin(value) && value > reached + beyond;
    const indices = [...numbers.keys()].filter((i) => isNew(numbers[i] + shift) && !taken.has(i));
    if (indices.length === 0) continue;
    for (const index of indices) taken.add(index);
    reached = indices.reduce((most, index) => Math.max(most, numbers[index] + shift), reached);
    parts.push({ range: contiguous(axis, span, indices), shift });
  }
  if (parts.length === 0) throw emptyRange(axis, span, numbers);
  // Going east is going backwards on an axis that goes west, wherever it starts again.
  const along = countedOn(numbers, axis.period);
  const descending = along.length > 1 && along[0] > along[along.length - 1];
  return descending ? parts.reverse() : parts;
}

function matchLabel(axis: CoordinateAxis, labels: readonly string[], text: string): number {
  const index = labels.indexOf(text);
  if (index >= 0 && labels.indexOf(text, index + 1) < 0) return index;
  const found =
    index >= 0
      ? 'comes more than once'
      : `is not there; it has ${labels.slice(0, 5).map(shortened).join(', ')}${labels.length > 5 ? ', …' : ''}`;
  throw new HyperslabError('EXPRESSION_INVALID', `${axis.name}="${shortened(text)}" ${found}`, {
    coordinate: axis.name,
    value: shortened(text),
  });
}

function distance(number: number, value: number, period?: number): number {
  const plain = Math.abs(number - value);
  if (period === undefined) return Number.isNaN(plain) ? Infinity : plain;
  const turned = plain % period;
  return Number.isNaN(turned) ? Infinity : Math.min(turned, period - turned);
}

/** Distance of a value of an axis to the nearer of those beside it that differ; Infinity when none does. */
function spacingAt(numbers: Float64Array, index: number): number {
  const distances = [index - 1, index + 1].map((beside) => Math.abs(numbers[beside] - numbers[index]));
  return Math.min(...distances.map((each) => (each > 0 ? each : Infinity)));
}

/** A millionth of a large offset may be several values of the axis; no tolerance may reach a neighbour. */
function valueTolerance(axis: CoordinateAxis, value: number, spacing: number): number {
  const size = Math.abs(value);
  const relative = relativeTolerance * Math.max(size, spacing === Infinity ? Number.MIN_VALUE : spacing);
  return Math.min(relative, Math.max(spacing / 1000, Math.min(size * axis.rounding, spacing / 4)));
}

/** How far two numbers may be apart that are one time, in the coordinate's units. */
export function dateTolerance(axis: CoordinateAxis, { value }: Pick<Bound, 'value'>): number {
  // Times that were kept as float32 are only as exact as that.
  const rounding = Math.abs(value) * 2 ** -24;
  return Math.max(axis.halfSecond, Math.min(rounding, axis.spacing / 4));
}

function rangeTolerance(axis: CoordinateAxis, bound: Bound): number {
  if (bound.date) return dateTolerance(axis, bound);
  return valueTolerance(axis, bound.value, axis.spacing);
}

/** In order: from a day to the month that it is in goes on to the end of that month. */
function ordered(ends: readonly (Bound | undefined)[]): readonly (Bound | undefined)[] {
  const [from, to] = ends;
  if (from === undefined || to === undefined) return ends;
  const isReversed = to.stretchEnd === undefined ? from.value > to.value : from.value >= to.stretchEnd;
  return isReversed ? [to, from] : ends;
}

function eastward(ends: readonly (Bound | undefined)[], period: number): readonly (Bound | undefined)[] {
  const [from, to] = ends;
  if (from === undefined || to === undefined || from.value <= to.value) return ends;
  return [from, { ...to, value: to.value + period * Math.ceil((from.value - to.value) / period) }];
}

/**
 * Whole turns that bring some of the numbers into the range, in the order in which the parts lie in it. None when the
 * numbers cover the range as they are: of 0 to 360, 360 is not taken for another 0.
 */
function turns(axis: CoordinateAxis, numbers: Float64Array, from: Bound, to: Bound): number[] {
  const period = axis.period!;
  const finite = numbers.filter(Number.isFinite);
  const least = finite.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const most = finite.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const [below, above] = [rangeTolerance(axis, from), rangeTolerance(axis, to)];
  if (from.value + below >= least && to.value - above <= most) return [0];
  const first = Math.ceil((from.value - below - most) / period);
  const last = Math.min(Math.floor((to.value + above - least) / period), first + 8);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * period);
}

function contiguous(axis: CoordinateAxis, span: ValueSpan, indices: readonly number[]): IndexRange {
  const [start] = indices;
  const count = indices.length;
  if (indices[count - 1] - start + 1 === count) return { start, count, step: 1 };
  throw new HyperslabError(
    'EXPRESSION_INVALID',
    `${axis.name}=${shortened(span.from)}:${shortened(span.to)} is no run of indices, because ${axis.name} is not in order; select by index`,
    { coordinate: axis.name },
  );
}

function noValue(axis: CoordinateAxis, text: string, value: number, distances: Float64Array): HyperslabError {
  const nearest = [...distances.keys()].sort((a, b) => distances[a] - distances[b]).slice(0, 3);
  const known = nearest.sort((a, b) => a - b).map((i) => axis.write(axis.numbers![i]));
  const found = known.length > 0 ? `nearest are ${known.join(', ')}` : 'it has none';
  return new HyperslabError(
    'EXPRESSION_INVALID',
    `${axis.name}=${shortened(text)} is none of its values; ${found}`,
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
    `${axis.name}=${shortened(span.from)}:${shortened(span.to)} holds no value; ${has}`,
    {
      coordinate: axis.name,
    },
  );
}
