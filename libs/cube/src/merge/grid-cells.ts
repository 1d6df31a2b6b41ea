import type { GridAxis } from './arrangement.ts';

/** Cells between neighbours along each axis of a grid, row-major. */
export function stridesOf(axes: readonly GridAxis[]): number[] {
  const strides = new Array<number>(axes.length);
  let stride = 1;
  for (let a = axes.length - 1; a >= 0; a--) {
    strides[a] = stride;
    stride *= axes[a].extents.length;
  }
  return strides;
}

/** Whether what lies in the cells changes along an axis of a grid. */
export function variesAlong(
  stride: number,
  extent: number,
  cells: number,
  contentAt: (cell: number) => number,
): boolean {
  if (extent === 1) return false;
  for (let cell = 0; cell < cells; cell++) {
    const index = Math.floor(cell / stride) % extent;
    if (index > 0 && contentAt(cell) !== contentAt(cell - index * stride)) return true;
  }
  return false;
}

/** Cells of a grid over some of its axes, row-major in the order given, at the start of the others. */
export function cellsOver(
  spanned: readonly GridAxis[],
  axes: readonly GridAxis[],
  strides: readonly number[],
): number[] {
  let cells = [0];
  for (const axis of spanned) {
    const stride = strides[axes.indexOf(axis)];
    if (stride === undefined || axis.extents.length === 1) continue;
    cells = cells.flatMap((cell) => axis.extents.map((_, i) => cell + i * stride));
  }
  return cells;
}
