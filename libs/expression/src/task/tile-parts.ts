import {
  copyRegion,
  elementCount,
  type MaskedArray,
  type NumericValues,
  rowMajorStrides,
} from '@hyperslab/array';
import type { Allocator } from '@hyperslab/kernels';
import type { Box } from './box.ts';
import type { Leaf } from './leaves.ts';

/** Elements of a part of a tile: what functions make of it on the way to its sums stays in the cache of a core. */
const partElements = 32_768;

/**
 * Cuts a box into parts of whole rows, in row-major order, each of which lies in one run of memory where all of the box does.
 */
export function* partsOfBox({ origin, shape }: Box, most = partElements): Generator<Box> {
  let axis = shape.length;
  let inner = 1;
  while (axis > 0 && inner * shape[axis - 1] <= most) inner *= shape[--axis];
  if (axis === 0 || shape.includes(0)) {
    yield { origin, shape };
    return;
  }
  const cut = axis - 1;
  const rows = Math.max(1, Math.floor(most / inner));
  const outer = elementCount(shape.slice(0, cut));
  const strides = rowMajorStrides(shape.slice(0, cut));
  for (let number = 0; number < outer; number++) {
    const place = strides.map((stride, i) => Math.floor(number / stride) % shape[i]);
    for (let row = 0; row < shape[cut]; row += rows) {
      const start = [...place, row];
      yield {
        origin: origin.map((first, i) => first + (start[i] ?? 0)),
        shape: shape.map((extent, i) => (i < cut ? 1 : i === cut ? Math.min(rows, extent - row) : extent)),
      };
    }
  }
}

/** A part of a leaf that is loaded: a view where it lies in one run of memory, else a copy in `memory`. */
export function partOfLeaf(whole: Leaf, array: MaskedArray, box: Box, memory: Allocator): MaskedArray {
  const { shape } = whole.box;
  const origin = box.origin.map((start, axis) => start - whole.box.origin[axis]);
  const count = elementCount(box.shape);
  if (count === elementCount(shape)) return array;
  const values = array.values as NumericValues;
  if (isOneRun(shape, box.shape)) {
    const strides = rowMajorStrides(shape);
    const at = origin.reduce((sum, index, axis) => sum + index * strides[axis], 0);
    const mask = array.mask?.subarray(at, at + count);
    return { dtype: array.dtype, shape: box.shape, values: values.subarray(at, at + count), mask };
  }
  const from = { arrayShape: shape, origin };
  const to = { arrayShape: box.shape, origin: origin.map(() => 0) };
  const part = memory.array(array.dtype, count);
  copyRegion(values, from, part, to, box.shape);
  const mask = array.mask && (memory.array('uint8', count) as Uint8Array);
  if (mask !== undefined) copyRegion(array.mask!, from, mask, to, box.shape);
  return { dtype: array.dtype, shape: box.shape, values: part, mask };
}

/** Whether a box within an array has no gaps: before the last dimension that it does not fill it has one index of each. */
function isOneRun(whole: readonly number[], shape: readonly number[]): boolean {
  const last = shape.findLastIndex((extent, axis) => extent !== whole[axis]);
  return shape.slice(0, Math.max(0, last)).every((extent) => extent === 1);
}
