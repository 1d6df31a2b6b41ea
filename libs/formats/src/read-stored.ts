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
import { decodeChunk, loadCodecs } from '@hyperslab/codecs';
import { HyperslabError } from '@hyperslab/errors';
import type { Layout } from '@hyperslab/proto/array';
import type { IndexedVariable } from '@hyperslab/proto/index';
import type { ByteSource, ObjectVersion } from '@hyperslab/storage';

/** The largest variable that is read whole: coordinates and bounds are far smaller, and a hostile shape can't ask for more. */
const largestBytes = 2 ** 31;

/** Stored bytes that are fetched at once. */
const bytesInFlight = 16 * 1024 * 1024;

interface Piece {
  row: number;
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
 * source throws.
 */
export async function readStored(
  variable: IndexedVariable,
  source: ByteSource,
  version: ObjectVersion,
  signal?: AbortSignal,
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
    const ranges = group.map(({ offset, length }) => ({ offset, length }));
    const bytes = await source.read(ranges, { signal, expect: version });
    group.forEach((piece, i) => {
      place(values, shape, piece, layout, decodePiece(bytes[i], piece, layout, variable.name, source.url));
    });
  }
  return { dtype: layout.storedDtype as MaskedArray['dtype'], shape: [...shape], values };
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
  const { offsets, lengths, skippedCodecs } = variable.chunks!;
  let group: Piece[] = [];
  let bytes = 0;
  for (let row = 0; row < offsets.length; row++) {
    if (lengths[row] === 0) continue;
    const { origin, shape } = gridCell(grid, unravel(row, cells));
    group.push({
      row,
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

function decodePiece(
  bytes: Uint8Array,
  piece: Piece,
  layout: Layout,
  variable: string,
  url: string,
): NumericValues {
  const stored = layout.edgeChunksPadded ? layout.chunkShape : piece.shape;
  try {
    return decodeChunk(bytes, layout, elementCount(stored), piece.skipped);
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
  const stored = layout.edgeChunksPadded ? layout.chunkShape : piece.shape;
  const first = piece.origin.map(() => 0);
  copyRegion(
    decoded,
    { arrayShape: stored, origin: first },
    values,
    { arrayShape, origin: piece.origin },
    piece.shape,
  );
}
