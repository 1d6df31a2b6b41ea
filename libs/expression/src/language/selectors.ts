import { isTimeComponent, timeComponents } from '@hyperslab/cube';
import type { IndexSpan, NearestValues, Selector } from '@hyperslab/proto/expression';
import {
  invalidAt,
  peekOperator,
  type Scanner,
  takeBareValue,
  takeDigits,
  takeNumber,
  takeOperator,
  takeQuoted,
  takeWord,
} from './scanner.ts';

/** Reads an expression where the scanner is, and answers the number of its node. */
export type ParseCondition = () => number;

/**
 * Reads one selection: `name=value`, `name=from:to` with inclusive and possibly open ends, `name=#index`,
 * `name=#start:#end:#step` with an end that is excluded, lists `name=[…]` and `name=#[…]`, the nearest `name~value`,
 * `name=mask(condition)`, and `component(name)=…` for a part of a time.
 */
export function parseSelector(scanner: Scanner, parseCondition: ParseCondition): Selector {
  const subject = parseSubject(scanner);
  if (takeOperator(scanner, '~')) {
    if (subject.component !== undefined) throw invalidAt(scanner, '"=": parts of a time are whole numbers');
    return { ...subject, by: { $case: 'nearest', value: parseNearest(scanner) } };
  }
  if (!takeOperator(scanner, '='))
    throw invalidAt(scanner, '"=" or "~" after the name of a dimension or coordinate');
  const start = scanner.position;
  const by = parseBy(scanner, parseCondition);
  if (subject.component !== undefined && !['value', 'values', 'valueList'].includes(by.$case))
    throw invalidAt(scanner, `values of ${subject.component}, as ${example(subject.component)}`, start);
  return { ...subject, by };
}

function example(component: string): string {
  return component === 'season' ? 'DJF' : '6, 6:8 or [6, 8]';
}

function parseSubject(scanner: Scanner): Pick<Selector, 'name' | 'component'> {
  const start = scanner.position;
  const quoted = takeQuoted(scanner);
  const name = quoted ?? takeWord(scanner);
  if (name === undefined) throw invalidAt(scanner, 'the name of a dimension or coordinate');
  if (quoted !== undefined || !takeOperator(scanner, '(')) return { name };
  if (!isTimeComponent(name)) throw invalidAt(scanner, `one of ${timeComponents.join(' ')}`, start);
  const of = takeQuoted(scanner) ?? takeWord(scanner);
  if (of === undefined) throw invalidAt(scanner, 'the name of a time coordinate');
  if (!takeOperator(scanner, ')')) throw invalidAt(scanner, '")"');
  return { name: of, component: name };
}

function parseBy(scanner: Scanner, parseCondition: ParseCondition): NonNullable<Selector['by']> {
  const start = scanner.position;
  if (takeOperator(scanner, '#')) {
    if (peekOperator(scanner) === '[') {
      const indices = parseList(scanner, 'an index', () => takeIndex(scanner));
      return { $case: 'indexList', value: { indices } };
    }
    scanner.position = start;
    return parseIndices(scanner);
  }
  if (peekOperator(scanner) === '[')
    return { $case: 'valueList', value: { values: parseList(scanner, 'a value', () => takeValue(scanner)) } };
  if (takeOperator(scanner, ':')) {
    // `:#6` and `::#2` are indices whose start is open, `:6` and `:` are values.
    const next = peekOperator(scanner);
    scanner.position = start;
    if (next === '#' || next === ':') return parseIndices(scanner);
  }
  const quoted = takeQuoted(scanner);
  const from = quoted ?? takeBareValue(scanner);
  if (quoted === undefined && from === 'mask' && takeOperator(scanner, '(')) {
    const value = parseCondition();
    if (!takeOperator(scanner, ')')) throw invalidAt(scanner, 'an operator or ")"');
    return { $case: 'mask', value };
  }
  if (!takeOperator(scanner, ':')) {
    if (from === undefined) throw invalidAt(scanner, 'a value, a list, "#" and an index, or a range');
    return { $case: 'value', value: from };
  }
  return { $case: 'values', value: { from: from ?? '', to: takeValue(scanner) ?? '' } };
}

function parseNearest(scanner: Scanner): NearestValues {
  const keepsDimension = peekOperator(scanner) === '[';
  const values = keepsDimension
    ? parseList(scanner, 'a value', () => takeValue(scanner))
    : [takeValue(scanner)].filter((value) => value !== undefined);
  if (values.length === 0) throw invalidAt(scanner, 'a value, or a list of values');
  const start = scanner.position;
  const word = takeWord(scanner);
  if (word === undefined) return { values, within: undefined, keepsDimension };
  if (word !== 'within') throw invalidAt(scanner, '"within" and a distance, "," or "]"', start);
  const at = scanner.position;
  const within = Number(takeNumber(scanner));
  if (!Number.isFinite(within)) throw invalidAt(scanner, 'a distance in the units of the coordinate', at);
  return { values, within, keepsDimension };
}

/** A list in brackets of at least one item. */
function parseList<T>(scanner: Scanner, what: string, take: () => T | undefined): T[] {
  takeOperator(scanner, '[');
  const items: T[] = [];
  do {
    const item = take();
    if (item === undefined) throw invalidAt(scanner, what);
    items.push(item);
  } while (takeOperator(scanner, ','));
  if (!takeOperator(scanner, ']')) throw invalidAt(scanner, '"," or "]"');
  return items;
}

function takeValue(scanner: Scanner): string | undefined {
  return takeQuoted(scanner) ?? takeBareValue(scanner);
}

function parseIndices(scanner: Scanner): NonNullable<Selector['by']> {
  // `#:` is all of a dimension: a "#" without its index.
  const all = takeOperator(scanner, '#');
  const start = all ? takeIndex(scanner) : undefined;
  if (all && start === undefined && peekOperator(scanner) !== ':') throw invalidAt(scanner, 'an index');
  if (!takeOperator(scanner, ':')) return { $case: 'index', value: start as number };
  const end = takeMarked(scanner);
  const step = takeOperator(scanner, ':') ? takeMarked(scanner) : undefined;
  const span: IndexSpan = { start, end, step };
  return { $case: 'indices', value: span };
}

function takeMarked(scanner: Scanner): number | undefined {
  if (!takeOperator(scanner, '#')) return undefined;
  const index = takeIndex(scanner);
  if (index === undefined) throw invalidAt(scanner, 'an index');
  return index;
}

/** An index, from the start or with a minus sign from the end. */
function takeIndex(scanner: Scanner): number | undefined {
  const position = scanner.position;
  const negative = takeOperator(scanner, '-');
  const text = takeDigits(scanner);
  if (text === undefined) {
    if (negative) throw invalidAt(scanner, 'an index after "-"');
    return undefined;
  }
  const index = Number(text);
  if (!Number.isSafeInteger(index)) throw invalidAt(scanner, 'an index below 2^53', position);
  return negative && index > 0 ? -index : index;
}
