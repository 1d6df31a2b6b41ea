import type { IndexRange, RunLengths } from '@hyperslab/array';

/** A cell of a grid along one dimension. */
export interface Cell {
  index: number;
  start: number;
  size: number;
}

/** Cells of a rectilinear dimension that hold at least one index of the range, in order. Time is that of cells touched and of runs. */
export function touchedCells(runs: RunLengths, { start, count, step }: IndexRange): Cell[] {
  const cells: Cell[] = [];
  let runStart = 0;
  let runCell = 0;
  let next = 0;
  for (let run = 0; run < runs.sizes.length && next < count; run++) {
    const size = runs.sizes[run];
    const end = runStart + size * runs.counts[run];
    while (next < count && size > 0) {
      const index = start + next * step;
      if (index >= end) break;
      const cell = Math.floor((index - runStart) / size);
      const cellStart = runStart + cell * size;
      cells.push({ index: runCell + cell, start: cellStart, size });
      next = Math.ceil((cellStart + size - start) / step);
    }
    runStart = end;
    runCell += runs.counts[run];
  }
  return cells;
}

/** All combinations of one cell of each dimension, row-major. */
export function* combinations(dimensions: readonly Cell[][]): Generator<Cell[]> {
  if (dimensions.some((cells) => cells.length === 0)) return;
  const at = new Array<number>(dimensions.length).fill(0);
  for (;;) {
    yield at.map((i, axis) => dimensions[axis][i]);
    let axis = dimensions.length - 1;
    while (axis >= 0 && ++at[axis] === dimensions[axis].length) at[axis--] = 0;
    if (axis < 0) return;
  }
}
