import { isNumeric, type MaskedArray } from '@hyperslab/array';

/** Two stretches of a coordinate that claim the same place, by their codes. */
export interface Overlap {
  codes: [number, number];
}

interface Stretch {
  code: number;
  first: number;
  last: number;
}

/**
 * The order in which stretches of a coordinate adjoin, as codes: ascending or descending as the stretches themselves
 * run. An Overlap where two hold the same or interleaved values; undefined when
 * values tell no order: text, missing, or running up and down within a stretch. Single values run as `ofSingles` says,
 * as a rule up: the order in which files are named says little.
 */
export function orderAlongAxis(
  values: readonly (MaskedArray | undefined)[],
  ofSingles: 1 | -1 = 1,
): number[] | Overlap | undefined {
  const stretches: Stretch[] = [];
  let direction = 0;
  for (const [code, array] of values.entries()) {
    const run = array === undefined ? undefined : monotonicRun(array);
    if (run === undefined) return undefined;
    if (run.direction !== 0) {
      if (direction !== 0 && run.direction !== direction) return undefined;
      direction = run.direction;
    }
    stretches.push({ code, first: run.first, last: run.last });
  }
  direction ||= ofSingles;
  stretches.sort((a, b) => (a.first - b.first) * direction || a.code - b.code);
  for (let i = 1; i < stretches.length; i++) {
    const before = stretches[i - 1];
    if ((stretches[i].first - before.last) * direction <= 0)
      return { codes: [before.code, stretches[i].code] };
  }
  return stretches.map((stretch) => stretch.code);
}

/** First and last value and direction of a strictly monotonic run of numbers: 1, -1, or 0 for a single value. */
export function monotonicRun(
  array: MaskedArray,
): { first: number; last: number; direction: number } | undefined {
  const { values, mask } = array;
  if (!isNumeric(array.dtype) || values.length === 0 || mask?.includes(1)) return undefined;
  const direction = values.length === 1 ? 0 : Math.sign(Number(values[1]) - Number(values[0]));
  for (let i = 1; i < values.length; i++) {
    if (Math.sign(Number(values[i]) - Number(values[i - 1])) !== direction || direction === 0)
      return undefined;
  }
  const first = Number(values[0]);
  if (Number.isNaN(first)) return undefined;
  return { first, last: Number(values[values.length - 1]), direction };
}
