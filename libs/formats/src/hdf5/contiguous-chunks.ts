/** Bytes of a chunk that an array without chunks is cut into, at most: what is decoded and cached at once. */
export const mostChunkBytes = 4 * 1024 * 1024;

/**
 * Extents of the chunks that an array in one piece is cut into: whole in the last dimensions, so that each is one run of
 * bytes, and as long in one dimension as the limit allows.
 */
export function contiguousChunkShape(shape: readonly number[], width: number): number[] {
  const chunkShape = shape.map((extent) => Math.max(1, extent));
  let bytes = width;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const fitting = Math.max(1, Math.floor(mostChunkBytes / bytes));
    if (chunkShape[axis] > fitting) {
      chunkShape[axis] = fitting;
      chunkShape.fill(1, 0, axis);
      return chunkShape;
    }
    bytes *= chunkShape[axis];
  }
  return chunkShape;
}

/** Offset from the first byte and length of each chunk, in row-major order of their grid. */
export function* contiguousChunks(
  shape: readonly number[],
  chunkShape: readonly number[],
  width: number,
): Iterable<{ offset: number; length: number }> {
  if (shape.includes(0)) return;
  // The last dimension that is cut at all; those before it are cut into single elements.
  const cut = Math.max(
    0,
    shape.findLastIndex((extent, axis) => chunkShape[axis] < extent),
  );
  const inner = shape.slice(cut + 1).reduce((product, extent) => product * extent, width);
  const outer = shape.slice(0, cut).reduce((product, extent) => product * extent, 1);
  const extent = shape[cut] ?? 1;
  const step = chunkShape[cut] ?? 1;
  for (let i = 0; i < outer; i++) {
    for (let start = 0; start < extent; start += step) {
      const count = Math.min(step, extent - start);
      yield { offset: (i * extent + start) * inner, length: count * inner };
    }
  }
}
