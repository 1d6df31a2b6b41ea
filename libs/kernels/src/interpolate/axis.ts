/** Points of a grid along one dimension, strictly ascending or descending, with what is around them. */
export interface Axis {
  points: Float64Array;
  /** Two for each point, the ends of its cell. */
  bounds: Float64Array;
  /** What may be added to a point and it is the same place: 360 for longitudes. */
  period?: number;
  /** The axis goes once around: behind the last point comes the first. */
  isClosed: boolean;
  /** There is nothing beyond these: the poles. */
  limits?: readonly [number, number];
  /** How far, relatively, a point may be from where it was meant to be, as numbers are rounded. */
  rounding: number;
}

/** An end of a cell may be that much of its extent off: bounds are rounded as they are stored. */
export const closeness = 1e-3;

/** What is left of sums and products of float64. */
const roundingOfFloat64 = 2 ** -40;

/** Whether points can be those of an axis: finite, and strictly ascending or descending. */
export function isMonotonic(points: Float64Array): boolean {
  const ascends = points.length < 2 || points[1] > points[0];
  return points.every(
    (point, i) =>
      Number.isFinite(point) && (i === 0 || (ascends ? point > points[i - 1] : point < points[i - 1])),
  );
}

/**
 * An axis of monotonic points. Cells without bounds end in the middle between points; those of latitudes end at the poles
 * (`limits`). A single point without bounds has a cell of no extent. `rounding` is that of float64 unless told.
 */
export function createAxis(
  points: Float64Array,
  options: {
    bounds?: Float64Array;
    period?: number;
    limits?: readonly [number, number];
    rounding?: number;
  } = {},
): Axis {
  const { period, limits, rounding = roundingOfFloat64 } = options;
  const bounds = options.bounds ?? middleBounds(points, limits);
  const count = points.length;
  const covered = count === 0 ? 0 : Math.abs(farEnd(bounds, count, points) - nearEnd(bounds, points));
  const isClosed =
    period !== undefined && count > 1 && Math.abs(covered - period) <= (closeness * covered) / count;
  return { points, bounds, period, isClosed, limits, rounding };
}

function nearEnd(bounds: Float64Array, points: Float64Array): number {
  return ascends(points) ? Math.min(bounds[0], bounds[1]) : Math.max(bounds[0], bounds[1]);
}

function farEnd(bounds: Float64Array, count: number, points: Float64Array): number {
  const [a, b] = [bounds[2 * count - 2], bounds[2 * count - 1]];
  return ascends(points) ? Math.max(a, b) : Math.min(a, b);
}

export function ascends(points: Float64Array): boolean {
  return points.length < 2 || points[1] > points[0];
}

function middleBounds(points: Float64Array, limits: readonly [number, number] | undefined): Float64Array {
  const count = points.length;
  const bounds = new Float64Array(2 * count);
  const clipped = (value: number) =>
    limits === undefined ? value : Math.max(limits[0], Math.min(limits[1], value));
  for (let i = 0; i < count; i++) {
    const before = i > 0 ? points[i] - points[i - 1] : (points[1] ?? points[0]) - points[0];
    const after = i < count - 1 ? points[i + 1] - points[i] : before;
    bounds[2 * i] = clipped(points[i] - before / 2);
    bounds[2 * i + 1] = clipped(points[i] + after / 2);
  }
  return bounds;
}

/**
 * How far a value may be from a point and mean it: as far as numbers are rounded, but by no more than a small part of the
 * step there, which counts where numbers are large and steps are small, as those of times.
 */
export function roundingAt({ rounding }: Axis, value: number, step: number): number {
  return Math.min(rounding * Math.abs(value), step === 0 ? Number.POSITIVE_INFINITY : closeness * step);
}
