import {
  appendRun,
  cellCount,
  type IndexRange,
  type RunLengths,
  regularRuns,
  runsExtent,
} from '@hyperslab/array';

/** Largest extent of a cell. */
export function largestCell(runs: RunLengths): number {
  return runs.sizes.reduce((largest, size) => Math.max(largest, size), 1);
}

/**
 * The grid that a selection sees of a dimension's chunks: extents in selected indices. With a step it only follows the
 * chunks on the average, which costs some chunks read twice and no wrong value.
 */
export function runsThrough(runs: RunLengths, { start, count, step }: IndexRange): RunLengths {
  if (count === 0) return { sizes: [], counts: [] };
  if (runsExtent(runs) === 0) return { sizes: [count], counts: [1] };
  const seen: RunLengths = { sizes: [], counts: [] };
  let left = count;
  let skip = start;
  for (let i = 0; i < runs.sizes.length && left > 0; i++) {
    const size = runs.sizes[i];
    const skipped = Math.min(runs.counts[i], Math.floor(skip / size));
    skip -= skipped * size;
    let cells = runs.counts[i] - skipped;
    if (cells === 0) continue;
    if (step > 1) {
      left = appendStepped(seen, left, cells * size - skip, size, step);
      skip = 0;
      continue;
    }
    const first = Math.min(left, size - skip);
    appendRun(seen, first, 1);
    left -= first;
    cells--;
    skip = 0;
    const whole = Math.min(cells, Math.floor(left / size));
    if (whole > 0) appendRun(seen, size, whole);
    left -= whole * size;
    if (whole < cells && left > 0) {
      appendRun(seen, left, 1);
      left = 0;
    }
  }
  if (left > 0) appendRun(seen, left, 1);
  return seen;
}

function appendStepped(seen: RunLengths, left: number, extent: number, size: number, step: number): number {
  const indices = Math.min(left, Math.floor(extent / step));
  const regular = regularRuns(indices, Math.max(1, Math.floor(size / step)));
  regular.sizes.forEach((each, i) => {
    appendRun(seen, each, regular.counts[i]);
  });
  return left - indices;
}

/** Neighbouring cells joined up to an extent; a larger cell stays as it is. */
export function packCells(runs: RunLengths, extent: number): RunLengths {
  const packed: RunLengths = { sizes: [], counts: [] };
  let filled = 0;
  runs.sizes.forEach((size, i) => {
    let cells = runs.counts[i];
    if (filled > 0) {
      const more = Math.min(cells, Math.max(0, Math.floor((extent - filled) / size)));
      filled += more * size;
      cells -= more;
      if (cells > 0) {
        appendRun(packed, filled, 1);
        filled = 0;
      }
    }
    const each = Math.max(1, Math.floor(extent / size));
    const groups = Math.floor(cells / each);
    if (groups > 0) appendRun(packed, size * each, groups);
    filled += (cells - groups * each) * size;
  });
  if (filled > 0) appendRun(packed, filled, 1);
  return packed;
}

/** An extent that cuts a dimension into as many blocks as the given one, of more even size, at whole cells. */
export function evenExtent(runs: RunLengths, extent: number): number {
  const size = largestCell(runs);
  if (extent <= size) return extent;
  const cells = cellCount(runs);
  const groups = Math.ceil(cells / Math.floor(extent / size));
  return Math.ceil(cells / groups) * size;
}
