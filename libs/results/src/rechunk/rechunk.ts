import { type DataType, elementCount, ravel, unravel } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import type { ResultBox } from '../result.ts';
import { type Box, cut, decodeFragments, encodeFragments, fragmentBytes, join } from './fragment.ts';
import { ScratchFile, type ScratchRun } from './scratch-file.ts';

/** Into what blocks are cut. */
export interface RechunkOptions {
  dtype: DataType;
  shape: readonly number[];
  /** Extents of a chunk. */
  chunk: readonly number[];
  /** Whether chunks are to come in row-major order of their grid. Else they come as they are whole. */
  inOrder?: boolean;
  /** What is held of chunks that are not whole, bytes; more is put into a scratch file. */
  memoryBytes?: number;
  /** File that is written: the scratch file lies beside it, without a name. */
  scratchBeside: string;
}

/** A chunk with its place in the grid of chunks. */
export interface Chunk extends ResultBox {
  /** Its place in each dimension of the grid. */
  index: number[];
}

interface Pending {
  box: Box;
  /** Elements that have not come. */
  lacking: number;
  fragments: ResultBox[];
  runs: ScratchRun[];
}

const defaultMemoryBytes = 64 * 2 ** 20;

/**
 * Cuts disjoint blocks that cover an array, in whatever order they come, into the chunks of a regular grid. A chunk within one block
 * is passed on at once; what is held of others is bounded, however large the array.
 * @throws HyperslabError DISK_FULL where there is no room for the scratch file, TOO_LARGE for texts that would need one
 */
export async function* rechunk(
  blocks: AsyncIterable<ResultBox>,
  options: RechunkOptions,
): AsyncGenerator<Chunk> {
  const { dtype, shape, chunk, inOrder = false, memoryBytes = defaultMemoryBytes, scratchBeside } = options;
  const grid = shape.map((extent, axis) => Math.ceil(extent / chunk[axis]));
  const scratch = new ScratchFile(scratchBeside);
  const pending = new Map<number, Pending>();
  let held = 0;
  let next = 0;

  const spill = async () => {
    for (const number of [...pending.keys()].sort((a, b) => a - b)) {
      const one = pending.get(number)!;
      if (one.fragments.length === 0) continue;
      one.runs.push(await scratch.append(encodeFragments(one.fragments)));
      one.fragments = [];
    }
    held = 0;
  };
  const take = async (number: number): Promise<Chunk> => {
    const one = pending.get(number)!;
    pending.delete(number);
    for (const fragment of one.fragments) held -= fragmentBytes(fragment);
    const fragments = [...one.fragments];
    for (const run of one.runs) fragments.push(...decodeFragments(dtype, await scratch.read(run)));
    return { ...join(dtype, one.box, fragments), index: unravel(number, grid) };
  };

  try {
    for await (const block of blocks) {
      for (const number of chunksWithin(block, chunk, grid)) {
        const one = pending.get(number) ?? newPending(number, { shape, chunk, grid });
        const fragment = cut(block, one.box);
        one.lacking -= elementCount(fragment.shape);
        one.fragments.push(fragment);
        held += fragmentBytes(fragment);
        pending.set(number, one);
        if (inOrder) {
          while (pending.get(next)?.lacking === 0) yield await take(next++);
        } else if (one.lacking === 0) yield await take(number);
        if (held <= memoryBytes) continue;
        if (dtype === 'string') throw textsTooLarge(memoryBytes);
        await spill();
      }
    }
    if (pending.size > 0)
      throw new HyperslabError(
        'INTERNAL',
        `the blocks of a result of shape [${shape.join(', ')}] do not cover it`,
      );
  } finally {
    await scratch.close();
  }
}

function newPending(
  number: number,
  { shape, chunk, grid }: { shape: readonly number[]; chunk: readonly number[]; grid: readonly number[] },
): Pending {
  const origin = unravel(number, grid).map((cell, axis) => cell * chunk[axis]);
  const own = origin.map((start, axis) => Math.min(chunk[axis], shape[axis] - start));
  return { box: { origin, shape: own }, lacking: elementCount(own), fragments: [], runs: [] };
}

/** Numbers of the chunks that a block has elements of, ascending. */
function* chunksWithin(
  { origin, shape }: ResultBox,
  chunk: readonly number[],
  grid: readonly number[],
): Generator<number> {
  if (shape.includes(0)) return;
  const first = origin.map((start, axis) => Math.floor(start / chunk[axis]));
  const extents = origin.map(
    (start, axis) => Math.floor((start + shape[axis] - 1) / chunk[axis]) - first[axis] + 1,
  );
  const count = elementCount(extents);
  for (let i = 0; i < count; i++)
    yield ravel(
      unravel(i, extents).map((cell, axis) => cell + first[axis]),
      grid,
    );
}

function textsTooLarge(memoryBytes: number): HyperslabError {
  return new HyperslabError(
    'TOO_LARGE',
    `texts that must be put into another order take more than ${memoryBytes} bytes; select less of them`,
  );
}
