import { elementCount, type MaskedArray, type NumberArray } from '@hyperslab/array';
import { type Allocator, ordinaryMemory } from '../allocator.ts';
import { remembered, specialise } from '../specialise.ts';

/**
 * Each element less the one before it along a dimension, which gets one shorter; integers wrap. Missing where one of the two is.
 */
export function differences(
  array: MaskedArray,
  axis: number,
  memory: Allocator = ordinaryMemory,
): MaskedArray {
  const shape = array.shape.with(axis, array.shape[axis] - 1);
  const count = elementCount(shape);
  const stride = elementCount(shape.slice(axis + 1));
  const row = shape[axis] * stride;
  const values = memory.array(array.dtype, count);
  if (count > 0)
    loop(`subtract ${array.dtype}`)(array.values as NumberArray, values as NumberArray, row, stride);
  if (array.mask === undefined) return { dtype: array.dtype, shape, values };
  const mask = memory.array('uint8', count) as Uint8Array;
  if (count > 0) loop('either uint8')(array.mask, mask, row, stride);
  return { dtype: array.dtype, shape, values, mask };
}

type Loop = (from: NumberArray, to: NumberArray, row: number, stride: number) => void;

const loops = { subtract, either };
const loop = remembered((key) => specialise(loops[key.split(' ')[0] as keyof typeof loops]) as Loop);

function subtract(from: NumberArray, to: NumberArray, row: number, stride: number): void {
  for (let at = 0, begin = 0; at < to.length; at += row, begin += row + stride)
    for (let i = 0; i < row; i++) to[at + i] = from[begin + i + stride] - from[begin + i];
}

function either(from: NumberArray, to: NumberArray, row: number, stride: number): void {
  for (let at = 0, begin = 0; at < to.length; at += row, begin += row + stride)
    for (let i = 0; i < row; i++) to[at + i] = from[begin + i + stride] | from[begin + i];
}
