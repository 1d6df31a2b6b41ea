import {
  cellCount,
  cellOf,
  clipRange,
  copyRegion,
  type DataType,
  elementCount,
  type IndexRange,
  lastIndex,
  type MaskedArray,
  type RunLengths,
  ravel,
} from '@hyperslab/array';
import type { Allocator } from '@hyperslab/kernels';
import { decodeBlock } from './block-format.ts';
import { cellBox, combinations } from './box.ts';
import { partOfArray } from './tile-parts.ts';

/** Blocks that are on their way at once: enough that a peer is never waited for one by one. */
const mostAtOnce = 8;

/** An array in blocks. */
export interface BlockedArray {
  dtype: DataType;
  /** Extents of blocks along each dimension, which are numbered in row-major order. */
  grid: readonly RunLengths[];
  /** The bytes of a block. */
  read: (block: number) => Promise<Uint8Array>;
}

/**
 * A hyperslab of an array that lies in blocks: where it is within one, without steps, a view of it, if it can be, else a copy in `memory`. Dimensions of one index stay.
 * Throws FORMAT_CORRUPT for what is no block, and what `read` throws.
 */
export async function readBlocks(
  { dtype, grid, read }: BlockedArray,
  ranges: readonly IndexRange[],
  memory: Allocator,
): Promise<MaskedArray> {
  const shape = ranges.map(({ count }) => count);
  const counts = grid.map(cellCount);
  const touched = shape.includes(0)
    ? []
    : [...combinations(ranges.map((range, axis) => cellsOf(grid[axis], range)))];
  if (touched.length === 1 && ranges.every(({ step, count }) => step === 1 || count === 1)) {
    const [block] = decodeBlock(await read(ravel(touched[0], counts)));
    const { origin } = cellBox(grid, touched[0]);
    return partOfArray(
      block,
      { origin: ranges.map(({ start }, axis) => start - origin[axis]), shape },
      memory,
    );
  }
  const count = elementCount(shape);
  const values = dtype === 'string' ? new Array<string>(count) : memory.array(dtype, count);
  let mask: Uint8Array | undefined;
  const place = async (cell: readonly number[]) => {
    const box = cellBox(grid, cell);
    const clips = ranges.map((range, axis) =>
      clipRange(range, box.origin[axis], box.origin[axis] + box.shape[axis]),
    );
    const part = clips.map((clip) => clip.count);
    if (part.includes(0)) return;
    const [block] = decodeBlock(await read(ravel(cell, counts)));
    const from = {
      arrayShape: box.shape,
      origin: clips.map(
        ({ first }, axis) => ranges[axis].start + first * ranges[axis].step - box.origin[axis],
      ),
      step: ranges.map(({ step }) => step),
    };
    const to = { arrayShape: shape, origin: clips.map(({ first }) => first) };
    copyRegion(block.values, from, values, to, part);
    if (block.mask === undefined) return;
    mask ??= memory.zeros('uint8', count) as Uint8Array;
    copyRegion(block.mask, from, mask, to, part);
  };
  for (let at = 0; at < touched.length; at += mostAtOnce)
    await Promise.all(touched.slice(at, at + mostAtOnce).map(place));
  return { dtype, shape, values, mask };
}

/** Numbers of the blocks of a grid that a hyperslab may have a part of. */
export function blocksTouched(grid: readonly RunLengths[], ranges: readonly IndexRange[]): number[] {
  if (ranges.some(({ count }) => count === 0)) return [];
  const counts = grid.map(cellCount);
  return [...combinations(ranges.map((range, axis) => cellsOf(grid[axis], range)))].map((cell) =>
    ravel(cell, counts),
  );
}

/** Numbers of the cells between the first and the last index of a range that is not empty. */
function cellsOf(runs: RunLengths, range: IndexRange): number[] {
  const first = cellOf(runs, range.start);
  return Array.from({ length: cellOf(runs, lastIndex(range)) - first + 1 }, (_, i) => first + i);
}
