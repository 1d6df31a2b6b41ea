import { type RunLengths, regularRuns } from '@hyperslab/array';
import { evenExtent, largestCell, packCells } from './run-lengths.ts';

/** What a grid of blocks is to be like. */
export interface GridRequest {
  shape: readonly number[];
  /** Chunks along each dimension. */
  chunks: readonly RunLengths[];
  /** Bytes that a block of these extents takes. */
  bytes: (extents: readonly number[]) => number;
  targetBytes: number;
  /** A single chunk is cut only when it takes more than this: each part decodes all of it. */
  cutBytes: number;
  /** Dimensions that are not cut. */
  whole?: readonly number[];
  /** Dimensions along which no chunk is cut, because it would not help. */
  uncut?: readonly number[];
  /** Of some dimensions: cells that blocks are made of, instead of chunks. */
  units?: ReadonlyMap<number, RunLengths>;
  /** Dimensions in the order in which blocks are extended beyond a chunk, up to `targetBytes`. */
  order: readonly number[];
  /** Then further ones, up to so many bytes only. */
  rest?: { order: readonly number[]; targetBytes: number };
}

/** A grid of blocks of whole chunks, of about the bytes wanted. */
export function chooseGrid(request: GridRequest): RunLengths[] {
  const { shape, chunks, bytes, targetBytes, whole = [], units, order } = request;
  const extents = chunks.map((runs, axis) =>
    Math.max(1, whole.includes(axis) ? shape[axis] : Math.min(largestCell(runs), shape[axis])),
  );
  const cut = cutChunk(request, extents);
  for (const [axis, runs] of units ?? []) extents[axis] = Math.max(extents[axis], largestCell(runs));
  const extend = (axes: readonly number[], most: number): void => {
    for (const axis of axes) {
      const room = Math.floor(most / Math.max(1, bytes(extents)));
      if (shape[axis] === 0 || room < 2) continue;
      extents[axis] = largestFit(extents, axis, shape[axis], bytes, most);
    }
  };
  extend(order, targetBytes);
  if (request.rest !== undefined) extend(request.rest.order, request.rest.targetBytes);
  return shape.map((extent, axis) => {
    if (extent === 0) return { sizes: [], counts: [] };
    if (cut.has(axis)) return regularRuns(extent, extents[axis]);
    // Cells that are packed would leave a last one that is shorter by itself.
    if (extents[axis] >= extent) return regularRuns(extent, extent);
    const cells = units?.get(axis) ?? chunks[axis];
    return packCells(cells, evenExtent(cells, extents[axis]));
  });
}

/** Whether a block of so many bytes, of which no part has more, is all in one: from a chunk of it there is always room for twice as much. */
export function isOneBlock(bytes: number, targetBytes: number): boolean {
  return 2 * bytes <= targetBytes;
}

/** Shortens a chunk that is too large from the outside, so that what is read stays contiguous. */
function cutChunk(
  { bytes, targetBytes, cutBytes, whole = [], uncut = [] }: GridRequest,
  extents: number[],
): Set<number> {
  const cut = new Set<number>();
  if (bytes(extents) <= cutBytes) return cut;
  for (let axis = 0; axis < extents.length && bytes(extents) > targetBytes; axis++) {
    if (extents[axis] === 1 || whole.includes(axis) || uncut.includes(axis)) continue;
    extents[axis] = Math.max(1, Math.floor((extents[axis] * targetBytes) / bytes(extents)));
    cut.add(axis);
  }
  return cut;
}

function largestFit(
  extents: readonly number[],
  axis: number,
  length: number,
  bytes: (extents: readonly number[]) => number,
  targetBytes: number,
): number {
  const step = extents[axis];
  let low = 1;
  let high = Math.ceil(length / step);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (bytes(extents.with(axis, Math.min(length, middle * step))) <= targetBytes) low = middle;
    else high = middle - 1;
  }
  return Math.min(length, low * step);
}
