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
  const fromStart = offsetOf(from);
  const toStart = offsetOf(to);
  const axes = joinedAxes(stepStrides(from, rank), stepStrides(to, rank), shape);
  const inner = axes.pop();
  if (inner === undefined) {
    target[toStart] = source[fromStart];
    return;
  }
  const copyRow = rowCopier(source, target, inner);
  const walk = (depth: number, fromAt: number, toAt: number): void => {
    if (depth === axes.length) {
      copyRow(fromAt, toAt);
      return;
    }
    const { length, from: fromStride, to: toStride } = axes[depth];
    for (let i = 0; i < length; i++) walk(depth + 1, fromAt + i * fromStride, toAt + i * toStride);
  };
  walk(0, fromStart, toStart);
}

/** A dimension of a box: its extent, and the distance of neighbours in both arrays. */
interface Axis {
  length: number;
  from: number;
  to: number;
}

/** Dimensions of more than one index, neighbours that behave as one joined. */
function joinedAxes(from: readonly number[], to: readonly number[], shape: readonly number[]): Axis[] {
  const axes: Axis[] = [];
  shape.forEach((length, i) => {
    if (length === 1) return;
    const next = { length, from: from[i], to: to[i] };
    const last = axes.at(-1);
    if (last?.from === next.from * length && last.to === next.to * length)
      axes[axes.length - 1] = { ...next, length: last.length * length };
    else axes.push(next);
  });
  return axes;
}

/** Copies a row of elements from one place to another. */
function rowCopier(source: Copyable, target: Copyable, { length, from, to }: Axis): CopyRow {
  if (from !== 1 || to !== 1 || !ArrayBuffer.isView(source) || !ArrayBuffer.isView(target)) {
    return (fromAt, toAt) => {
      for (let i = 0; i < length; i++) target[toAt + i * to] = source[fromAt + i * from];
    };
  }
  const width = source.byteLength / source.length;
  const [read, written] = [source, target].map(
    ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
  );
  const bytes = length * width;
  // Where there are Buffers, their copy makes no views, and is fast between all kinds of memory.
  const copy = globalThis.Buffer?.prototype.copy;
  if (copy === undefined || source.constructor !== target.constructor) {
    const [numbers, into] = [source as unknown as Float64Array, target as unknown as Float64Array];
    return (fromAt, toAt) => into.set(numbers.subarray(fromAt, fromAt + length), toAt);
  }
  return (fromAt, toAt) => copy.call(read, written, toAt * width, fromAt * width, fromAt * width + bytes);
}

type CopyRow = (fromAt: number, toAt: number) => void;

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
