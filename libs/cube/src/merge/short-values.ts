import { formatTime, parseTimeUnits } from '../cf/time-units.ts';
import type { ContentTable } from './content-table.ts';

const longestText = 60;

/** Values of a content for a person: "2026-11-22T06:00:00Z", or "1000 … 1" of several. A negative number is none. */
export function shortValues(contents: ContentTable, number: number): string {
  const array = number < 0 ? undefined : contents.values(number);
  if (array === undefined) return 'values too large to compare';
  const { values, mask, dtype } = array;
  if (values.length === 0) return 'no values';
  if (dtype === 'char')
    return quoted(
      Buffer.from(values as Uint8Array)
        .toString('latin1')
        .replace(/\0+$/, '')
        .trim(),
    );
  const reference = contents.reference(contents.get(number).path);
  const time = reference === undefined ? undefined : parseTimeUnits(reference.units, reference.calendar);
  const text = (i: number): string => {
    const value = values[i];
    if (mask?.[i] === 1) return 'missing';
    if (typeof value === 'string') return quoted(value);
    return time === undefined ? String(value) : formatTime(Number(value), time) || String(value);
  };
  const last = values.length - 1;
  return last === 0 ? text(0) : `${text(0)} … ${text(last)}`;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > longestText ? `${text.slice(0, longestText)}…` : text);
}
