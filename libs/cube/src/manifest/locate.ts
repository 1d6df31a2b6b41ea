import {
  assertWithin,
  elementCount,
  gridShape,
  type IndexRange,
  type RunLengths,
  ravel,
  regularRuns,
} from '@hyperslab/array';
import type { ManifestArray } from '@hyperslab/proto/manifest';
import type { DecodedChunks } from './decode-page.ts';
import type { LocatedChunk, LocatedObject, LocatedPiece } from './located-piece.ts';
import { manifestCorrupt } from './manifest-layout.ts';
import type { AnyPage, ManifestPages, PageFound } from './manifest-pages.ts';
import { type Cell, combinations, touchedCells } from './touched-cells.ts';

/** Work that asks for pages which are not at hand, one after the other, and is given them. */
type Locating<T> = Generator<PageFound<AnyPage>, T, AnyPage>;

/** The pieces and chunks that a selection touches: which rows are needed is arithmetic, only their pages are fetched. */
export async function* locatePieces(
  pages: ManifestPages,
  number: number,
  ranges: readonly IndexRange[],
  signal?: AbortSignal,
): AsyncGenerator<LocatedPiece> {
  const { array, cells } = touchedPieces(pages, number, ranges);
  for (const piece of cells) {
    signal?.throwIfAborted();
    const locating = locatePiece(pages, number, array, piece, ranges);
    let step = locating.next();
    while (!step.done) step = locating.next(await step.value.fetch(signal));
    yield step.value;
  }
}

/** The piece that a selection touches, if that is one and all pages that tell of it are at hand; undefined otherwise. */
export function locateAtHand(
  pages: ManifestPages,
  number: number,
  ranges: readonly IndexRange[],
): LocatedPiece | undefined {
  const { array, cells } = touchedPieces(pages, number, ranges);
  const { value: piece } = cells.next();
  if (piece === undefined || !cells.next().done) return undefined;
  const step = locatePiece(pages, number, array, piece, ranges).next();
  return step.done ? step.value : undefined;
}

/** The array, and for each of its pieces that are touched the cell of the piece grid along each dimension. Throws RangeError. */
function touchedPieces(
  { root, url }: ManifestPages,
  number: number,
  ranges: readonly IndexRange[],
): { array: ManifestArray; cells: Generator<Cell[], undefined> } {
  const array = root.arrays[number];
  if (array === undefined) throw new RangeError(`manifest ${url} has no array ${number}`);
  if (ranges.length !== array.shape.length)
    throw new RangeError(`${ranges.length} ranges for an array of ${array.shape.length} dimensions`);
  for (const [axis, range] of ranges.entries()) assertWithin(range, array.shape[axis], `${axis}`);
  return {
    array,
    cells: combinations(array.pieceGrid.map((runs, axis) => touchedCells(runs, ranges[axis]))),
  };
}

function* locatePiece(
  pages: ManifestPages,
  number: number,
  array: ManifestArray,
  cells: readonly Cell[],
  ranges: readonly IndexRange[],
): Locating<LocatedPiece> {
  const { root, url } = pages;
  const row = ravel(
    cells.map((cell) => cell.index),
    gridShape(array.pieceGrid),
  );
  const page = yield* contentOf(pages.pieces(number, Math.floor(row / array.piecesPerPage)));
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
  const object = yield* locateObject(pages, page.objects[at] - 1);
  const firstChunk = page.firstChunks[at];
  const chunks = yield* locateChunks(pages, number, array, firstChunk, cells, layout.chunkShape, ranges);
  return { origin, shape, layout, packing, object, chunks };
}

function* locateObject(pages: ManifestPages, object: number): Locating<LocatedObject> {
  const { objectsPerPage, objectPages } = pages.root;
  const number = Math.floor(object / objectsPerPage);
  if (number >= objectPages.length)
    throw manifestCorrupt(pages.url, 0, 'an object that is listed', `${object}`);
  const { urls, versions } = yield* contentOf(pages.objects(number));
  const at = object % objectsPerPage;
  if (at >= urls.length) throw manifestCorrupt(pages.url, 0, 'an object that is listed', `${object}`);
  return { url: urls[at], version: versions[at] };
}

function* locateChunks(
  pages: ManifestPages,
  number: number,
  array: ManifestArray,
  firstChunk: number,
  piece: readonly Cell[],
  chunkShape: readonly number[],
  ranges: readonly IndexRange[],
): Locating<LocatedChunk[]> {
  const { runs, grid } = gridOf(piece, chunkShape);
  const touched = runs.map((axisRuns, axis) => touchedCells(axisRuns, within(ranges[axis], piece[axis])));
  const chunks: LocatedChunk[] = [];
  let page: DecodedChunks | undefined;
  let pageNumber = -1;
  for (const cells of combinations(touched)) {
    const row =
      firstChunk +
      ravel(
        cells.map((cell) => cell.index),
        grid,
      );
    const wanted = Math.floor(row / array.chunksPerPage);
    const at = row % array.chunksPerPage;
    const ref = array.chunkPages[wanted];
    if (ref === undefined || at >= ref.rows) {
      throw manifestCorrupt(pages.url, 0, `a row for chunk ${row} of array ${number}`, 'fewer rows');
    }
    if (page === undefined || wanted !== pageNumber) page = yield* contentOf(pages.chunks(number, wanted));
    pageNumber = wanted;
    const object = page.objects[at] ?? 0;
    chunks.push({
      origin: cells.map((cell, axis) => piece[axis].start + cell.start),
      shape: cells.map((cell) => cell.size),
      offset: page.offsets[at],
      length: page.lengths[at],
      skippedCodecs: page.skippedCodecs[at] ?? 0,
      object: object === 0 ? undefined : yield* locateObject(pages, object - 1),
    });
  }
  return chunks;
}

/** How chunks of a shape cut a piece. */
interface PieceGrid {
  sizes: readonly number[];
  runs: RunLengths[];
  grid: number[];
}

// Pieces of one layout mostly have one size, and a tile asks for one chunk of them.
const grids = new WeakMap<readonly number[], PieceGrid>();

/** Throws RangeError for more chunks than can be counted. */
function gridOf(piece: readonly Cell[], chunkShape: readonly number[]): PieceGrid {
  const known = grids.get(chunkShape);
  if (known !== undefined && piece.every(({ size }, axis) => size === known.sizes[axis])) return known;
  const sizes = piece.map(({ size }) => size);
  const runs = sizes.map((size, axis) => regularRuns(size, chunkShape[axis]));
  const grid = gridShape(runs);
  elementCount(grid);
  const made = { sizes, runs, grid };
  grids.set(chunkShape, made);
  return made;
}

function* contentOf<T extends AnyPage>(found: PageFound<T>): Locating<T> {
  return found.content ?? ((yield found) as T);
}

/** The indices of a range that fall into a cell, counted from its start. */
function within({ start, count, step }: IndexRange, cell: Cell): IndexRange {
  const first = Math.max(0, Math.ceil((cell.start - start) / step));
  const afterLast = Math.min(count, Math.ceil((cell.start + cell.size - start) / step));
  return { start: start + first * step - cell.start, count: Math.max(0, afterLast - first), step };
}
