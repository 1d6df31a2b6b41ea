import { type Axis, ascends } from './axis.ts';

/** What a target cell has of the cells of a source, in its own numbers. */
export interface AxisOverlaps {
  low: number;
  high: number;
  overlaps: { cell: number; from: number; to: number }[];
}

/** The stretches that each target cell shares with source cells, from the lowest on. */
export function* axisOverlaps(source: Axis, target: Axis): Iterable<AxisOverlaps> {
  const cells = sortedCells(source);
  const least = cells.lows.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const most = cells.highs.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  for (let row = 0; row < target.points.length; row++) {
    const [a, b] = [target.bounds[2 * row], target.bounds[2 * row + 1]];
    const [low, high] = [Math.min(a, b), Math.max(a, b)];
    const overlaps: AxisOverlaps['overlaps'] = [];
    for (const shift of shifts(source.period, least - high, most - low)) {
      let cell = firstReaching(cells.highs, low + shift);
      for (; cell < cells.lows.length && cells.lows[cell] < high + shift; cell++) {
        const from = Math.max(low, cells.lows[cell] - shift);
        const to = Math.min(high, cells.highs[cell] - shift);
        if (to > from) overlaps.push({ cell: cells.indices[cell], from, to });
      }
    }
    yield { low, high, overlaps };
  }
}

/** What parts of a target come to more than that are but rounding. */
const wholeRounded = 1 + 1e-9;

/** How often its source cells cover a target, if more than once: axes with a cyclic point have a cell at both ends. */
export function timesCovered(parts: readonly number[]): number {
  const sum = parts.reduce((all, part) => all + part, 0);
  return sum > wholeRounded ? sum : 1;
}

function sortedCells({ points, bounds }: Axis) {
  const indices = Int32Array.from(points, (_, i) => (ascends(points) ? i : points.length - 1 - i));
  const end = (pick: (a: number, b: number) => number) =>
    Float64Array.from(indices, (i) => pick(bounds[2 * i], bounds[2 * i + 1]));
  return { indices, lows: end(Math.min), highs: end(Math.max) };
}

/** Whole periods from `least` to `most`, by which a stretch is to be moved to meet the cells. */
function shifts(period: number | undefined, least: number, most: number): number[] {
  if (period === undefined) return [0];
  const first = Math.ceil(least / period);
  const last = Math.floor(most / period);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * period);
}

/** The first of ascending ends that lies behind a value. */
function firstReaching(ends: Float64Array, value: number): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
