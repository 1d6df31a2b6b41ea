import { type Axis, ascends, closeness, roundingAt } from './axis.ts';
import { axisOverlaps, timesCovered } from './axis-overlaps.ts';
import { RowsBuilder, type SparseRows } from './sparse-rows.ts';

export interface LinearOptions {
  /** Makes both numbers that distances are linear in: the logarithm of a pressure. */
  scale?: (value: number) => number;
  /** Between the first or last point and a limit that its cell reaches, it has the value there: from the last latitude to the pole. */
  holdsAtLimits?: boolean;
}

/**
 * Linear between the two points around a target. One that is a point, but for rounding, has its value
 * alone. Outside of the points there is no value, nor at NaN.
 */
export function linearRows(axis: Axis, targets: Float64Array, options: LinearOptions = {}): SparseRows {
  const { points, period, isClosed } = axis;
  const { scale = (value) => value, holdsAtLimits = false } = options;
  const count = points.length;
  const rises = ascends(points);
  const [low, high] = rises ? [points[0], points[count - 1]] : [points[count - 1], points[0]];
  const [lowIndex, highIndex] = rises ? [0, count - 1] : [count - 1, 0];
  const builder = new RowsBuilder();
  for (const target of targets) {
    const at = count === 0 ? Number.NaN : nearPeriod(target, low, high, period);
    if (at >= low && at <= high) {
      const first = bracket(points, at, rises);
      const second = Math.min(first + 1, count - 1);
      addBetween(builder, axis, [first, points[first]], [second, points[second]], at, scale);
    } else if (isClosed && !Number.isNaN(at)) {
      const behind = at < low ? at + period! : at;
      addBetween(builder, axis, [highIndex, high], [lowIndex, low + period!], behind, scale);
    } else if (at < low && isHeld(axis, lowIndex, at, holdsAtLimits && reachesLimit(axis, lowIndex)))
      builder.add(lowIndex, 1);
    else if (at > high && isHeld(axis, highIndex, at, holdsAtLimits && reachesLimit(axis, highIndex)))
      builder.add(highIndex, 1);
    builder.endRow();
  }
  return builder.finish();
}

/** The nearest point, of two as near the lower one; no value where the cell of that point does not reach. */
export function nearestRows(axis: Axis, targets: Float64Array): SparseRows {
  const { points, period, isClosed } = axis;
  const count = points.length;
  const rises = ascends(points);
  const [low, high] = rises ? [points[0], points[count - 1]] : [points[count - 1], points[0]];
  const [lowIndex, highIndex] = rises ? [0, count - 1] : [count - 1, 0];
  const builder = new RowsBuilder();
  for (const target of targets) {
    const at = count === 0 ? Number.NaN : nearPeriod(target, low, high, period);
    if (at >= low && at <= high) {
      const first = bracket(points, at, rises);
      const second = Math.min(first + 1, count - 1);
      const [lower, upper] = rises ? [first, second] : [second, first];
      builder.add(at - points[lower] <= points[upper] - at ? lower : upper, 1);
    } else if (isClosed && !Number.isNaN(at)) {
      const behind = at < low ? at + period! : at;
      builder.add(behind - high <= low + period! - behind ? highIndex : lowIndex, 1);
    } else if (at < low && isHeld(axis, lowIndex, at, true)) builder.add(lowIndex, 1);
    else if (at > high && isHeld(axis, highIndex, at, true)) builder.add(highIndex, 1);
    builder.endRow();
  }
  return builder.finish();
}

/**
 * The parts of target cells that source cells cover. `measure` turns an end of a cell to the number that lengths are
 * differences of: the sine of a latitude, so that products of two axes are parts of areas.
 */
export function overlapRows(
  source: Axis,
  target: Axis,
  measure: (value: number) => number = (value) => value,
): SparseRows {
  const builder = new RowsBuilder();
  for (const { low, high, overlaps } of axisOverlaps(source, target)) {
    const length = measure(high) - measure(low);
    if (length > 0) {
      const parts = overlaps.map(({ from, to }) => (measure(to) - measure(from)) / length);
      const times = timesCovered(parts);
      overlaps.forEach(({ cell }, i) => {
        builder.add(cell, parts[i] / times);
      });
    }
    builder.endRow();
  }
  return builder.finish();
}

/** A value moved by whole periods to where the points are, or to behind them, as close as can be. */
function nearPeriod(value: number, low: number, high: number, period: number | undefined): number {
  if (period === undefined) return value;
  const moved = value - period * Math.floor((value - low) / period);
  // Within rounding before the first point; and of what lies between last and first, the nearer end.
  if (moved <= high || moved - high <= low + period - moved) return moved;
  return moved - period;
}

/** Index of the point before, or at, a value within the points, in their order. */
function bracket(points: Float64Array, value: number, rises: boolean): number {
  let low = 0;
  let high = points.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (rises ? points[middle] <= value : points[middle] >= value) low = middle;
    else high = middle;
  }
  return low;
}

/** Entries of a value between two points, each its index and where it is. */
function addBetween(
  builder: RowsBuilder,
  axis: Axis,
  [first, from]: readonly [number, number],
  [second, to]: readonly [number, number],
  at: number,
  scale: (value: number) => number,
): void {
  const rounding = roundingAt(axis, at, Math.abs(to - from));
  let part = (scale(at) - scale(from)) / (scale(to) - scale(from));
  if (Math.abs(at - to) <= rounding) part = 1;
  if (Math.abs(at - from) <= rounding) part = 0;
  builder.add(first, 1 - part);
  builder.add(second, part);
}

/** Whether a value outside of the points is still where the outermost one counts. */
function isHeld(axis: Axis, index: number, at: number, withinCell: boolean): boolean {
  const [a, b] = [axis.bounds[2 * index], axis.bounds[2 * index + 1]];
  const rounding = roundingAt(axis, at, Math.abs(b - a));
  if (Math.abs(at - axis.points[index]) <= rounding) return true;
  return withinCell && at >= Math.min(a, b) - rounding && at <= Math.max(a, b) + rounding;
}

/** Whether the cell of a point ends at a limit, but for rounding. */
function reachesLimit({ bounds, limits }: Axis, index: number): boolean {
  const [a, b] = [bounds[2 * index], bounds[2 * index + 1]];
  const rounding = closeness * Math.abs(b - a);
  return limits?.some((limit) => Math.min(Math.abs(a - limit), Math.abs(b - limit)) <= rounding) ?? false;
}
