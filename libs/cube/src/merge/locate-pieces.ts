import { elementCount, gridShape, type RunLengths, ravel, regularRuns, unravel } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import type { Layout, Packing } from '@hyperslab/proto/array';
import type { Variable } from '@hyperslab/proto/cube';
import type { ManifestBuilder, ManifestPiece } from '../manifest/manifest-builder.ts';
import type { SourceFile } from './collect-pieces.ts';
import type { ManifestObjects } from './manifest-objects.ts';
import type { MergedPiece, MergedVariable } from './merged-variable.ts';
import { unionGrid } from './union-grid.ts';

/** Rows of chunks that a field may take in the manifest because it is repeated over the steps of its file. */
const mostRepeatedChunks = 4_000_000;

export interface LocateContext {
  files: readonly SourceFile[];
  builder: ManifestBuilder;
  objects: ManifestObjects;
}

/**
 * Refers to the chunks of the files. A piece of fewer dimensions than the whole is repeated over its cell: one piece for
 * each step, all of the same chunks. Throws TOO_LARGE where that makes millions of rows.
 */
export function locatePieces(
  variable: Variable,
  merged: MergedVariable,
  { builder, files, objects }: LocateContext,
): void {
  const rank = merged.dimensions.length;
  const own = merged.pieces.map(({ file, variable: stored, packing, absent }) => {
    const { url } = files[file];
    const name = `${url} variable "${stored.name}"`;
    const described = {
      layout: layoutOfRank(stored.layout, rank, stored),
      packing: packingInto(packing, merged.dtype),
      name,
    };
    if (absent || stored.chunks === undefined)
      return {
        ...described,
        object: absent ? undefined : objects.ofFile(file),
        offsets: [],
        lengths: [],
        skippedCodecs: [],
      };
    const { lengths, skippedCodecs } = stored.chunks;
    const placed = objects.place(file, stored.chunks);
    return { ...described, ...placed, object: objects.ofFile(file), lengths, skippedCodecs };
  });
  const leading = rank - merged.pieces[0].variable.shape.length;
  const { pieceGrid, pieces } = repeatedPieces(
    merged.dimensions.map(({ runs }) => runs),
    own,
    leading,
  );
  const number = builder.addArray({ shape: variable.shape, pieceGrid, pieces });
  variable.chunkGrid = unionGrid(
    pieceGrid,
    pieces.map((piece) => piece.layout.chunkShape),
  );
  variable.data = { $case: 'manifestArray', value: number };
}

/** A packing whose values come out in the type that all pieces share. */
export function packingInto(packing: Packing, dtype: string): Packing {
  return packing.unpackedDtype === dtype ? packing : { ...packing, unpackedDtype: dtype };
}

/** Pieces one step apart along the first `leading` dimensions, which the files' variables do not have. */
function repeatedPieces(
  grid: RunLengths[],
  pieces: ManifestPiece[],
  leading: number,
): { pieceGrid: RunLengths[]; pieces: ManifestPiece[] } {
  const front = grid.slice(0, leading);
  if (front.every(({ sizes }) => sizes.every((size) => size === 1))) return { pieceGrid: grid, pieces };
  const steps = front.map(({ sizes, counts }) => sizes.reduce((sum, size, i) => sum + size * counts[i], 0));
  const cells = gridShape(grid);
  const inner = elementCount(cells.slice(leading));
  const most = pieces.reduce((count, { offsets }) => Math.max(count, offsets.length), 1);
  if (elementCount(steps) * inner * most > mostRepeatedChunks) {
    throw new HyperslabError(
      'TOO_LARGE',
      `${pieces[0].name}: it differs between files and would be repeated over ${elementCount(steps)} steps of ${most} chunks each; expected up to ${mostRepeatedChunks} chunks; publish it under a name of its own`,
      { piece: pieces[0].name },
    );
  }
  const cellAt = front.map(({ sizes, counts }) => {
    let cell = 0;
    return sizes.flatMap((size, i) =>
      Array.from({ length: counts[i] }, () => new Array<number>(size).fill(cell++)).flat(),
    );
  });
  const repeated = Array.from({ length: elementCount(steps) }, (_, row) => {
    const cell = ravel(
      unravel(row, steps).map((step, axis) => cellAt[axis][step]),
      cells.slice(0, leading),
    );
    return pieces.slice(cell * inner, (cell + 1) * inner);
  }).flat();
  const pieceGrid = [...steps.map((size) => regularRuns(size, 1)), ...grid.slice(leading)];
  return { pieceGrid, pieces: repeated };
}

/** A layout with the dimensions that a merge put in front. */
function layoutOfRank(layout: Layout | undefined, rank: number, stored: MergedPiece['variable']): Layout {
  if (layout === undefined)
    return {
      storedDtype: stored.dtype,
      chunkShape: new Array<number>(rank).fill(1),
      codecs: [],
      edgeChunksPadded: false,
    };
  const missing = rank - layout.chunkShape.length;
  return missing === 0
    ? layout
    : { ...layout, chunkShape: [...new Array<number>(missing).fill(1), ...layout.chunkShape] };
}
