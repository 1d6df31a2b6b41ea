import { type IndexRange, wholeRange } from '@hyperslab/array';
import type { Grid } from './grid.ts';

/** A picture has no more cells than this, however large the grid: half a megabyte of values. */
const mostCells = 131_072;
/** A line has no more points than this. */
const mostPoints = 4_000;

/** How a grid is thinned: every so many rows and columns, as many of them. */
export interface Thinned {
  step: number;
  rows: IndexRange;
  columns: IndexRange;
}

/** The same distance in both directions, so that the picture keeps its proportions. */
export function thinGrid(
  shape: readonly number[],
  { rows, columns }: Pick<Grid, 'rows' | 'columns'>,
): Thinned {
  const count = (axis: number, step: number) => Math.ceil(shape[axis] / step);
  let step = Math.max(1, Math.floor(Math.sqrt((shape[rows] * shape[columns]) / mostCells)));
  while (count(rows, step) * count(columns, step) > mostCells) step = Math.ceil(step * 1.1);
  return {
    step,
    rows: { start: 0, count: count(rows, step), step },
    columns: { start: 0, count: count(columns, step), step },
  };
}

/** All of a dimension, or points at even distances where there are too many. */
export function thinLine(extent: number): IndexRange {
  if (extent <= mostPoints) return wholeRange(extent);
  const step = Math.ceil(extent / mostPoints);
  return { start: 0, count: Math.ceil(extent / step), step };
}
