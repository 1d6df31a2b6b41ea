import { appendRun, gridShape, type RunLengths, regularRuns } from '@hyperslab/array';

/**
 * Boundaries of all chunks, along each dimension: for each row of pieces the union of the boundaries of their chunks.
 * `chunkShapes` are those of the pieces, row-major over the grid of pieces.
 */
export function unionGrid(
  pieceGrid: readonly RunLengths[],
  chunkShapes: readonly (readonly number[])[],
): RunLengths[] {
  const cells = gridShape(pieceGrid);
  let stride = chunkShapes.length;
  return pieceGrid.map((runs, axis) => {
    stride /= cells[axis];
    const sizes = Array.from({ length: cells[axis] }, () => new Set<number>());
    for (const [row, shape] of chunkShapes.entries())
      sizes[Math.floor(row / stride) % cells[axis]].add(shape[axis]);
    const union: RunLengths = { sizes: [], counts: [] };
    let position = 0;
    for (const [i, extent] of runs.sizes.entries()) {
      for (let n = 0; n < runs.counts[i]; n++) appendRuns(union, chunksOf(extent, [...sizes[position++]]));
    }
    return union;
  });
}

function chunksOf(extent: number, sizes: readonly number[]): RunLengths {
  if (sizes.length === 1) return regularRuns(extent, sizes[0]);
  const boundaries = new Set<number>([extent]);
  for (const size of sizes) for (let at = size; at < extent; at += size) boundaries.add(at);
  const runs: RunLengths = { sizes: [], counts: [] };
  let before = 0;
  for (const boundary of [...boundaries].sort((a, b) => a - b)) {
    if (boundary > before) appendRun(runs, boundary - before, 1);
    before = boundary;
  }
  return runs;
}

function appendRuns(target: RunLengths, added: RunLengths): void {
  for (const [i, size] of added.sizes.entries()) appendRun(target, size, added.counts[i]);
}
