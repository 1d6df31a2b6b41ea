/** Number of elements of a shape; 1 for a scalar. Throws RangeError when it is no exact integer (past 2^53). */
export function elementCount(shape: readonly number[]): number {
  let count = 1;
  for (const extent of shape) count *= extent;
  if (!Number.isSafeInteger(count))
    throw new RangeError(`shape [${shape.join(', ')}] has more than 2^53 elements`);
  return count;
}

/** Row-major strides of a shape, in elements. */
export function rowMajorStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

/** Coordinates of the element at `linear` in row-major order. */
export function unravel(linear: number, shape: readonly number[]): number[] {
  const index = new Array<number>(shape.length);
  let rest = linear;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index[axis] = rest % shape[axis];
    rest = Math.floor(rest / shape[axis]);
  }
  return index;
}

/** Row-major number of the element at `index`. */
export function ravel(index: readonly number[], shape: readonly number[]): number {
  let linear = 0;
  for (let axis = 0; axis < shape.length; axis++) linear = linear * shape[axis] + index[axis];
  return linear;
}
