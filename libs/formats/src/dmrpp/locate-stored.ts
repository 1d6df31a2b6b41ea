import { elementCount, itemSize, ravel } from '@hyperslab/array';
import type { Codec, Layout } from '@hyperslab/proto/array';
import type { ChunkTable } from '@hyperslab/proto/index';
import { formatCorrupt } from '../format-error.ts';
import { contiguousChunkShape, contiguousChunks } from '../hdf5/contiguous-chunks.ts';
import { type NumberedObjects, unknownVersion } from '../references/numbered-objects.ts';
import type { IndexBudget } from '../zarr/variable.ts';
import { blockChunkShape } from './block-shape.ts';
import type { DataUrls } from './data-urls.ts';
import type { StoredBytes, StoredChunk, StoredVariable } from './stored-variable.ts';

/** Numbers of a variable, located; or why they are not. */
export type Located = { layout: Layout; chunks: ChunkTable } | { notComputable: string };

/** What locating needs to know of a variable and its document. */
export interface Locating {
  /** Absolute path, for messages. */
  path: string;
  url: string;
  shape: number[];
  /** Numeric, or char. */
  dtype: string;
  urls: DataUrls;
  objects: NumberedObjects;
  budget: IndexBudget;
}

const readFilters = new Set(['shuffle', 'deflate', 'fletcher32']);
const mostChunkBytes = 2 ** 32 - 1;

/** Where the chunks of a variable are. Throws FORMAT_CORRUPT, and what resolving a URL throws. */
export function locateStored(stored: StoredVariable, locating: Locating): Located {
  const { storage, filters } = stored;
  const unknown = filters.find((name) => !readFilters.has(name));
  if (unknown !== undefined)
    return { notComputable: `its filter ${JSON.stringify(unknown)} is not supported` };
  if (storage.kind === 'none') return { notComputable: storage.reason };
  if (storage.kind === 'texts') return { notComputable: 'texts stand for its numbers' };
  if (storage.kind === 'chunks') return locateChunks(stored, storage.chunkShape, storage.chunks, locating);
  if (storage.kind === 'held') return locateHeld(stored, storage.bytes, storage.isDeflated, locating);
  if (storage.parts.length === 1 && filters.length > 0)
    return locateWhole(stored, storage.parts[0], locating);
  if (filters.length > 0 && storage.parts.length > 0)
    return { notComputable: 'its blocks are compressed as one' };
  return locateParts(stored, storage.parts, locating);
}

/** A table of no chunks, of the size of the grid; none when there are too many. */
function emptyTable(rows: number, { budget }: Locating): ChunkTable | undefined {
  if (!Number.isSafeInteger(rows) || !budget.claim(rows, 0)) return undefined;
  const zeros = () => new Array<number>(rows).fill(0);
  return { offsets: zeros(), lengths: zeros(), skippedCodecs: [], objects: { numbers: zeros() } };
}

function put(
  table: ChunkTable,
  row: number,
  { offset, length, href }: StoredBytes,
  locating: Locating,
): void {
  table.offsets[row] = offset;
  table.lengths[row] = length;
  table.objects!.numbers[row] = locating.objects.number(locating.urls.resolve(href), unknownVersion);
}

function locateChunks(
  stored: StoredVariable,
  chunkShape: number[],
  chunks: readonly StoredChunk[],
  locating: Locating,
): Located {
  const { shape, path, url, dtype } = locating;
  const corrupt = (expected: string, found: string) => formatCorrupt(url, 0, `${expected} of ${path}`, found);
  if (chunkShape.length !== shape.length || chunkShape.includes(0))
    throw corrupt(`chunkDimensionSizes for the ${shape.length} dimensions`, `[${chunkShape}]`);
  if (product(chunkShape) * itemSize(dtype) > mostChunkBytes)
    return { notComputable: 'its chunks are larger than 4 GiB' };
  const grid = shape.map((extent, axis) => Math.ceil(extent / chunkShape[axis]));
  const table = emptyTable(product(grid), locating);
  if (table === undefined) return tooManyChunks;
  for (const chunk of chunks) {
    const cell = chunk.place.map((index, axis) => index / chunkShape[axis]);
    const isCell = cell.every((index, axis) => Number.isInteger(index) && index < grid[axis]);
    if (cell.length !== shape.length || !isCell)
      throw corrupt(`chunks at multiples of [${chunkShape}] within [${shape}]`, `one at [${chunk.place}]`);
    const row = ravel(cell, grid);
    if (table.lengths[row] !== 0) throw corrupt('one chunk for each place', `two at [${chunk.place}]`);
    put(table, row, chunk, locating);
  }
  if (chunks.some(({ mask }) => mask !== 0)) {
    // Bits count HDF5's filters in their order, or are those of these three: what both say is sure.
    if (!stored.filters.every((name, i) => name === [...readFilters][i]))
      return { notComputable: `filters were skipped in some of its chunks` };
    table.skippedCodecs = new Array<number>(table.lengths.length).fill(0);
    for (const { place, mask } of chunks) {
      const row = ravel(
        place.map((index, axis) => index / chunkShape[axis]),
        grid,
      );
      table.skippedCodecs[row] = mask;
    }
  }
  return { layout: layoutOf(stored, chunkShape, true, dtype), chunks: table };
}

/** All values in one part, which is filtered. */
function locateWhole(stored: StoredVariable, part: StoredBytes, locating: Locating): Located {
  const { shape, dtype } = locating;
  const chunkShape = shape.map((extent) => Math.max(1, extent));
  if (product(chunkShape) * itemSize(dtype) > mostChunkBytes)
    return { notComputable: 'it is compressed in one piece of more than 4 GiB' };
  const table = emptyTable(elementCount(shape) === 0 ? 0 : 1, locating);
  if (table === undefined) return tooManyChunks;
  if (table.lengths.length === 1) put(table, 0, part, locating);
  return { layout: layoutOf(stored, chunkShape, false, dtype), chunks: table };
}

function locateParts(stored: StoredVariable, parts: readonly StoredBytes[], locating: Locating): Located {
  const { shape, dtype, path, url } = locating;
  const width = itemSize(dtype);
  const bytes = product(shape) * width;
  let end = 0;
  const ends = parts.map(({ length }) => {
    end += length;
    return end;
  });
  const stands = ends.at(-1);
  if (stands !== undefined && stands !== bytes)
    throw formatCorrupt(url, 0, `${bytes} bytes of ${path}`, `${stands} bytes`);
  const chunkShape =
    parts.length > 1 ? blockChunkShape(shape, width, ends.slice(0, -1)) : contiguousChunkShape(shape, width);
  if (chunkShape === undefined) return { notComputable: 'its blocks end within an element' };
  if (product(chunkShape) * width > mostChunkBytes)
    return { notComputable: 'its chunks are larger than 4 GiB' };
  const grid = shape.map((extent, axis) => Math.ceil(extent / chunkShape[axis]));
  const table = emptyTable(product(grid), locating);
  if (table === undefined) return tooManyChunks;
  let [row, part] = [0, 0];
  for (const { offset, length } of parts.length === 0 ? [] : contiguousChunks(shape, chunkShape, width)) {
    while (ends[part] <= offset) part++;
    const start = ends[part] - parts[part].length;
    const { href } = parts[part];
    put(table, row++, { offset: parts[part].offset + offset - start, length, href }, locating);
  }
  return { layout: layoutOf(stored, chunkShape, false, dtype), chunks: table };
}

function locateHeld(
  stored: StoredVariable,
  bytes: Uint8Array,
  isDeflated: boolean,
  locating: Locating,
): Located {
  const { shape, dtype, path, url, objects } = locating;
  const elements = elementCount(shape);
  // A single value is not worth deflating.
  const deflated = isDeflated && elements > 1;
  const length = elements * itemSize(dtype);
  if (!deflated && bytes.length < length)
    throw formatCorrupt(url, 0, `${length} bytes of ${path}`, `${bytes.length} bytes`);
  const chunkShape = shape.map((extent) => Math.max(1, extent));
  const table = emptyTable(elements === 0 ? 0 : 1, locating);
  if (table === undefined) return tooManyChunks;
  if (elements > 0) {
    const held = objects.hold(deflated ? bytes : bytes.subarray(0, length));
    table.offsets[0] = held.offset;
    table.lengths[0] = held.length;
    table.objects!.numbers[0] = held.object;
  }
  // What is held was in the order of the machine that made the document.
  const plain = { ...stored, filters: deflated ? ['deflate'] : [], isBigEndian: false };
  return { layout: layoutOf(plain, chunkShape, false, dtype), chunks: table };
}

const tooManyChunks: Located = { notComputable: 'it has more chunks than an index may hold' };

function layoutOf(
  { filters, isBigEndian }: StoredVariable,
  chunkShape: number[],
  edgeChunksPadded: boolean,
  storedDtype: string,
): Layout {
  const endian = JSON.stringify({ endian: isBigEndian ? 'big' : 'little' });
  const codecs: Codec[] = [{ name: 'bytes', configuration: endian }];
  for (const name of filters) {
    const configuration = name === 'shuffle' ? JSON.stringify({ elementsize: itemSize(storedDtype) }) : '';
    codecs.push({ name, configuration });
  }
  return { storedDtype, chunkShape, codecs, edgeChunksPadded };
}

function product(extents: readonly number[]): number {
  return extents.reduce((value, extent) => value * extent, 1);
}
