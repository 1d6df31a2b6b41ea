import { isFloat, type MaskedArray, type NumericType } from '@hyperslab/array';
import { adjacentOrder, reorderAxes } from './adjacent-axes.ts';
import {
  applyRows,
  finishRows,
  type RowLayout,
  takeRows,
  type WeightedSums,
  weightedValues,
} from './apply-rows.ts';
import { rowCount, type SparseRows } from './sparse-rows.ts';

/** Rows that are put in the place of axes of an array. */
export interface Interpolation {
  /** The axes, in the order in which rows go over them; the result has the new ones where the first of them in the array is. */
  axes: readonly number[];
  /** One for each axis, or one over the elements of all of them together. */
  rows: readonly SparseRows[];
  /** Extents that come in the place of the axes. */
  shape: readonly number[];
  /** Each row names one element, which is taken as it is. */
  takes: boolean;
  /** Part of a target that may be missing, 0 to 1; the rest then counts for all of it. */
  tolerated: number;
}

/** Type of an interpolated array. */
export function interpolatedType(dtype: NumericType, takes: boolean): NumericType {
  return takes || isFloat(dtype) ? dtype : 'float64';
}

/** An array with some of its axes interpolated. */
export function interpolate(array: MaskedArray, interpolation: Interpolation): MaskedArray {
  const { axes, rows, takes, tolerated } = interpolation;
  const first = Math.min(...axes);
  const moved = reorderAxes(array, adjacentOrder(array.shape.length, axes));
  const [before, after] = [moved.shape.slice(0, first), moved.shape.slice(first + axes.length)];
  const shape = [...before, ...interpolation.shape, ...after];
  const extents =
    rows.length === 1
      ? [product(axes.map((axis) => array.shape[axis]))]
      : axes.map((axis) => array.shape[axis]);
  const steps = stepsOf(rows, product(before), extents, product(after));
  if (takes) {
    let taken = moved;
    for (const { rows: each, layout } of steps) taken = takeRows(taken, layout, each);
    return { ...taken, shape };
  }
  let sums: WeightedSums = weightedValues(moved, rows);
  for (const { rows: each, layout } of steps) sums = applyRows(sums, layout, each);
  const dtype = interpolatedType(array.dtype as NumericType, false) as 'float32' | 'float64';
  return finishRows(sums, dtype, shape, tolerated);
}

interface Step {
  rows: SparseRows;
  layout: RowLayout;
}

/** One axis after the other; first the one that leaves least to be done for the others. */
function stepsOf(
  rows: readonly SparseRows[],
  outer: number,
  extents: readonly number[],
  inner: number,
): Step[] {
  const current = [...extents];
  const growth = (axis: number) => rowCount(rows[axis]) / Math.max(1, extents[axis]);
  const order = [...rows.keys()].sort((a, b) => growth(a) - growth(b));
  return order.map((axis) => {
    const layout = {
      outer: outer * product(current.slice(0, axis)),
      extent: extents[axis],
      inner: product(current.slice(axis + 1)) * inner,
    };
    current[axis] = rowCount(rows[axis]);
    return { rows: rows[axis], layout };
  });
}

function product(extents: readonly number[]): number {
  return extents.reduce((all, extent) => all * extent, 1);
}
