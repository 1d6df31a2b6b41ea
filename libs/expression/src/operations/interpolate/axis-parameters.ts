import {
  type Axis,
  createAxis,
  linearRows,
  nearestRows,
  overlapRows,
  type SparseRows,
} from '@hyperslab/kernels';

/** An axis as a plan carries it. */
export interface AxisParameters {
  points: readonly number[];
  /** Two for each point; absent where they are in the middle between points. */
  bounds?: readonly number[];
  period?: number;
  /** Cells do not reach beyond these: the poles. */
  limits?: readonly [number, number];
  /** How far, relatively, points may be from where they were meant to be; absent for those that float64 was enough for. */
  rounding?: number;
}

/** How values between points are made: `log` is linear in the logarithm; the others are parts of cells, of lengths and of latitudes. */
export type AxisMethod = 'linear' | 'log' | 'nearest' | 'cells' | 'latitude cells';

/** An axis that is interpolated to the points, or the cells, of another. */
export interface AxisInterpolation {
  source: AxisParameters;
  target: AxisParameters;
  method: AxisMethod;
  /** Values go on from the last points to limits that their cells reach. */
  holds?: boolean;
}

export function axisOf({ points, bounds, period, limits, rounding }: AxisParameters): Axis {
  return createAxis(Float64Array.from(points), {
    bounds: bounds && Float64Array.from(bounds),
    period,
    limits,
    rounding,
  });
}

/** The weights of an interpolation, a row for each point of the target. */
export function axisRows({ source, target, method, holds }: AxisInterpolation): SparseRows {
  const axis = axisOf({ ...source, rounding: source.rounding ?? target.rounding });
  const points = Float64Array.from(target.points);
  switch (method) {
    case 'linear':
      return linearRows(axis, points, { holdsAtLimits: holds });
    case 'log':
      return linearRows(axis, points, { scale: Math.log, holdsAtLimits: holds });
    case 'nearest':
      return nearestRows(axis, points);
    case 'cells':
      return overlapRows(axis, axisOf(target));
    case 'latitude cells':
      return overlapRows(axis, axisOf(target), (degrees) => Math.sin((degrees * Math.PI) / 180));
  }
}
