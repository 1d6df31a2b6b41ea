import { HyperslabError } from '@hyperslab/errors';
import type { Selector } from '@hyperslab/proto/expression';

/** A coordinate value: a number in the coordinate's units, a date or label as text, or a Date (UTC). */
export type CoordinateValue = number | string | Date;

/** One value (its dimension goes) or an inclusive range of values (it stays); an open end is undefined or null. */
export type ValueSelection =
  | CoordinateValue
  | readonly [from: CoordinateValue | null | undefined, to: CoordinateValue | null | undefined];

/** One index (its dimension goes) or a half-open range of indices, with a step perhaps (it stays). */
export type IndexSelection =
  | number
  | readonly [start: number | null | undefined, end: number | null | undefined, step?: number];

/** Selectors of `sel`: by coordinate value. */
export function valueSelectors(selection: Record<string, ValueSelection>): Selector[] {
  return Object.entries(selection).map(([name, by]) => {
    if (!isPair(by)) return { name, by: { $case: 'value', value: valueText(name, by) } };
    const [from, to] = by;
    const end = (value: CoordinateValue | null | undefined) =>
      value === null || value === undefined ? '' : valueText(name, value);
    return { name, by: { $case: 'values', value: { from: end(from), to: end(to) } } };
  });
}

/** Selectors of `isel`: by index. Throws INVALID_ARGUMENT for what is no index. */
export function indexSelectors(selection: Record<string, IndexSelection>): Selector[] {
  return Object.entries(selection).map(([name, by]) => {
    if (typeof by === 'number') return { name, by: { $case: 'index', value: checkedIndex(name, by, 0) } };
    const [start, end, step] = by;
    const bound = (value: number | null | undefined) =>
      value === null || value === undefined ? undefined : checkedIndex(name, value, 0);
    const value = {
      start: bound(start),
      end: bound(end),
      step: step === undefined ? undefined : checkedIndex(name, step, 1),
    };
    return { name, by: { $case: 'indices', value } };
  });
}

function isPair<T>(by: T | readonly T[]): by is readonly T[] {
  return Array.isArray(by);
}

function checkedIndex(name: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new HyperslabError(
    'INVALID_ARGUMENT',
    `index ${value} of "${name}" is no whole number from ${least} on; indices count from 0`,
    { name, index: String(value) },
  );
}

function valueText(name: string, value: unknown): string {
  if (value instanceof Date && Number.isFinite(value.getTime())) {
    // A calendar's own day is meant, not an instant: no zone, and no fraction that isn't there.
    return value.toISOString().replace(/(?:\.000)?Z$/, '');
  }
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value === 'string' && value !== '') return value;
  throw new HyperslabError(
    'INVALID_ARGUMENT',
    `value ${String(value)} of "${name}" is no number, text or date`,
    { name },
  );
}
