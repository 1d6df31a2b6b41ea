import { ravel } from '@hyperslab/array';
import type { Layout } from '@hyperslab/proto/array';
import { chunksOf, isAligned } from './axis-map.ts';
import type { PlacedMapping } from './place-mappings.ts';
import { runChunkShape } from './run-chunks.ts';

/** One chunk of a virtual dataset: a chunk, or a run of bytes, of a source. */
export interface VirtualChunk {
  /** Place in the grid of the virtual dataset. */
  place: number[];
  offset: number;
  length: number;
  skippedCodecs: number;
  object: number;
}

/**
 * The layout that the sources of a virtual dataset share, in its dimensions; why they share none, or cut their chunks
 * elsewhere, as text. `width` is the stored bytes of an element.
 */
export function commonLayout(
  mappings: readonly PlacedMapping[],
  shape: readonly number[],
  width: number,
): Layout | string {
  const [first] = mappings;
  const isChunked = isPadded(first);
  if (mappings.some((mapping) => isPadded(mapping) !== isChunked))
    return 'some of its sources have chunks, others none';
  const runs = isChunked ? undefined : runChunkShape(mappings, shape, width);
  if (typeof runs === 'string') return runs;
  const layouts = mappings.map((mapping) => ({
    ...mapping.source.variable.layout!,
    chunkShape: runs ?? ownChunkShape(mapping),
  }));
  if (new Set(layouts.map((layout) => JSON.stringify(layout))).size > 1) {
    return 'its sources have different types, chunks or filters';
  }
  const [layout] = layouts;
  for (const { axes } of mappings) {
    const astray = axes.findIndex((axis, i) => !isAligned(axis, layout.chunkShape[i], shape[i]));
    if (astray >= 0) return `its sources begin or end within a chunk in dimension ${astray}`;
  }
  if (isChunked && !mappings.every(takesWholeChunks)) return 'it takes parts of the chunks of its sources';
  return layout;
}

function isPadded({ source }: PlacedMapping): boolean {
  return source.variable.layout!.edgeChunksPadded;
}

/** The chunks of a source, in the dimensions of the virtual dataset. */
function ownChunkShape({ axes, source }: PlacedMapping): number[] {
  const { chunkShape } = source.variable.layout!;
  return axes.map(({ sourceAxis }) => (sourceAxis === undefined ? 1 : chunkShape[sourceAxis]));
}

/** Whether what is taken begins at chunks of the source, and dimensions that are left out have chunks of one element. */
function takesWholeChunks({ axes, source }: PlacedMapping): boolean {
  const { chunkShape } = source.variable.layout!;
  const used = new Set(axes.map(({ sourceAxis }) => sourceAxis));
  return (
    chunkShape.every((extent, axis) => used.has(axis) || extent === 1) &&
    axes.every(({ segments, sourceAxis }) =>
      segments.every((segment) => sourceAxis === undefined || segment.source % chunkShape[sourceAxis] === 0),
    )
  );
}

/** The chunks of a mapping in the common layout. */
export function* virtualChunks(
  mapping: PlacedMapping,
  { chunkShape, edgeChunksPadded }: Layout,
  width: number,
): Iterable<VirtualChunk> {
  const { axes, source, sourceStart } = mapping;
  const { chunks, layout, shape } = source.variable;
  const table = chunks!;
  const ownGrid = shape.map((extent, axis) => Math.ceil(extent / layout!.chunkShape[axis]));
  const start = startOf(mapping);
  for (const places of product(axes.map((axis, i) => [...chunksOf(axis, chunkShape[i])]))) {
    const place = places.map(({ chunk }) => chunk);
    const at = [...sourceStart];
    axes.forEach(({ sourceAxis }, i) => {
      if (sourceAxis !== undefined) at[sourceAxis] = places[i].source;
    });
    if (edgeChunksPadded) {
      const row = ravel(
        at.map((index, axis) => Math.floor(index / layout!.chunkShape[axis])),
        ownGrid,
      );
      const [offset, length] = [table.offsets[row], table.lengths[row]];
      yield { place, offset, length, skippedCodecs: table.skippedCodecs[row] ?? 0, object: source.object };
    } else {
      const elements = places.reduce((count, { length }) => count * length, 1);
      const length = start === undefined ? 0 : elements * width;
      const offset = start === undefined ? 0 : start + ravel(at, shape) * width;
      yield { place, offset, length, skippedCodecs: 0, object: source.object };
    }
  }
}

/** Where the first byte of a source without chunks lies; nothing when it was never written. */
function startOf({ source }: PlacedMapping): number | undefined {
  const { offsets, lengths } = source.variable.chunks!;
  return lengths.length === 0 || lengths[0] === 0 ? undefined : offsets[0];
}

function* product<T>(lists: readonly T[][], from = 0): Iterable<T[]> {
  if (from === lists.length) {
    yield [];
    return;
  }
  for (const item of lists[from]) for (const rest of product(lists, from + 1)) yield [item, ...rest];
}
