import {
  cellOf,
  cellSpan,
  type IndexRange,
  itemSize,
  type MaskedArray,
  type RunLengths,
} from '@hyperslab/array';
import { createChunkCache } from './cache/chunk-cache.ts';
import { readArray } from './read-array.ts';
import type { ReadRequest } from './read-request.ts';

/** A run of consecutive elements, in row-major order, of what was asked for. */
export interface Slab {
  /** Index of its first element in the result. */
  origin: number[];
  array: MaskedArray;
}

/** Decoded chunks that two slabs share are kept so far, where the caller brings no cache. */
const ownCacheBytes = 64 * 1024 * 1024;

/**
 * A hyperslab of any size as consecutive slabs of at most `slabBytes` of values (or one element), in row-major order,
 * each read when it is asked for. Slabs end with chunks where they can, so that few chunks are decoded twice. Throws
 * what `readArray` throws.
 */
export async function* readSlabs(request: ReadRequest, slabBytes: number): AsyncIterable<Slab> {
  const cache = request.cache ?? createChunkCache(ownCacheBytes);
  const { variable, ranges } = request;
  const width = elementWidth(request);
  for (const slab of slabRanges(ranges, variable.chunkGrid, Math.max(1, Math.floor(slabBytes / width)))) {
    const selected = ranges.map((range, axis) => ({
      start: range.start + slab[axis].start * range.step,
      count: slab[axis].count,
      step: range.step,
    }));
    yield {
      origin: slab.map(({ start }) => start),
      array: await readArray({ ...request, cache, ranges: selected }),
    };
  }
}

/** Strings are inline, and few: what each is counted with matters little. */
function elementWidth({ variable, stored }: ReadRequest): number {
  const dtype = stored && variable.storedDtype !== '' ? variable.storedDtype : variable.dtype;
  return dtype === 'string' ? 64 : itemSize(dtype);
}

/**
 * Boxes of at most `most` elements that cover the ranges in row-major order, counted in the ranges' own indices: single
 * indices of the leading dimensions, a run of one, all of those after it. Pure.
 */
function* slabRanges(
  ranges: readonly IndexRange[],
  chunkGrid: readonly RunLengths[],
  most: number,
): Iterable<{ start: number; count: number }[]> {
  if (ranges.some(({ count }) => count === 0)) return;
  let axis = ranges.length;
  let inner = 1;
  while (axis > 0 && inner * ranges[axis - 1].count <= most) inner *= ranges[--axis].count;
  const whole = ranges.map(({ count }) => ({ start: 0, count }));
  if (axis === 0) {
    yield whole;
    return;
  }
  const cutAxis = axis - 1;
  const longest = Math.max(1, Math.floor(most / inner));
  for (const leading of leadingIndices(ranges.slice(0, cutAxis).map(({ count }) => count))) {
    for (let start = 0; start < ranges[cutAxis].count; ) {
      const count = runLength(ranges[cutAxis], chunkGrid[cutAxis], start, longest);
      yield [
        ...leading.map((index) => ({ start: index, count: 1 })),
        { start, count },
        ...whole.slice(cutAxis + 1),
      ];
      start += count;
    }
  }
}

/** At most `longest` indices from `start` on, up to the last chunk boundary among them if there is one. */
function runLength(range: IndexRange, runs: RunLengths | undefined, start: number, longest: number): number {
  const end = Math.min(range.count, start + longest);
  if (end === range.count || runs === undefined || runs.sizes.length === 0) return end - start;
  const boundary = cellSpan(runs, cellOf(runs, range.start + end * range.step)).start;
  const before = Math.ceil((boundary - range.start) / range.step);
  return before > start ? before - start : end - start;
}

function* leadingIndices(shape: readonly number[]): Iterable<number[]> {
  const index = shape.map(() => 0);
  for (;;) {
    yield [...index];
    let axis = shape.length - 1;
    while (axis >= 0 && ++index[axis] === shape[axis]) index[axis--] = 0;
    if (axis < 0) return;
  }
}
