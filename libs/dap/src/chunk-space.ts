/** An array whose values lie chunk after chunk, in row-major order of the chunks, those at the far edges cut. */
export interface ChunkSpace {
  /** Bytes of a value. */
  width: number;
  shape: readonly number[];
  /** Extents of a full chunk, each at least 1. */
  chunkShape: readonly number[];
}

/** A chunk: which part of the array it is, and where its bytes lie. */
export interface SpaceChunk {
  origin: number[];
  shape: number[];
  offset: number;
  length: number;
}

/** Bytes of all values. */
export function spaceBytes({ width, shape }: ChunkSpace): number {
  return shape.reduce((product, extent) => product * extent, width);
}

/**
 * The chunk that the byte at an offset lies in. From the first dimension on: all chunks that begin at the same index of it lie
 * together. The offset must be within the array.
 */
export function chunkAt({ width, shape, chunkShape }: ChunkSpace, offset: number): SpaceChunk {
  const origin: number[] = [];
  const extents: number[] = [];
  let rest = offset;
  // Bytes of one index of this dimension, of the part that the dimensions before it have chosen.
  let indexBytes = width * product(shape);
  for (const [axis, extent] of shape.entries()) {
    indexBytes /= extent;
    const number = Math.floor(rest / (indexBytes * chunkShape[axis]));
    const start = number * chunkShape[axis];
    const size = Math.min(chunkShape[axis], extent - start);
    origin.push(start);
    extents.push(size);
    rest -= start * indexBytes;
    indexBytes *= size;
  }
  return { origin, shape: extents, offset: offset - rest, length: indexBytes };
}

/** All chunks, in the order in which they lie. */
export function* allChunks(space: ChunkSpace): Iterable<SpaceChunk> {
  const bytes = spaceBytes(space);
  for (let offset = 0; offset < bytes; ) {
    const chunk = chunkAt(space, offset);
    yield chunk;
    offset += chunk.length;
  }
}

function product(extents: readonly number[]): number {
  return extents.reduce((value, extent) => value * extent, 1);
}
