import { rowMajorStrides } from './shape.ts';

type Copyable = { length: number; [index: number]: unknown };

/** Where a box of elements lies in an array: index of the first and distance of neighbours, in each dimension. */
export interface Region {
  /** Extents of the array that holds the region. */
  arrayShape: readonly number[];
  /** Index of the first element. */
  origin: readonly number[];
  /** Distance of neighbouring elements; 1 for a box without gaps. */
  step?: readonly number[];
}

/**
 * Copies a box of `shape` elements from one array to another of the same rank, innermost rows at once where both are
 * contiguous. Both regions must lie within their arrays; the caller has checked that.
 */
export function copyRegion(
  source: Copyable,
  from: Region,
  target: Copyable,
  to: Region,
  shape: readonly number[],
): void {
  const rank = shape.length;
  if (shape.some((extent) => extent === 0)) return;
  const fromStrides = stepStrides(from, rank);
  const toStrides = stepStrides(to, rank);
  const fromStart = offsetOf(from);
  const toStart = offsetOf(to);
  if (rank === 0) {
    target[toStart] = source[fromStart];
    return;
  }
  const inner = rank - 1;
  const contiguous = fromStrides[inner] === 1 && toStrides[inner] === 1 && ArrayBuffer.isView(source);
  const rowLength = shape[inner];
  const walk = (axis: number, fromAt: number, toAt: number): void => {
    if (axis < inner) {
      for (let i = 0; i < shape[axis]; i++)
        walk(axis + 1, fromAt + i * fromStrides[axis], toAt + i * toStrides[axis]);
    } else if (contiguous) {
      const row = (source as unknown as Uint8Array).subarray(fromAt, fromAt + rowLength);
      (target as unknown as Uint8Array).set(row, toAt);
    } else {
      const fromStride = fromStrides[inner];
      const toStride = toStrides[inner];
      for (let i = 0; i < rowLength; i++) target[toAt + i * toStride] = source[fromAt + i * fromStride];
    }
  };
  walk(0, fromStart, toStart);
}

function stepStrides(region: Region, rank: number): number[] {
  const strides = rowMajorStrides(region.arrayShape);
  const step = region.step;
  return step === undefined
    ? strides
    : strides.map((stride, axis) => (axis < rank ? stride * step[axis] : stride));
}

function offsetOf(region: Region): number {
  const strides = rowMajorStrides(region.arrayShape);
  return region.origin.reduce((sum, index, axis) => sum + index * strides[axis], 0);
}
