import { assertWithin, elementCount, gridShape, type IndexRange, ravel, regularRuns } from '@hyperslab/array';
import type { ManifestArray } from '@hyperslab/proto/manifest';
import type { LocatedChunk, LocatedObject, LocatedPiece } from './located-piece.ts';
import { manifestCorrupt } from './manifest-layout.ts';
import type { ManifestPages } from './open-manifest.ts';
import { type Cell, combinations, touchedCells } from './touched-cells.ts';

/** The pieces and chunks that a selection touches: which rows are needed is arithmetic, only their pages are fetched. */
export async function* locatePieces(
  pages: ManifestPages,
  number: number,
  ranges: readonly IndexRange[],
  signal?: AbortSignal,
): AsyncGenerator<LocatedPiece> {
  const array = pages.root.arrays[number];
  if (array === undefined) throw new RangeError(`manifest ${pages.url} has no array ${number}`);
  if (ranges.length !== array.shape.length)
    throw new RangeError(`${ranges.length} ranges for an array of ${array.shape.length} dimensions`);
  for (const [axis, range] of ranges.entries()) assertWithin(range, array.shape[axis], `${axis}`);
  const grid = gridShape(array.pieceGrid);
  const touched = array.pieceGrid.map((runs, axis) => touchedCells(runs, ranges[axis]));
  for (const cells of combinations(touched)) {
    signal?.throwIfAborted();
    const row = ravel(
      cells.map((cell) => cell.index),
      grid,
    );
    yield await locatePiece(pages, number, array, row, cells, ranges, signal);
  }
}

async function locatePiece(
  pages: ManifestPages,
  number: number,
  array: ManifestArray,
  row: number,
  cells: readonly Cell[],
  ranges: readonly IndexRange[],
  signal?: AbortSignal,
): Promise<LocatedPiece> {
  const { root, url } = pages;
  const page = await pages.pieces(number, Math.floor(row / array.piecesPerPage), signal);
  const at = row % array.piecesPerPage;
  const layout = root.layouts[page.layouts[at]];
  const packing = root.packings[page.packings[at]];
  if (layout === undefined || packing === undefined || layout.chunkShape.length !== cells.length) {
    throw manifestCorrupt(
      url,
      0,
      `a layout and a packing of piece ${row} of array ${number}`,
      'none that fits',
    );
  }
  const origin = cells.map((cell) => cell.start);
  const shape = cells.map((cell) => cell.size);
  if (page.objects[at] === 0) return { origin, shape, layout, packing, chunks: [] };
  const object = await locateObject(pages, page.objects[at] - 1, signal);
  const chunks = await locateChunks(
    pages,
    number,
    array,
    page.firstChunks[at],
    cells,
    layout.chunkShape,
    ranges,
    signal,
  );
  return { origin, shape, layout, packing, object, chunks };
}

async function locateObject(
  pages: ManifestPages,
  object: number,
  signal?: AbortSignal,
): Promise<LocatedObject> {
  const { objectsPerPage, objectPages } = pages.root;
  const number = Math.floor(object / objectsPerPage);
  if (number >= objectPages.length)
    throw manifestCorrupt(pages.url, 0, 'an object that is listed', `${object}`);
  const { urls, versions } = await pages.objects(number, signal);
  const at = object % objectsPerPage;
  if (at >= urls.length) throw manifestCorrupt(pages.url, 0, 'an object that is listed', `${object}`);
  return { url: urls[at], version: versions[at] };
}

async function locateChunks(
  pages: ManifestPages,
  number: number,
  array: ManifestArray,
  firstChunk: number,
  piece: readonly Cell[],
  chunkShape: readonly number[],
  ranges: readonly IndexRange[],
  signal?: AbortSignal,
): Promise<LocatedChunk[]> {
  const runs = piece.map((cell, axis) => regularRuns(cell.size, chunkShape[axis]));
  const grid = gridShape(runs);
  elementCount(grid);
  const touched = runs.map((axisRuns, axis) => touchedCells(axisRuns, within(ranges[axis], piece[axis])));
  const chunks: LocatedChunk[] = [];
  for (const cells of combinations(touched)) {
    const row =
      firstChunk +
      ravel(
        cells.map((cell) => cell.index),
        grid,
      );
    const pageNumber = Math.floor(row / array.chunksPerPage);
    const at = row % array.chunksPerPage;
    const ref = array.chunkPages[pageNumber];
    if (ref === undefined || at >= ref.rows) {
      throw manifestCorrupt(pages.url, 0, `a row for chunk ${row} of array ${number}`, 'fewer rows');
    }
    const page = await pages.chunks(number, pageNumber, signal);
    const object = page.objects[at] ?? 0;
    chunks.push({
      origin: cells.map((cell, axis) => piece[axis].start + cell.start),
      shape: cells.map((cell) => cell.size),
      offset: page.offsets[at],
      length: page.lengths[at],
      skippedCodecs: page.skippedCodecs[at] ?? 0,
      object: object === 0 ? undefined : await locateObject(pages, object - 1, signal),
    });
  }
  return chunks;
}

/** The indices of a range that fall into a cell, counted from its start. */
function within({ start, count, step }: IndexRange, cell: Cell): IndexRange {
  const first = Math.max(0, Math.ceil((cell.start - start) / step));
  const afterLast = Math.min(count, Math.ceil((cell.start + cell.size - start) / step));
  return { start: start + first * step - cell.start, count: Math.max(0, afterLast - first), step };
}
