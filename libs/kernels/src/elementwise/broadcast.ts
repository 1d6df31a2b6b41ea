import {
  allocateValues,
  elementCount,
  type MaskedArray,
  type NumberArray,
  rowMajorStrides,
} from '@hyperslab/array';

/**
 * An array repeated and turned to a larger shape: its dimension i becomes dimension `axes[i]` of the result, which must
 * have its length; other dimensions repeat. The same array when nothing is to do; an array of one element is left as
 * it is, since every kernel takes it for all elements.
 */
export function broadcast(
  array: MaskedArray,
  axes: readonly number[],
  shape: readonly number[],
): MaskedArray {
  if (elementCount(array.shape) === 1) return array;
  if (axes.length === shape.length && axes.every((axis, i) => axis === i)) return array;
  const own = rowMajorStrides(array.shape);
  const strides = new Array<number>(shape.length).fill(0);
  axes.forEach((axis, i) => {
    strides[axis] = own[i];
  });
  const count = elementCount(shape);
  const values = allocateValues(array.dtype, count);
  const mask = array.mask === undefined ? undefined : new Uint8Array(count);
  spread(array.values as NumberArray, strides, shape, values as NumberArray);
  if (mask !== undefined) spread(array.mask!, strides, shape, mask);
  return { dtype: array.dtype, shape: [...shape], values, mask };
}

function spread(
  from: NumberArray,
  strides: readonly number[],
  shape: readonly number[],
  to: NumberArray,
): void {
  const inner = shape.length - 1;
  const length = shape[inner];
  const stride = strides[inner];
  let at = 0;
  const walk = (axis: number, offset: number): void => {
    if (axis < inner) {
      for (let i = 0; i < shape[axis]; i++) walk(axis + 1, offset + i * strides[axis]);
      return;
    }
    if (stride === 1) to.set(from.subarray(offset, offset + length), at);
    else if (stride === 0) to.fill(from[offset], at, at + length);
    else for (let i = 0; i < length; i++) to[at + i] = from[offset + i * stride];
    at += length;
  };
  if (elementCount(shape) > 0) walk(0, 0);
}
