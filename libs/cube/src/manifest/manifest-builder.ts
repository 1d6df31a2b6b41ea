import { createHash } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import { elementCount, gridShape, type RunLengths, regularRuns } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import type { Layout, ObjectVersion, Packing } from '@hyperslab/proto/array';
import type { ManifestRef } from '@hyperslab/proto/cube';
import { ChunkPage, ManifestRoot, ObjectPage, type PageRef, PiecePage } from '@hyperslab/proto/manifest';
import { packingKey } from '../cf/packing.ts';
import { header, magic, manifestUrl, rowsPerPage } from './manifest-layout.ts';
import type { ManifestSink } from './manifest-sink.ts';

/** A piece of an array, with its chunks in row-major order of its own chunk grid. */
export interface ManifestPiece {
  /** Number of its object, as `addObject` gave it; undefined for missing data. */
  object?: number;
  layout: Layout;
  packing: Packing;
  offsets: ArrayLike<number>;
  lengths: ArrayLike<number>;
  /** Empty when no chunk skips a codec. */
  skippedCodecs: ArrayLike<number>;
  /** Number of the object of each chunk plus one, 0 for the piece's; absent when all lie in the piece's. */
  objects?: ArrayLike<number>;
  /** For messages about it. */
  name: string;
}

/** An array as a rectilinear grid of pieces. */
export interface ManifestArrayInput {
  shape: number[];
  pieceGrid: RunLengths[];
  /** Row-major over the piece grid; taken one by one, so that they need not all be there at once. */
  pieces: Iterable<ManifestPiece>;
}

/** Writes arrays as one manifest object (manifest.proto), page by page as they come. */
export class ManifestBuilder {
  readonly #sink: ManifestSink;
  readonly #hash = createHash('sha256');
  #size = 0;
  #root: ManifestRoot = {
    arrays: [],
    layouts: [],
    packings: [],
    objectPages: [],
    objectsPerPage: rowsPerPage,
  };
  #layouts = new Map<string, number>();
  #packings = new Map<string, number>();
  #knownPackings = new Map<Packing, number>();
  #urls: string[] = [];
  #versions: ObjectVersion[] = [];
  #embeddedObject: number | undefined;

  constructor(sink: ManifestSink) {
    this.#sink = sink;
    this.#write(header);
  }

  /** Number of an object that pieces lie in. */
  addObject(url: string, version: ObjectVersion): number {
    this.#versions.push(version);
    return this.#urls.push(url) - 1;
  }

  /** Keeps values in the manifest object itself: where a chunk of them lies. */
  embed(bytes: Uint8Array): { object: number; offset: number } {
    this.#embeddedObject ??= this.addObject(manifestUrl, { size: 0, etag: '', modifiedUs: 0 });
    return { object: this.#embeddedObject, offset: this.#write(bytes) };
  }

  /** Adds an array and gives its number. Throws FORMAT_CORRUPT when a chunk table does not fit its layout. */
  addArray({ shape, pieceGrid, pieces }: ManifestArrayInput): number {
    const piecePages: PageRef[] = [];
    const chunkPages: PageRef[] = [];
    let page: PiecePage = { objects: [], layouts: [], packings: [], firstChunks: [] };
    const chunks = new ChunkPages((bytes, rows) => chunkPages.push(this.#addPage(bytes, rows)));
    const cells = gridShape(pieceGrid);
    const extents = piecewiseExtents(pieceGrid);
    let row = 0;
    for (const piece of pieces) {
      checkChunks(piece, pieceShape(row++, cells, extents));
      page.objects.push(piece.object === undefined ? 0 : piece.object + 1);
      page.layouts.push(indexOf(this.#layouts, this.#root.layouts, piece.layout, layoutKey(piece.layout)));
      page.packings.push(this.#packingIndex(piece.packing));
      page.firstChunks.push(chunks.rows);
      chunks.add(piece);
      if (page.objects.length === rowsPerPage) {
        piecePages.push(this.#addPage(PiecePage.encode(page).finish(), page.objects.length));
        page = { objects: [], layouts: [], packings: [], firstChunks: [] };
      }
    }
    if (page.objects.length > 0)
      piecePages.push(this.#addPage(PiecePage.encode(page).finish(), page.objects.length));
    chunks.finish();
    const perPage = { piecesPerPage: rowsPerPage, chunksPerPage: rowsPerPage };
    return this.#root.arrays.push({ shape, pieceGrid, piecePages, chunkPages, ...perPage }) - 1;
  }

  /** Writes the rest and gives the object's content address. Nothing can be added afterwards. */
  finish(): ManifestRef {
    for (let at = 0; at < this.#urls.length; at += rowsPerPage) {
      const urls = this.#urls.slice(at, at + rowsPerPage);
      const prefixes = urls.map((url, i) => (i === 0 ? 0 : sharedPrefix(urls[i - 1], url)));
      const page: ObjectPage = {
        urlSuffixes: urls.map((url, i) => url.slice(prefixes[i])),
        urlPrefixLengths: prefixes,
        versions: this.#versions.slice(at, at + rowsPerPage),
      };
      this.#root.objectPages.push(this.#addPage(ObjectPage.encode(page).finish(), urls.length));
    }
    const root = compressed(ManifestRoot.encode(this.#root).finish());
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, root.length, true);
    for (const part of [root, length, magic]) this.#write(part);
    return { sha256: this.#hash.digest('hex'), size: this.#size };
  }

  /** Where the bytes lie in the object. */
  #write(bytes: Uint8Array): number {
    const offset = this.#size;
    this.#sink.write(bytes);
    this.#hash.update(bytes);
    this.#size += bytes.length;
    return offset;
  }

  /** Files of a run share the very object, so its text is made once. */
  #packingIndex(packing: Packing): number {
    let number = this.#knownPackings.get(packing);
    if (number === undefined) {
      number = indexOf(this.#packings, this.#root.packings, packing, packingKey(packing));
      this.#knownPackings.set(packing, number);
    }
    return number;
  }

  #addPage(message: Uint8Array, rows: number): PageRef {
    const bytes = compressed(message);
    return { offset: this.#write(bytes), length: bytes.length, rows };
  }
}

/** Rows of chunks as they come, handed on a page at a time. */
class ChunkPages {
  rows = 0;
  #lastObject = 0;
  #page: ChunkPage = { offsetDeltas: [], lengths: [], skippedCodecs: [], objectDeltas: [] };
  #end = 0;
  readonly #emit: (bytes: Uint8Array, rows: number) => void;

  constructor(emit: (bytes: Uint8Array, rows: number) => void) {
    this.#emit = emit;
  }

  add({ offsets, lengths, skippedCodecs, objects }: ManifestPiece): void {
    for (let i = 0; i < offsets.length; i++) {
      this.#page.offsetDeltas.push(offsets[i] - this.#end);
      this.#page.lengths.push(lengths[i]);
      this.#page.skippedCodecs.push(skippedCodecs.length === 0 ? 0 : skippedCodecs[i]);
      const object = objects?.[i] ?? 0;
      this.#page.objectDeltas.push(object - this.#lastObject);
      this.#lastObject = object;
      this.#end = offsets[i] + lengths[i];
      this.rows++;
      if (this.#page.lengths.length === rowsPerPage) this.finish();
    }
  }

  finish(): void {
    const rows = this.#page.lengths.length;
    if (rows === 0) return;
    if (this.#page.skippedCodecs.every((mask) => mask === 0)) this.#page.skippedCodecs = [];
    if (this.#page.objectDeltas.every((delta) => delta === 0)) this.#page.objectDeltas = [];
    this.#emit(ChunkPage.encode(this.#page).finish(), rows);
    this.#page = { offsetDeltas: [], lengths: [], skippedCodecs: [], objectDeltas: [] };
    // Each page is decoded alone, so what is a difference counts from 0 in its first row.
    this.#end = 0;
    this.#lastObject = 0;
  }
}

function checkChunks(
  { layout, offsets, lengths, objects, object, name }: ManifestPiece,
  shape: number[],
): void {
  const grid = shape.map((extent, axis) => regularRuns(extent, layout.chunkShape[axis]));
  const expected = object === undefined ? 0 : elementCount(gridShape(grid));
  const tooLong = Array.prototype.find.call(lengths, (length: number) => length > 0xffff_ffff);
  const rows = [offsets, lengths, ...(objects === undefined ? [] : [objects])];
  if (rows.every(({ length }) => length === expected) && tooLong === undefined) return;
  const found = tooLong === undefined ? `${offsets.length} chunks` : `a chunk of ${tooLong} bytes`;
  throw new HyperslabError(
    'FORMAT_CORRUPT',
    `${name}: expected ${expected} chunks of less than 4 GiB, found ${found}; index the file again`,
    { piece: name, expected: String(expected), found },
  );
}

/** Extents of all cells along each dimension. */
function piecewiseExtents(grid: RunLengths[]): number[][] {
  return grid.map(({ sizes, counts }) => sizes.flatMap((size, i) => new Array<number>(counts[i]).fill(size)));
}

function pieceShape(row: number, cells: number[], extents: number[][]): number[] {
  const shape = new Array<number>(cells.length);
  let rest = row;
  for (let axis = cells.length - 1; axis >= 0; axis--) {
    shape[axis] = extents[axis][rest % cells[axis]];
    rest = Math.floor(rest / cells[axis]);
  }
  return shape;
}

function indexOf<T>(numbers: Map<string, number>, list: T[], item: T, key: string): number {
  let number = numbers.get(key);
  if (number === undefined) {
    number = list.push(item) - 1;
    numbers.set(key, number);
  }
  return number;
}

function layoutKey({ storedDtype, chunkShape, codecs, edgeChunksPadded }: Layout): string {
  const steps = codecs.map(({ name, configuration }) => `${name} ${configuration}`);
  return [storedDtype, chunkShape.join(), edgeChunksPadded, ...steps].join('\n');
}

function sharedPrefix(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  // Half of a surrogate pair is no text that can be kept.
  return /[\ud800-\udbff]/.test(a.charAt(length - 1)) ? length - 1 : length;
}

function compressed(message: Uint8Array): Uint8Array {
  return zstdCompressSync(message);
}
