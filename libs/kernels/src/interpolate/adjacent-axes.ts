import { allocateValues, type MaskedArray, type NumericValues, rowMajorStrides } from '@hyperslab/array';

/** Axes in the order that brings some together, in the given order, where the first of them in the array is. */
export function adjacentOrder(rank: number, axes: readonly number[]): number[] {
  const first = Math.min(...axes);
  const others = Array.from({ length: rank }, (_, axis) => axis).filter((axis) => !axes.includes(axis));
  return [...others.filter((axis) => axis < first), ...axes, ...others.filter((axis) => axis > first)];
}

/** An array with its axes in another order; itself when that is the order it has. */
export function reorderAxes(array: MaskedArray, order: readonly number[]): MaskedArray {
  if (order.every((axis, i) => axis === i)) return array;
  const strides = rowMajorStrides(array.shape);
  const shape = order.map((axis) => array.shape[axis]);
  const steps = order.map((axis) => strides[axis]);
  const values = allocateValues(array.dtype, array.values.length);
  const mask = array.mask && new Uint8Array(array.mask.length);
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < values.length; to++) {
    values[to] = (array.values as NumericValues)[from];
    if (mask !== undefined) mask[to] = array.mask![from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += steps[axis];
      if (++index[axis] < shape[axis]) break;
      from -= steps[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return { dtype: array.dtype, shape, values, mask };
}
