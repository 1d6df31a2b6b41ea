import {
  allocateValues,
  copyRegion,
  decodeValues,
  elementCount,
  gridCell,
  gridShape,
  itemSize,
  type MaskedArray,
  type NumericValues,
  regularRuns,
  unravel,
} from '@hyperslab/array';
import { assertStoredLength, decodeChunk, loadCodecs } from '@hyperslab/codecs';
import { HyperslabError } from '@hyperslab/errors';
import type { Layout } from '@hyperslab/proto/array';
import type { IndexedVariable, OtherObjects } from '@hyperslab/proto/index';
import { type ByteSource, memorySource, type ObjectVersion, type Storage } from '@hyperslab/storage';

/** The largest variable that is read whole: coordinates and bounds are far smaller, and a hostile shape can't ask for more. */
const largestBytes = 2 ** 31;

/** Stored bytes that are fetched at once. */
const bytesInFlight = 16 * 1024 * 1024;

/** Where chunks lie that are not in the object of their index: `others` of the index, opened by `storage`. */
export interface OtherChunks {
  others: OtherObjects;
  storage: Storage;
}

interface Piece {
  row: number;
  /** Number of the object in the index's others, plus one; 0 for the index's own. */
  object: number;
  origin: number[];
  shape: number[];
  offset: number;
  length: number;
  skipped: number;
}

/**
 * All values of a variable as stored (packed, no mask), little-endian, in row-major order, through its chunk table.
 * Chunks that were never written hold the format's fill value, or zeros. Throws NOT_COMPUTABLE for types that are only
 * described, TOO_LARGE past 2 GiB, FORMAT_CORRUPT and CHECKSUM_MISMATCH naming variable, chunk and offset, and what the
 * source throws. `other` is needed where chunks lie in other objects.
 */
export async function readStored(
  variable: IndexedVariable,
  source: ByteSource,
  version: ObjectVersion,
  signal?: AbortSignal,
  other?: OtherChunks,
): Promise<MaskedArray> {
  const { layout, chunks, shape } = variable;
  if (variable.inlineValues !== undefined) {
    const { dtype, data } = variable.inlineValues;
    return {
      dtype: dtype as MaskedArray['dtype'],
      shape: [...shape],
      values: decodeValues(dtype, data, elementCount(shape)),
    };
  }
  if (variable.notComputable !== '' || layout === undefined || chunks === undefined) {
    throw new HyperslabError(
      'NOT_COMPUTABLE',
      `${source.url} variable "${variable.name}" of type ${variable.dtype} has no values to read: ${variable.notComputable || 'its chunks are not located'}`,
      { url: source.url, variable: variable.name },
    );
  }
  await loadCodecs(layout);
  const values = allocate(variable, layout, source.url);
  fill(values, variable);
  for (const group of groupsOf(variable, layout)) {
    const reads = [...Map.groupBy(group, ({ object }) => object)].map(async ([object, pieces]) => {
      const from = object === 0 ? { source, version } : openOther(other, object - 1, variable.name);
      for (const piece of pieces) checkPiece(piece, layout, variable.name, from.source.url);
      const ranges = pieces.map(({ offset, length }) => ({ offset, length }));
      const bytes = await from.source.read(ranges, { signal, expect: from.version });
      pieces.forEach((piece, i) => {
        const decoded = decodePiece(bytes[i], piece, layout, variable.name, from.source.url);
        place(values, shape, piece, layout, decoded);
      });
    });
    await Promise.all(reads);
  }
  return { dtype: layout.storedDtype as MaskedArray['dtype'], shape: [...shape], values };
}

/** One of the index's other objects; without a version where that is not known. */
function openOther(
  other: OtherChunks | undefined,
  number: number,
  variable: string,
): { source: ByteSource; version?: ObjectVersion } {
  const url = other?.others.urls[number];
  if (other === undefined || url === undefined) {
    throw new TypeError(`chunks of "${variable}" lie in object ${number}, which was not given`);
  }
  if (url === 'index:') return { source: memorySource(url, other.others.held) };
  const version = other.others.versions[number];
  const { size, etag, modifiedUs, unmodifiedSinceUs } = version;
  const isKnown = size !== 0 || etag !== '' || modifiedUs !== 0 || unmodifiedSinceUs !== undefined;
  return { source: other.storage.open(url), version: isKnown ? version : undefined };
}

function allocate(variable: IndexedVariable, layout: Layout, url: string): NumericValues {
  const count = elementCount(variable.shape);
  const bytes = count * itemSize(layout.storedDtype);
  if (bytes > largestBytes) {
    throw new HyperslabError(
      'TOO_LARGE',
      `${url} variable "${variable.name}": expected at most ${largestBytes} bytes to read at once, found ${bytes}; read it by hyperslabs`,
      { url, variable: variable.name, bytes: String(bytes) },
    );
  }
  return allocateValues(layout.storedDtype, count);
}

function fill(values: NumericValues, variable: IndexedVariable): void {
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) {
    if (variable.fillInteger !== undefined) values.fill(BigInt(variable.fillInteger));
    else if (variable.fillValue !== undefined) values.fill(BigInt(variable.fillValue));
  } else if (variable.fillValue !== undefined) values.fill(variable.fillValue);
}

/** The written chunks of a variable, in groups of limited bytes. */
function* groupsOf(variable: IndexedVariable, layout: Layout): Iterable<Piece[]> {
  const grid = variable.shape.map((extent, axis) => regularRuns(extent, layout.chunkShape[axis]));
  const cells = gridShape(grid);
  const { offsets, lengths, skippedCodecs, objects } = variable.chunks!;
  let group: Piece[] = [];
  let bytes = 0;
  for (let row = 0; row < offsets.length; row++) {
    if (lengths[row] === 0) continue;
    const { origin, shape } = gridCell(grid, unravel(row, cells));
    group.push({
      row,
      object: objects?.numbers[row] ?? 0,
      origin,
      shape,
      offset: offsets[row],
      length: lengths[row],
      skipped: skippedCodecs[row] ?? 0,
    });
    bytes += lengths[row];
    if (bytes >= bytesInFlight) {
      yield group;
      group = [];
      bytes = 0;
    }
  }
  if (group.length > 0) yield group;
}

/** Throws FORMAT_CORRUPT for a piece that is longer than its layout allows. */
function checkPiece(piece: Piece, layout: Layout, variable: string, url: string): void {
  const elements = elementCount(storedShape(piece, layout));
  namingPiece(piece, variable, url, () => assertStoredLength(piece.length, layout, elements, piece.skipped));
}

function decodePiece(
  bytes: Uint8Array,
  piece: Piece,
  layout: Layout,
  variable: string,
  url: string,
): NumericValues {
  const elements = elementCount(storedShape(piece, layout));
  return namingPiece(piece, variable, url, () => decodeChunk(bytes, layout, elements, piece.skipped));
}

function storedShape(piece: Piece, layout: Layout): number[] {
  return layout.edgeChunksPadded ? layout.chunkShape : piece.shape;
}

/** Errors of what is done with the bytes of a piece say which one it is. */
function namingPiece<T>(piece: Piece, variable: string, url: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof HyperslabError)) throw error;
    throw new HyperslabError(
      error.reason,
      `${url} at byte ${piece.offset}: chunk ${piece.row} of "${variable}": ${error.message}`,
      { ...error.details, url, variable, chunk: String(piece.row), offset: String(piece.offset) },
      error,
    );
  }
}

function place(
  values: NumericValues,
  arrayShape: readonly number[],
  piece: Piece,
  layout: Layout,
  decoded: NumericValues,
): void {
  const stored = storedShape(piece, layout);
  const first = piece.origin.map(() => 0);
  copyRegion(
    decoded,
    { arrayShape: stored, origin: first },
    values,
    { arrayShape, origin: piece.origin },
    piece.shape,
  );
}
