import type { IndexSpan, Selector } from '@hyperslab/proto/expression';
import {
  invalidAt,
  peekOperator,
  type Scanner,
  takeBareValue,
  takeDigits,
  takeOperator,
  takeQuoted,
  takeWord,
} from './scanner.ts';
import { formatName, quote } from './source-name.ts';

/**
 * Reads one selection: `name=value`, `name=from:to` with inclusive and possibly open ends, `name=#index`, or
 * `name=#start:#end:#step` with an end that is excluded.
 */
export function parseSelector(scanner: Scanner): Selector {
  const name = takeQuoted(scanner) ?? takeWord(scanner);
  if (name === undefined) throw invalidAt(scanner, 'the name of a dimension or coordinate');
  if (!takeOperator(scanner, '='))
    throw invalidAt(scanner, '"=" after the name of a dimension or coordinate');
  const start = scanner.position;
  if (peekOperator(scanner) === '#') return { name, by: parseIndices(scanner) };
  if (takeOperator(scanner, ':')) {
    // `:#6` and `::#2` are indices whose start is open, `:6` and `:` are values.
    const next = peekOperator(scanner);
    scanner.position = start;
    if (next === '#' || next === ':') return { name, by: parseIndices(scanner) };
  }
  const from = takeValue(scanner);
  if (!takeOperator(scanner, ':')) {
    if (from === undefined) throw invalidAt(scanner, 'a value, "#" and an index, or a range');
    return { name, by: { $case: 'value', value: from } };
  }
  return { name, by: { $case: 'values', value: { from: from ?? '', to: takeValue(scanner) ?? '' } } };
}

function takeValue(scanner: Scanner): string | undefined {
  return takeQuoted(scanner) ?? takeBareValue(scanner);
}

function parseIndices(scanner: Scanner): Selector['by'] {
  // `#:` is all of a dimension: a "#" without its index.
  const all = takeOperator(scanner, '#');
  const start = all ? takeIndex(scanner) : undefined;
  if (all && start === undefined && peekOperator(scanner) !== ':')
    throw invalidAt(scanner, 'an index, from 0');
  if (!takeOperator(scanner, ':')) return { $case: 'index', value: start as number };
  const end = takeMarked(scanner);
  const step = takeOperator(scanner, ':') ? takeMarked(scanner) : undefined;
  const span: IndexSpan = { start, end, step };
  return { $case: 'indices', value: span };
}

function takeMarked(scanner: Scanner): number | undefined {
  if (!takeOperator(scanner, '#')) return undefined;
  const index = takeIndex(scanner);
  if (index === undefined) throw invalidAt(scanner, 'an index, from 0');
  return index;
}

function takeIndex(scanner: Scanner): number | undefined {
  const position = scanner.position;
  const text = takeDigits(scanner);
  if (text === undefined) return undefined;
  if (!Number.isSafeInteger(Number(text))) throw invalidAt(scanner, 'an index below 2^53', position);
  return Number(text);
}

/** The text of a selection. */
export function formatSelector({ name, by }: Selector): string {
  const left = `${formatName(name)}=`;
  switch (by?.$case) {
    case 'index':
      return `${left}#${by.value}`;
    case 'indices':
      return left + formatSpan(by.value);
    case 'values':
      return `${left}${by.value.from === '' ? '' : formatValue(by.value.from)}:${by.value.to === '' ? '' : formatValue(by.value.to)}`;
    default:
      return left + formatValue(by?.value ?? '');
  }
}

function formatSpan({ start, end, step }: IndexSpan): string {
  const marked = (index: number | undefined) => (index === undefined ? '' : `#${index}`);
  const steps = step === undefined ? '' : `:#${step}`;
  if (start === undefined && end === undefined && step === undefined) return '#:';
  return `${marked(start)}:${marked(end)}${steps}`;
}

function formatValue(value: string): string {
  return /^[A-Za-z0-9_.+-]+$/.test(value) ? value : quote(value);
}
