/** Extents along one dimension of a rectilinear grid: `sizes[i]` repeated `counts[i]` times. */
export interface RunLengths {
  sizes: number[];
  counts: number[];
}

/** Extents of a regular grid: all `size` but the last, which ends with the dimension. */
export function regularRuns(extent: number, size: number): RunLengths {
  if (extent === 0) return { sizes: [], counts: [] };
  const whole = Math.floor(extent / size);
  const rest = extent - whole * size;
  const runs: RunLengths = { sizes: [], counts: [] };
  if (whole > 0) appendRun(runs, size, whole);
  if (rest > 0) appendRun(runs, rest, 1);
  return runs;
}

/** Adds `count` extents of `size` at the end, joining them with an equal last run. */
export function appendRun(runs: RunLengths, size: number, count: number): void {
  const last = runs.sizes.length - 1;
  if (last >= 0 && runs.sizes[last] === size) runs.counts[last] += count;
  else {
    runs.sizes.push(size);
    runs.counts.push(count);
  }
}

/** Number of cells along the dimension. */
export function cellCount(runs: RunLengths): number {
  return runs.counts.reduce((sum, count) => sum + count, 0);
}

/** Length of the dimension. */
export function runsExtent(runs: RunLengths): number {
  return runs.sizes.reduce((sum, size, i) => sum + size * runs.counts[i], 0);
}

/** Start and extent of cell number `cell`. Throws RangeError past the end. */
export function cellSpan(runs: RunLengths, cell: number): { start: number; size: number } {
  let start = 0;
  let rest = cell;
  for (let i = 0; i < runs.sizes.length; i++) {
    if (rest < runs.counts[i]) return { start: start + rest * runs.sizes[i], size: runs.sizes[i] };
    rest -= runs.counts[i];
    start += runs.counts[i] * runs.sizes[i];
  }
  throw new RangeError(`cell ${cell} is past the end of the grid`);
}

/** Number of the cell that holds `index`. Throws RangeError past the end. */
export function cellOf(runs: RunLengths, index: number): number {
  let cell = 0;
  let rest = index;
  for (let i = 0; i < runs.sizes.length; i++) {
    const length = runs.counts[i] * runs.sizes[i];
    if (rest < length) return cell + Math.floor(rest / runs.sizes[i]);
    rest -= length;
    cell += runs.counts[i];
  }
  throw new RangeError(`index ${index} is past the end of the grid`);
}

/** Shape of the grid: cells in each dimension. */
export function gridShape(grid: readonly RunLengths[]): number[] {
  return grid.map(cellCount);
}

/** Origin and shape of the cell at `index` of a grid. */
export function gridCell(
  grid: readonly RunLengths[],
  index: readonly number[],
): { origin: number[]; shape: number[] } {
  const spans = grid.map((runs, axis) => cellSpan(runs, index[axis]));
  return { origin: spans.map((s) => s.start), shape: spans.map((s) => s.size) };
}
