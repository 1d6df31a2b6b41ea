import { HyperslabError } from '@hyperslab/errors';
import type { Selector } from '@hyperslab/proto/expression';

/** A coordinate value: a number in the coordinate's units, a date or label as text, or a Date (UTC). */
export type CoordinateValue = number | string | Date;

/**
 * One value (its dimension goes), an inclusive range of values (it stays) whose open end is undefined or null, several values in
 * their order, or what is nearest to one or several, at most `within` away in the coordinate's units.
 */
export type ValueSelection =
  | CoordinateValue
  | readonly [from: CoordinateValue | null | undefined, to: CoordinateValue | null | undefined]
  | { readonly values: readonly CoordinateValue[] }
  | { readonly nearest: CoordinateValue | readonly CoordinateValue[]; readonly within?: number };

/**
 * One index (its dimension goes), a half-open range of indices with a step perhaps (it stays), or several in their order. Negative
 * ones count from the end; a negative step goes backwards.
 */
export type IndexSelection =
  | number
  | readonly [start: number | null | undefined, end: number | null | undefined, step?: number]
  | { readonly indices: readonly number[] };

/** Selectors of `sel`: by coordinate value. */
export function valueSelectors(selection: Record<string, ValueSelection>): Selector[] {
  return Object.entries(selection).map(([name, by]) => {
    if (isPair(by)) {
      const [from, to] = by;
      const end = (value: CoordinateValue | null | undefined) =>
        value === null || value === undefined ? '' : valueText(name, value);
      return { name, by: { $case: 'values', value: { from: end(from), to: end(to) } } };
    }
    if (typeof by === 'object' && 'values' in by)
      return { name, by: { $case: 'valueList', value: { values: valueTexts(name, by.values) } } };
    if (typeof by === 'object' && 'nearest' in by) {
      const keepsDimension = isPair(by.nearest);
      const values = valueTexts(name, isPair(by.nearest) ? by.nearest : [by.nearest]);
      return { name, by: { $case: 'nearest', value: { values, within: by.within, keepsDimension } } };
    }
    return { name, by: { $case: 'value', value: valueText(name, by) } };
  });
}

/** Selectors of `isel`: by index. Throws INVALID_ARGUMENT for what is no index. */
export function indexSelectors(selection: Record<string, IndexSelection>): Selector[] {
  return Object.entries(selection).map(([name, by]) => {
    if (typeof by === 'number') return { name, by: { $case: 'index', value: checkedIndex(name, by) } };
    if ('indices' in by) {
      const indices = by.indices.map((index) => checkedIndex(name, index));
      return { name, by: { $case: 'indexList', value: { indices } } };
    }
    const [start, end, step] = by;
    const bound = (value: number | null | undefined) =>
      value === null || value === undefined ? undefined : checkedIndex(name, value);
    if (step === 0) throw notIndex(name, step);
    const value = { start: bound(start), end: bound(end), step: bound(step) };
    return { name, by: { $case: 'indices', value } };
  });
}

function isPair<T>(by: T | readonly T[]): by is readonly T[] {
  return Array.isArray(by);
}

function checkedIndex(name: string, value: number): number {
  if (Number.isSafeInteger(value)) return value;
  throw notIndex(name, value);
}

function notIndex(name: string, value: number): HyperslabError {
  return new HyperslabError(
    'INVALID_ARGUMENT',
    `index ${value} of "${name}" is no whole number; indices count from 0, or backwards from -1, and a step is not 0`,
    { name, index: String(value) },
  );
}

function valueTexts(name: string, values: readonly CoordinateValue[]): string[] {
  return values.map((value) => valueText(name, value));
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
