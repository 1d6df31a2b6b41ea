import { rowMajorStrides } from '@hyperslab/array';

/** A dimension of a tile, neighbours that behave alike joined. */
interface Axis {
  length: number;
  /** Distance of neighbours in the tile. */
  stride: number;
  /** Distance of their cells in the accumulator; 0 along a reduced dimension. */
  cellStride: number;
}

/** A row of a tile: `length` neighbouring elements from `at`, which go to `length` cells from `cell`, or all to that one. */
export type RowVisitor = (at: number, cell: number, length: number) => void;

/** A row of windows: `count` neighbours in the tile of `length` elements each from `at`, which go to a cell each from `cell`. */
export type WindowVisitor = (at: number, cell: number, count: number, length: number) => void;

/** Longer windows are rows of their own: kernels with vectors take them, and calls are few. */
const longestWindow = 32;

/**
 * Calls for each innermost row of a tile, in row-major order: `spread` for rows along a dimension that stays (element i
 * goes to cell + i), `gather` for rows along a reduced one (all go to one cell).
 * Rows of a few elements that go to neighbouring cells, as of groups of neighbours, are visited together by `windows`, if there is one.
 *
 * @param reduced for each dimension of the tile whether it is reduced
 * @param origin cell of the tile's first element, by the dimensions that stay
 */
export function visitRows(
  tileShape: readonly number[],
  reduced: readonly boolean[],
  cells: readonly number[],
  origin: readonly number[],
  visitor: { spread: RowVisitor; gather: RowVisitor; windows?: WindowVisitor },
): void {
  if (tileShape.some((length) => length === 0)) return;
  const cellStrides = rowMajorStrides(cells);
  const first = origin.reduce((sum, index, i) => sum + index * cellStrides[i], 0);
  const axes = joinAxes(tileShape, reduced, cellStrides);
  const inner = axes.pop();
  if (inner === undefined) {
    visitor.gather(0, first, 1);
    return;
  }
  const outer = axes.at(-1);
  const { windows } = visitor;
  const areWindows =
    inner.cellStride === 0 &&
    inner.length <= longestWindow &&
    outer?.cellStride === 1 &&
    outer.stride === inner.length;
  if (areWindows && windows !== undefined) axes.pop();
  const row = inner.cellStride === 0 ? visitor.gather : visitor.spread;
  const visit =
    areWindows && windows !== undefined
      ? (at: number, cell: number, length: number) => windows(at, cell, outer.length, length)
      : row;
  const walk = (depth: number, at: number, cell: number): void => {
    if (depth === axes.length) {
      visit(at, cell, inner.length);
      return;
    }
    const { length, stride, cellStride } = axes[depth];
    for (let i = 0; i < length; i++) walk(depth + 1, at + i * stride, cell + i * cellStride);
  };
  walk(0, 0, first);
}

function joinAxes(
  shape: readonly number[],
  reduced: readonly boolean[],
  cellStrides: readonly number[],
): Axis[] {
  const strides = rowMajorStrides(shape);
  const axes: Axis[] = [];
  let kept = 0;
  shape.forEach((length, axis) => {
    const cellStride = reduced[axis] ? 0 : cellStrides[kept++];
    if (length === 1) return;
    const last = axes.at(-1);
    if (last !== undefined && last.cellStride === cellStride * length)
      axes[axes.length - 1] = { length: last.length * length, stride: strides[axis], cellStride };
    else axes.push({ length, stride: strides[axis], cellStride });
  });
  // Cells lie apart where the tile has one index of a dimension of several: then each element is a row of its own.
  const last = axes.at(-1);
  if (last !== undefined && last.cellStride > 1) axes.push({ length: 1, stride: 1, cellStride: 1 });
  return axes;
}
