import {
  allocateValues,
  copyRegion,
  type DataType,
  elementCount,
  itemSize,
  type MaskedArray,
  type NumericValues,
  viewValues,
} from '@hyperslab/array';
import type { ResultBox } from '../result.ts';

/** A box of elements: origin and extents. */
export interface Box {
  origin: number[];
  shape: number[];
}

/** Cuts what of a block lies in a box; both in the indices of the result. Copies. */
export function cut(block: ResultBox, box: Box): ResultBox {
  const { dtype, values, mask } = block;
  const origin = box.origin.map((start, axis) => Math.max(start, block.origin[axis]));
  const shape = origin.map(
    (start, axis) =>
      Math.min(box.origin[axis] + box.shape[axis], block.origin[axis] + block.shape[axis]) - start,
  );
  const from = {
    arrayShape: block.shape,
    origin: origin.map((start, axis) => start - block.origin[axis]),
  };
  const to = { arrayShape: shape, origin: shape.map(() => 0) };
  const part = allocate(dtype, elementCount(shape));
  copyRegion(values, from, part, to, shape);
  if (mask === undefined) return { dtype, origin, shape, values: part };
  const partMask = new Uint8Array(elementCount(shape));
  copyRegion(mask, from, partMask, to, shape);
  return { dtype, origin, shape, values: part, mask: partMask };
}

/** Puts fragments of a box together. */
export function join(dtype: DataType, box: Box, fragments: readonly ResultBox[]): ResultBox {
  if (fragments.length === 1) return fragments[0];
  const whole: MaskedArray & ResultBox = { dtype, ...box, values: allocate(dtype, elementCount(box.shape)) };
  for (const fragment of fragments) {
    const from = { arrayShape: fragment.shape, origin: fragment.shape.map(() => 0) };
    const to = {
      arrayShape: box.shape,
      origin: fragment.origin.map((start, axis) => start - box.origin[axis]),
    };
    copyRegion(fragment.values, from, whole.values, to, fragment.shape);
    if (fragment.mask === undefined) continue;
    whole.mask ??= new Uint8Array(elementCount(box.shape));
    copyRegion(fragment.mask, from, whole.mask, to, fragment.shape);
  }
  return whole;
}

/** Bytes that a fragment takes in memory, about. */
export function fragmentBytes({ dtype, values, mask }: ResultBox): number {
  const own = Array.isArray(values)
    ? values.reduce((sum, text) => sum + 16 + 2 * text.length, 0)
    : values.length * itemSize(dtype);
  return own + (mask?.length ?? 0) + 200;
}

/**
 * Fragments of numbers as bytes: of each its rank, origin and extents as float64, whether it has a mask, its values and
 * the mask, each padded to eight bytes.
 */
export function encodeFragments(fragments: readonly ResultBox[]): Uint8Array {
  const parts = fragments.flatMap(({ origin, shape, values, mask }) => {
    const numbers = values as NumericValues;
    const head = Float64Array.of(shape.length, ...origin, ...shape, mask === undefined ? 0 : 1);
    const all = [head, numbers, ...(mask === undefined ? [] : [mask])];
    return all.map((part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  });
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + padded(part.length), 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += padded(part.length);
  }
  return bytes;
}

/** Reads what `encodeFragments` made, from this process. The values share the bytes. */
export function decodeFragments(dtype: DataType, bytes: Uint8Array): ResultBox[] {
  const fragments: ResultBox[] = [];
  const numbers = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
  for (let at = 0; at < bytes.length; ) {
    const rank = numbers[at / 8];
    const head = numbers.subarray(at / 8 + 1, at / 8 + 2 + 2 * rank);
    const origin = Array.from(head.subarray(0, rank));
    const shape = Array.from(head.subarray(rank, 2 * rank));
    at += 8 * (2 * rank + 2);
    const count = elementCount(shape);
    const values = viewValues(dtype, bytes.buffer, bytes.byteOffset + at, count);
    at += padded(count * itemSize(dtype));
    const fragment: ResultBox = { dtype, origin, shape, values };
    if (head[2 * rank] === 1) {
      fragment.mask = bytes.subarray(at, at + count);
      at += padded(count);
    }
    fragments.push(fragment);
  }
  return fragments;
}

function padded(length: number): number {
  return Math.ceil(length / 8) * 8;
}

function allocate(dtype: DataType, count: number): NumericValues | string[] {
  return dtype === 'string' ? new Array<string>(count).fill('') : allocateValues(dtype, count);
}
