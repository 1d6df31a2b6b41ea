import { elementCount, type RunLengths } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import type { ResultHead } from '../result.ts';

/** Elements of one chunk at most, unless it is asked for otherwise: 4 MiB of float32. */
const chunkElements = 2 ** 20;

/** Chunks that lie within blocks are not worth it when they are this many times smaller than they could be. */
const worthWhile = 16;

/** Extents of a chunk: as much of the last dimensions as fits. */
export function chunkShape(shape: readonly number[], most = chunkElements): number[] {
  let room = most;
  const chunk = [...shape];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    chunk[axis] = Math.max(1, Math.min(shape[axis], room));
    room = Math.floor(room / chunk[axis]);
  }
  return chunk;
}

/**
 * The same, so that no chunk lies in two blocks, where that makes chunks of a sensible size: then nothing has to be put
 * into another order.
 */
export function chunkShapeWithin(
  shape: readonly number[],
  blockGrid: readonly RunLengths[],
  most = chunkElements,
): number[] {
  const free = chunkShape(shape, most);
  const within = [...shape];
  let room = most;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const step = commonStep(blockGrid[axis], shape[axis]);
    within[axis] =
      step >= shape[axis] ? Math.max(1, Math.min(shape[axis], room)) : largestDivisor(step, room);
    room = Math.max(1, Math.floor(room / within[axis]));
  }
  return elementCount(within) * worthWhile >= elementCount(free) ? within : free;
}

/** Whether no chunk has elements of two blocks. */
export function chunksAlign(
  chunk: readonly number[],
  shape: readonly number[],
  blockGrid: readonly RunLengths[],
): boolean {
  return chunk.every((extent, axis) => {
    const step = commonStep(blockGrid[axis], shape[axis]);
    return step >= shape[axis] || step % extent === 0;
  });
}

/** Throws INVALID_ARGUMENT when chunks are asked for along a dimension that no result has. */
export function assertChunksKnown(
  asked: Readonly<Record<string, number>>,
  dimensions: readonly string[],
): void {
  const unknown = Object.keys(asked).find((name) => !dimensions.includes(name));
  if (unknown === undefined) return;
  const known =
    dimensions.length === 0 ? 'there are no dimensions' : `expected ${[...new Set(dimensions)].join(', ')}`;
  throw new HyperslabError(
    'INVALID_ARGUMENT',
    `chunks of "${unknown}": no result has this dimension; ${known}`,
    {
      dimension: unknown,
    },
  );
}

/**
 * Extents of the chunks of a result: those that were asked for by dimension; where none was, chunks that lie within blocks.
 * @throws HyperslabError INVALID_ARGUMENT for what is no extent
 */
export function chunksOf(
  { dimensions, shape, blockGrid }: Pick<ResultHead, 'dimensions' | 'shape' | 'blockGrid'>,
  asked: Readonly<Record<string, number>> = {},
): number[] {
  for (const [name, extent] of Object.entries(asked))
    if (!Number.isSafeInteger(extent) || extent < 1)
      throw new HyperslabError(
        'INVALID_ARGUMENT',
        `chunks of "${name}": expected a whole number from 1 on, found ${extent}`,
      );
  if (!dimensions.some((name) => Object.hasOwn(asked, name))) return chunkShapeWithin(shape, blockGrid);
  // What is asked for takes its part of the room; the other dimensions share what is left.
  const fixed = dimensions.map((name, axis) =>
    Object.hasOwn(asked, name) ? Math.max(1, Math.min(asked[name], shape[axis])) : undefined,
  );
  const taken = fixed.reduce<number>((product, extent) => product * (extent ?? 1), 1);
  const rest = shape.map((extent, axis) => (fixed[axis] === undefined ? extent : 1));
  const others = chunkShape(rest, Math.max(1, Math.floor(chunkElements / taken)));
  return fixed.map((extent, axis) => extent ?? others[axis]);
}

/** The largest step that all borders of the blocks are multiples of; all of it when there is one block. */
function commonStep({ sizes, counts }: RunLengths, extent: number): number {
  if (counts.reduce((sum, count) => sum + count, 0) <= 1) return extent;
  // The end of the last block is the end of the array.
  const last = sizes.length - 1;
  return sizes.reduce((step, size, i) => (i === last && counts[i] === 1 ? step : gcd(size, step)), 0);
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

function largestDivisor(value: number, most: number): number {
  let best = 1;
  for (let divisor = 1; divisor * divisor <= value; divisor++) {
    if (value % divisor !== 0) continue;
    if (divisor <= most) best = Math.max(best, divisor);
    if (value / divisor <= most) best = Math.max(best, value / divisor);
  }
  return best;
}
