import {
  elementCount,
  type MaskedArray,
  type NumericValues,
  rowMajorStrides,
  unravel,
} from '@hyperslab/array';
import { type Allocator, copyBox } from '@hyperslab/kernels';
import type { Box } from './box.ts';
import type { Leaf } from './part-map.ts';

/** Elements of a part of a tile: what functions make of it on the way to its sums stays in the cache of a core. */
export const partElements = 32_768;

/**
 * Cuts a box into parts, in row-major order: rows that lie in one run of memory where all of the box does, unless there are dimensions that are not cut.
 */
export function* partsOfBox(
  { origin, shape }: Box,
  whole: readonly number[] = [],
  most = partElements,
): Generator<Box> {
  const extents = shape.map((extent, axis) => (whole.includes(axis) ? extent : 1));
  let count = Math.max(1, elementCount(extents));
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (whole.includes(axis)) continue;
    extents[axis] = Math.max(1, Math.min(shape[axis], Math.floor(most / count)));
    count *= extents[axis];
    if (extents[axis] < shape[axis]) break;
  }
  const counts = shape.map((extent, axis) => Math.ceil(extent / Math.max(1, extents[axis])));
  const parts = elementCount(counts);
  if (parts <= 1) {
    yield { origin, shape };
    return;
  }
  for (let number = 0; number < parts; number++) {
    const start = unravel(number, counts).map((index, axis) => index * extents[axis]);
    yield {
      origin: origin.map((first, axis) => first + start[axis]),
      shape: shape.map((extent, axis) => Math.min(extents[axis], extent - start[axis])),
    };
  }
}

/** A part of a leaf that is loaded, as `partOfArray` has it. */
export function partOfLeaf(whole: Leaf, array: MaskedArray, box: Box, memory: Allocator): MaskedArray {
  const origin = box.origin.map((start, axis) => start - whole.box.origin[axis]);
  return partOfArray({ ...array, shape: whole.box.shape }, { origin, shape: box.shape }, memory);
}

/** A part of an array: a view where it lies in one run of memory, else a copy in `memory`. */
export function partOfArray(array: MaskedArray, { origin, shape }: Box, memory: Allocator): MaskedArray {
  const count = elementCount(shape);
  if (count === elementCount(array.shape)) return array;
  const values = array.values as NumericValues;
  if (isOneRun(array.shape, shape)) {
    const strides = rowMajorStrides(array.shape);
    const at = origin.reduce((sum, index, axis) => sum + index * strides[axis], 0);
    const mask = array.mask?.subarray(at, at + count);
    return { dtype: array.dtype, shape, values: values.subarray(at, at + count), mask };
  }
  const from = { arrayShape: array.shape, origin };
  const to = { arrayShape: shape, origin: origin.map(() => 0) };
  const part = memory.array(array.dtype, count);
  copyBox(values, from, part, to, shape);
  const mask = array.mask && (memory.array('uint8', count) as Uint8Array);
  if (mask !== undefined) copyBox(array.mask!, from, mask, to, shape);
  return { dtype: array.dtype, shape, values: part, mask };
}

/** Whether a box within an array has no gaps: before the last dimension that it does not fill it has one index of each. */
function isOneRun(whole: readonly number[], shape: readonly number[]): boolean {
  const last = shape.findLastIndex((extent, axis) => extent !== whole[axis]);
  return shape.slice(0, Math.max(0, last)).every((extent) => extent === 1);
}
