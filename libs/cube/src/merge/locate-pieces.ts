import { elementCount, gridShape, type RunLengths, ravel, regularRuns, unravel } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import type { Layout, Packing } from '@hyperslab/proto/array';
import type { Variable } from '@hyperslab/proto/cube';
import type { IndexedVariable } from '@hyperslab/proto/index';
import type { ManifestBuilder, ManifestPiece } from '../manifest/manifest-builder.ts';
import type { ChunkLog } from './chunk-log.ts';
import type { SourceFile } from './collect-pieces.ts';
import type { ContentTable } from './content-table.ts';
import { embeddedLayout } from './embed-values.ts';
import { EmbeddedPieces, isInIndex } from './embedded-pieces.ts';
import type { ManifestObjects } from './manifest-objects.ts';
import type { MergedPiece, MergedVariable } from './merged-variable.ts';
import { unionGrid } from './union-grid.ts';

/** Rows of chunks that a field may take in the manifest because it is repeated over the steps of its file. */
const mostRepeatedChunks = 4_000_000;

export interface LocateContext {
  files: readonly SourceFile[];
  chunks: ChunkLog;
  contents: ContentTable;
  builder: ManifestBuilder;
  objects: ManifestObjects;
}

/**
 * Refers to the chunks of the files; values that lie in the index go into the manifest object. A piece of fewer dimensions
 * than the whole is repeated over its cell: one piece for each step, all of the same chunks. Throws TOO_LARGE where that
 * makes millions of rows.
 */
export function locatePieces(variable: Variable, merged: MergedVariable, context: LocateContext): void {
  const { builder, files } = context;
  const { pieces } = merged;
  const leading = merged.dimensions.length - pieces[0].variable.shape.length;
  const { pieceGrid, order } = repeatedPieces(
    merged.dimensions.map(({ runs }) => runs),
    pieces,
    leading,
    files,
  );
  const layouts = new RankedLayouts(merged.dimensions.length);
  const all = { ...context, layouts, embedded: new EmbeddedPieces(context.contents, builder) };
  const number = builder.addArray({
    shape: variable.shape,
    pieceGrid,
    // One at a time: their chunk tables are large when they are unpacked.
    pieces: order.values().map((piece) => located(pieces[piece], merged.dtype, all)),
  });
  variable.chunkGrid = unionGrid(
    pieceGrid,
    order.map((piece) => layouts.chunkShape(pieces[piece])),
  );
  variable.data = { $case: 'manifestArray', value: number };
}

interface PieceContext extends LocateContext {
  layouts: RankedLayouts;
  embedded: EmbeddedPieces;
}

function located(merged: MergedPiece, dtype: string, context: PieceContext): ManifestPiece {
  const { file, variable, chunks, packing, absent } = merged;
  const { objects, layouts, embedded } = context;
  const name = nameOf(file, variable, context.files);
  if (isInIndex(merged)) {
    const { object, offset, length, storedDtype, packing: own } = embedded.of(merged);
    const layout = embeddedLayout(storedDtype, layouts.chunkShape(merged));
    const [offsets, lengths] = length === 0 ? [[], []] : [[offset], [length]];
    return { object, layout, packing: packingInto(own, dtype), offsets, lengths, skippedCodecs: [], name };
  }
  const piece = { layout: layouts.of(variable), packing: packingInto(packing, dtype), name };
  const table = chunks === undefined ? variable.chunks : context.chunks.get(chunks);
  if (absent || table === undefined) {
    const object = absent ? undefined : objects.ofFile(file);
    return { ...piece, object, offsets: [], lengths: [], skippedCodecs: [] };
  }
  const { lengths, skippedCodecs } = table;
  return { ...piece, ...objects.place(file, table), object: objects.ofFile(file), lengths, skippedCodecs };
}

function nameOf(file: number, { name }: IndexedVariable, files: readonly SourceFile[]): string {
  return `${files[file].url} variable "${name}"`;
}

/** A packing whose values come out in the type that all pieces share. */
export function packingInto(packing: Packing, dtype: string): Packing {
  return packing.unpackedDtype === dtype ? packing : { ...packing, unpackedDtype: dtype };
}

/** Pieces one step apart along the first `leading` dimensions, which the files' variables do not have: numbers of pieces. */
function repeatedPieces(
  grid: RunLengths[],
  pieces: readonly MergedPiece[],
  leading: number,
  files: readonly SourceFile[],
): { pieceGrid: RunLengths[]; order: number[] } {
  const front = grid.slice(0, leading);
  const natural = pieces.map((_, piece) => piece);
  if (front.every(({ sizes }) => sizes.every((size) => size === 1)))
    return { pieceGrid: grid, order: natural };
  const steps = front.map(({ sizes, counts }) => sizes.reduce((sum, size, i) => sum + size * counts[i], 0));
  const cells = gridShape(grid);
  const inner = elementCount(cells.slice(leading));
  const most = pieces.reduce((count, { variable }) => Math.max(count, chunkCount(variable)), 1);
  if (elementCount(steps) * inner * most > mostRepeatedChunks) {
    const name = nameOf(pieces[0].file, pieces[0].variable, files);
    throw new HyperslabError(
      'TOO_LARGE',
      `${name}: it differs between files and would be repeated over ${elementCount(steps)} steps of ${most} chunks each; expected up to ${mostRepeatedChunks} chunks; publish it under a name of its own`,
      { piece: name },
    );
  }
  const cellAt = front.map(({ sizes, counts }) => {
    let cell = 0;
    return sizes.flatMap((size, i) =>
      Array.from({ length: counts[i] }, () => new Array<number>(size).fill(cell++)).flat(),
    );
  });
  const order = Array.from({ length: elementCount(steps) }, (_, row) => {
    const cell = ravel(
      unravel(row, steps).map((step, axis) => cellAt[axis][step]),
      cells.slice(0, leading),
    );
    return natural.slice(cell * inner, (cell + 1) * inner);
  }).flat();
  return { pieceGrid: [...steps.map((size) => regularRuns(size, 1)), ...grid.slice(leading)], order };
}

function chunkCount({ shape, layout }: IndexedVariable): number {
  return shape.reduce((count, extent, d) => count * Math.ceil(extent / (layout?.chunkShape[d] ?? extent)), 1);
}

/** Layouts with the dimensions that a merge put in front; pieces that share a layout share the new one. */
class RankedLayouts {
  readonly #rank: number;
  readonly #known = new Map<Layout, Layout>();

  constructor(rank: number) {
    this.#rank = rank;
  }

  of({ layout, dtype }: IndexedVariable): Layout {
    if (layout === undefined) return this.#ranked(undescribed(dtype));
    let ranked = this.#known.get(layout);
    if (ranked === undefined) {
      ranked = this.#ranked(layout);
      this.#known.set(layout, ranked);
    }
    return ranked;
  }

  /** Extents of the chunks of a piece. */
  chunkShape(piece: MergedPiece): number[] {
    const { shape } = piece.variable;
    if (!isInIndex(piece)) return this.of(piece.variable).chunkShape;
    const repeated = new Array<number>(this.#rank - shape.length).fill(1);
    return [...repeated, ...shape.map((extent) => Math.max(1, extent))];
  }

  #ranked(layout: Layout): Layout {
    const missing = this.#rank - layout.chunkShape.length;
    if (missing === 0) return layout;
    return { ...layout, chunkShape: [...new Array<number>(missing).fill(1), ...layout.chunkShape] };
  }
}

function undescribed(storedDtype: string): Layout {
  return { storedDtype, chunkShape: [], codecs: [], edgeChunksPadded: false };
}
