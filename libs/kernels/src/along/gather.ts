import { elementCount, type MaskedArray, type NumberArray, type NumericValues } from '@hyperslab/array';
import { type Allocator, ordinaryMemory } from '../allocator.ts';

/**
 * Indices of an array along one of its dimensions, in their order; an index may come again. What is inside of the
 * dimension is copied as one run.
 */
export function gather(
  array: MaskedArray,
  axis: number,
  indices: ArrayLike<number>,
  memory: Allocator = ordinaryMemory,
): MaskedArray {
  const shape = array.shape.with(axis, indices.length);
  const count = elementCount(shape);
  const copy = (from: NumericValues | string[], to: NumericValues | string[]) =>
    copyRuns(from as NumberArray, to as NumberArray, array.shape, axis, indices);
  const values = copy(
    array.values,
    Array.isArray(array.values) ? new Array<string>(count) : memory.array(array.dtype, count),
  );
  if (array.mask === undefined) return { dtype: array.dtype, shape, values };
  const mask = copy(array.mask, memory.array('uint8', count)) as unknown as Uint8Array;
  return { dtype: array.dtype, shape, values, mask };
}

function copyRuns(
  from: NumberArray,
  to: NumberArray,
  shape: readonly number[],
  axis: number,
  indices: ArrayLike<number>,
): NumberArray {
  const inner = elementCount(shape.slice(axis + 1));
  const outer = elementCount(shape.slice(0, axis));
  const views = ArrayBuffer.isView(from) && inner >= 16;
  let at = 0;
  for (let o = 0; o < outer; o++) {
    const base = o * shape[axis] * inner;
    for (let i = 0; i < indices.length; i++) {
      const start = base + indices[i] * inner;
      if (views) to.set(from.subarray(start, start + inner), at);
      else for (let j = 0; j < inner; j++) to[at + j] = from[start + j];
      at += inner;
    }
  }
  return to;
}
