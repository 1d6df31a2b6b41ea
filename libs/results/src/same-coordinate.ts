import type { MaskedArray } from '@hyperslab/array';
import type { ResultCoordinate } from './result.ts';

/** Whether two coordinates are one in all that a file says of them, but for what people call them. */
export function sameCoordinate(a: ResultCoordinate | undefined, b: ResultCoordinate | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.name === b.name &&
    a.standardName === b.standardName &&
    a.axis === b.axis &&
    (a.positive ?? '') === (b.positive ?? '') &&
    a.dtype === b.dtype &&
    samePoints(a, b) &&
    (a.bounds === undefined || b.bounds === undefined
      ? a.bounds === b.bounds
      : a.bounds.dtype === b.bounds.dtype && sameValues(a.bounds, b.bounds))
  );
}

/** Whether they say the same of where values lie. Equal numbers alone do not: they may be hours and days. */
export function samePoints(a: ResultCoordinate | undefined, b: ResultCoordinate | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.units === b.units && a.calendar === b.calendar && sameValues(a, b);
}

function sameValues(a: MaskedArray, b: MaskedArray): boolean {
  if (a.values.length !== b.values.length) return false;
  for (let i = 0; i < a.values.length; i++) {
    const missing = a.mask?.[i] ?? 0;
    if (missing !== (b.mask?.[i] ?? 0)) return false;
    if (missing === 0 && !Object.is(a.values[i], b.values[i])) return false;
  }
  return true;
}
