import { copyRegion, type NumericValues, type Region as Place, rowMajorStrides } from '@hyperslab/array';
import { simd } from './simd.ts';

/** A dimension of a box: its extent, and the distance of neighbours in both arrays, in elements. */
interface Axis {
  length: number;
  from: number;
  to: number;
}

/**
 * As `copyRegion`, of numbers: by a kernel where both arrays lie in the arena and rows have no gaps. The engine's own copies of shared
 * memory are slow, and a box has many short rows.
 */
export function copyBox(
  source: NumericValues,
  from: Place,
  target: NumericValues,
  to: Place,
  shape: readonly number[],
): void {
  const ready = simd();
  const isStepped = from.step !== undefined || to.step !== undefined;
  if (ready === undefined || isStepped || !ready.arena.holds(source) || !ready.arena.holds(target)) {
    copyRegion(source, from, target, to, shape);
    return;
  }
  if (shape.includes(0)) return;
  const width = source.BYTES_PER_ELEMENT;
  const axes = joinedAxes(from, to, shape);
  const row = axes.pop() ?? { length: 1, from: 1, to: 1 };
  const rows = axes.pop() ?? { length: 1, from: 0, to: 0 };
  const copy = (depth: number, fromAt: number, toAt: number): void => {
    if (depth === axes.length) {
      const bytes = row.length * width;
      ready.kernels.copyRows(fromAt, rows.from * width, toAt, rows.to * width, bytes, rows.length);
      return;
    }
    const { length, from: fromStep, to: toStep } = axes[depth];
    for (let i = 0; i < length; i++)
      copy(depth + 1, fromAt + i * fromStep * width, toAt + i * toStep * width);
  };
  copy(0, source.byteOffset + offsetOf(from) * width, target.byteOffset + offsetOf(to) * width);
}

/** Dimensions from the outside, neighbours without gaps between them joined; the last one's elements are neighbours. */
function joinedAxes(from: Place, to: Place, shape: readonly number[]): Axis[] {
  const [fromStrides, toStrides] = [from, to].map(({ arrayShape }) => rowMajorStrides(arrayShape));
  const axes: Axis[] = [];
  shape.forEach((length, i) => {
    if (length === 1) return;
    const next = { length, from: fromStrides[i], to: toStrides[i] };
    const last = axes.at(-1);
    if (last?.from === next.from * length && last.to === next.to * length)
      axes[axes.length - 1] = { ...next, length: last.length * length };
    else axes.push(next);
  });
  const last = axes.at(-1);
  if (last !== undefined && (last.from !== 1 || last.to !== 1)) axes.push({ length: 1, from: 1, to: 1 });
  return axes;
}

function offsetOf({ arrayShape, origin }: Place): number {
  const strides = rowMajorStrides(arrayShape);
  return origin.reduce((sum, index, axis) => sum + index * strides[axis], 0);
}
