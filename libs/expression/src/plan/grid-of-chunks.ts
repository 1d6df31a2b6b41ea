import { elementCount, type RunLengths, regularRuns } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import type { PlanNode } from '@hyperslab/proto/expression';
import { chooseGrid } from './choose-grid.ts';
import { widthOf } from './stage-geometry.ts';

/** A chunk is made in one piece, by one task. */
const largestChunk = 128 * 2 ** 20;

/**
 * Blocks of whole chunks of a shape, whatever the chunks are that values come from.
 * @throws HyperslabError TOO_LARGE for chunks that a task can't hold
 */
export function gridOfChunks(
  { shape, dtype }: PlanNode,
  chunkShape: readonly number[],
  targetBytes: number,
): RunLengths[] {
  const bytes = (extents: readonly number[]) => elementCount(extents) * widthOf(dtype);
  const chunk = chunkShape.map((extent, axis) => Math.max(1, Math.min(extent, shape[axis])));
  if (bytes(chunk) > largestChunk)
    throw new HyperslabError(
      'TOO_LARGE',
      `chunks [${chunk.join(', ')}] of ${dtype} take ${bytes(chunk)} bytes, and one task makes all of one: at most ${largestChunk}; choose smaller ones`,
      { bytes: String(bytes(chunk)), most: String(largestChunk) },
    );
  return chooseGrid({
    shape,
    chunks: shape.map((extent, axis) => regularRuns(extent, chunk[axis])),
    bytes,
    targetBytes,
    cutBytes: Number.POSITIVE_INFINITY,
    order: [...shape.keys()].reverse(),
  });
}
