import { elementCount, isFloat, type MaskedArray, type NumericType } from '@hyperslab/array';
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
import { WholeOfStrips } from './whole-of-strips.ts';

/** Rows that take the place of an axis. */
export interface AxisRows {
  axis: number;
  rows: SparseRows;
}

/** How values are made of the elements that a row names. */
export interface RowUse {
  /** Each row names one element, which is taken as it is. */
  takes: boolean;
  /** Part of a target that may be missing, 0 to 1; the rest then counts for all of it. */
  tolerated: number;
}

/** Type of an interpolated array. */
export function interpolatedType(dtype: NumericType, takes: boolean): NumericType {
  return takes || isFloat(dtype) ? dtype : 'float64';
}

/** An array interpolated along some of its axes, one after the other. */
export function interpolateAxes(
  array: MaskedArray,
  axes: readonly AxisRows[],
  { takes, tolerated }: RowUse,
): MaskedArray {
  const shape = [...array.shape];
  let taken = array;
  let sums: WeightedSums | undefined;
  if (!takes)
    sums = weightedValues(
      array,
      axes.map(({ rows }) => rows),
    );
  for (const { axis, rows } of axes) {
    const layout = {
      outer: elementCount(shape.slice(0, axis)),
      extent: shape[axis],
      inner: elementCount(shape.slice(axis + 1)),
    };
    if (sums === undefined) taken = takeRows(taken, layout, rows);
    else sums = applyRows(sums, layout, rows);
    shape[axis] = rowCount(rows);
  }
  return sums === undefined ? { ...taken, shape } : finish(array, sums, shape, tolerated);
}

/**
 * An array interpolated over some of its axes at once: rows go over the elements of `axes`, in this order, and extents of
 * `targets` come where the first of them in the array is. Rows come in strips, one after the other, which together are those of all targets:
 * weights of all would take many times as much as what is made of them.
 */
export function interpolateTogether(
  array: MaskedArray,
  axes: readonly number[],
  strips: Iterable<SparseRows>,
  targets: readonly number[],
  { takes, tolerated }: RowUse,
): MaskedArray {
  const { moved, layout, shape } = layOut(array, axes, targets);
  const all = elementCount(targets);
  const whole = new WholeOfStrips(layout, all);
  for (const rows of strips) {
    const own = [layout.outer, rowCount(rows), layout.inner];
    const strip = takes
      ? takeRows(moved, layout, rows)
      : finish(array, applyRows(weightedValues(moved, [rows]), layout, rows), own, tolerated);
    if (rowCount(rows) === all) return { ...strip, shape };
    whole.add(strip, rowCount(rows));
  }
  return whole.finish(shape);
}

/** An array with some axes brought together, how they lie in it, and its shape with `targets` in their place. */
export function layOut(array: MaskedArray, axes: readonly number[], targets: readonly number[]) {
  const first = Math.min(...axes);
  const moved = reorderAxes(array, adjacentOrder(array.shape.length, axes));
  const [before, after] = [moved.shape.slice(0, first), moved.shape.slice(first + axes.length)];
  const extent = elementCount(axes.map((axis) => array.shape[axis]));
  const layout: RowLayout = { outer: elementCount(before), extent, inner: elementCount(after) };
  return { moved, layout, shape: [...before, ...targets, ...after] };
}

function finish(array: MaskedArray, sums: WeightedSums, shape: number[], tolerated: number): MaskedArray {
  return finishRows(sums, interpolatedFloat(array), shape, tolerated);
}

/** Type of means of an array. */
export function interpolatedFloat({ dtype }: MaskedArray): 'float32' | 'float64' {
  return interpolatedType(dtype as NumericType, false) as 'float32' | 'float64';
}
