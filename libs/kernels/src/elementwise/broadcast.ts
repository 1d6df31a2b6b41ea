import { elementCount, type MaskedArray, type NumberArray, rowMajorStrides } from '@hyperslab/array';
import { type Allocator, ordinaryMemory } from '../allocator.ts';

/**
 * An array repeated and turned to a larger shape: its dimension i becomes dimension `axes[i]` of the result, which must
 * have its length; other dimensions repeat. The same array when nothing is to do; an array of one element is left as
 * it is, since every kernel takes it for all elements. What is repeated is in `memory`.
 */
export function broadcast(
  array: MaskedArray,
  axes: readonly number[],
  shape: readonly number[],
  memory: Allocator = ordinaryMemory,
): MaskedArray {
  if (elementCount(array.shape) === 1) return array;
  if (axes.length === shape.length && axes.every((axis, i) => axis === i)) return array;
  const count = elementCount(shape);
  // Dimensions of one index more change no place.
  if (count === elementCount(array.shape) && axes.every((axis, i) => i === 0 || axis > axes[i - 1]))
    return { ...array, shape: [...shape] };
  const own = rowMajorStrides(array.shape);
  const strides = new Array<number>(shape.length).fill(0);
  axes.forEach((axis, i) => {
    strides[axis] = own[i];
  });
  const values = memory.array(array.dtype, count);
  const mask = array.mask && (memory.array('uint8', count) as Uint8Array);
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
