import { cellOf, cellSpan, type RunLengths } from '@hyperslab/array';

/** A rectangular part of a node: index of its first element and extents. */
export interface Box {
  origin: number[];
  shape: number[];
}

/** The box of one dimension order seen in another: of the dimensions that both have. */
export function projectBox(box: Box, from: readonly string[], to: readonly string[]): Box {
  const axes = to.map((name) => from.indexOf(name));
  return { origin: axes.map((axis) => box.origin[axis]), shape: axes.map((axis) => box.shape[axis]) };
}

/** Numbers of the cells along a dimension that a run of indices touches. */
export function touchedCells(runs: RunLengths, start: number, count: number): number[] {
  if (count === 0) return [];
  const first = cellOf(runs, start);
  const last = cellOf(runs, start + count - 1);
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** Where two boxes overlap; undefined when they do not. */
export function intersectBoxes(a: Box, b: Box): Box | undefined {
  const origin = a.origin.map((start, axis) => Math.max(start, b.origin[axis]));
  const shape = origin.map(
    (start, axis) => Math.min(a.origin[axis] + a.shape[axis], b.origin[axis] + b.shape[axis]) - start,
  );
  return shape.every((extent) => extent > 0) ? { origin, shape } : undefined;
}

/** Whether all of a box lies in another. */
export function isWithin(box: Box, other: Box): boolean {
  return box.origin.every((start, axis) => {
    const from = other.origin[axis];
    return start >= from && start + box.shape[axis] <= from + other.shape[axis];
  });
}

/** The box of a cell of a grid, along given axes of it. */
export function cellBox(grid: readonly RunLengths[], index: readonly number[]): Box {
  const spans = grid.map((runs, axis) => cellSpan(runs, index[axis]));
  return { origin: spans.map(({ start }) => start), shape: spans.map(({ size }) => size) };
}

/** All combinations of one index of each list, in row-major order. */
export function* combinations(lists: readonly (readonly number[])[]): Generator<number[]> {
  if (lists.length === 0) {
    yield [];
    return;
  }
  const [first, ...rest] = lists;
  for (const index of first) for (const tail of combinations(rest)) yield [index, ...tail];
}
