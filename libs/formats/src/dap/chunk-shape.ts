import { contiguousChunkShape } from '../hdf5/contiguous-chunks.ts';

/** What a request should bring: less costs round trips, more makes a small read wait for what nobody asked for. */
const wantedBytes = 1024 * 1024;

/** Chunks that a server states and that are larger are cut as if it stated none. */
const mostBytes = 8 * 1024 * 1024;

/**
 * Extents of the chunks that a variable is asked for by: those in which the server stores it (`stated`, if it says), several together
 * up to a megabyte, or else as long runs of whole trailing dimensions as 4 MiB hold.
 */
export function chunkShapeOf(
  shape: readonly number[],
  width: number,
  stated: readonly number[] | undefined,
): number[] {
  const usable =
    stated?.length === shape.length && stated.every((extent) => Number.isSafeInteger(extent) && extent > 0);
  if (!usable) return contiguousChunkShape(shape, width);
  const chunkShape = shape.map((extent, axis) => Math.max(1, Math.min(extent, stated[axis])));
  let bytes = chunkShape.reduce((product, extent) => product * extent, width);
  if (bytes > mostBytes) return contiguousChunkShape(shape, width);
  for (let axis = shape.length - 1; axis >= 0 && bytes * 2 <= wantedBytes; axis--) {
    const times = Math.min(Math.floor(wantedBytes / bytes), Math.ceil(shape[axis] / chunkShape[axis]));
    const extent = Math.max(1, Math.min(shape[axis], chunkShape[axis] * Math.max(1, times)));
    bytes = (bytes / chunkShape[axis]) * extent;
    chunkShape[axis] = extent;
  }
  return chunkShape;
}
