import {
  copyRegion,
  elementCount,
  encodeValues,
  gridCell,
  gridShape,
  regularRuns,
  unravel,
} from '@hyperslab/array';
import { decodeChunk } from '@hyperslab/codecs';
import { HyperslabError } from '@hyperslab/errors';
import type { ArrayBlock } from '@hyperslab/proto/array';
import type { Dataset } from './dataset.ts';
import type { Datatype } from './datatype.ts';
import type { FieldCursor } from './field-cursor.ts';
import type { MetadataFile } from './metadata-file.ts';
import { readStrings } from './string-elements.ts';
import { readVariableStorage } from './variable-storage.ts';

/** Strings can't be located by byte range, so small variables of them are read with the index. */
const mostStoredBytes = 64 * 1024;
const mostTextBytes = 1024 * 1024;
const mostChunkBytes = 16 * 1024 * 1024;

/** Why the texts of a variable of a shape are not read with the index: too many, or in too large chunks. Empty where they are. */
export function whyNotInline(dataset: Dataset, shape: readonly number[]): string {
  const bytes = (extents: readonly number[]) =>
    extents.reduce((product, extent) => product * extent, dataset.type.size);
  if (bytes(shape) > mostStoredBytes) return tooManyStrings(dataset, shape);
  const chunkBytes = dataset.layout.kind === 'chunked' ? bytes(dataset.layout.chunkShape) : 0;
  return chunkBytes > mostChunkBytes
    ? `its strings are in chunks of ${chunkBytes} bytes, too large to be read with the index`
    : '';
}

/** What is said of a variable whose texts are too many, or too long. */
export function tooManyStrings(dataset: Dataset, shape: readonly number[]): string {
  const elements = elementCount(shape);
  return `its ${elements} strings of ${dataset.type.size} stored bytes are too many to be read with the index`;
}

/** The texts of a string variable; elements that were never written are empty. Nothing when they are too long. */
export async function readInlineStrings(
  file: MetadataFile,
  dataset: Dataset,
  type: Datatype & { class: 'string' | 'vlen' },
  shape: readonly number[],
): Promise<ArrayBlock | undefined> {
  const stored = await readElements(file, dataset, type.size, shape);
  const values = await readStrings(file, file.cursor(stored, 0), type, elementCount(shape));
  const data = encodeValues({ dtype: 'string', shape: [...shape], values });
  if (data.length > mostTextBytes) return undefined;
  return { dtype: 'string', shape: [...shape], data: Buffer.from(data), mask: Buffer.alloc(0) };
}

/** The stored elements of a variable, each `width` bytes, in row-major order. */
async function readElements(
  file: MetadataFile,
  dataset: Dataset,
  width: number,
  shape: readonly number[],
): Promise<Uint8Array> {
  // Bytes stand for elements of any width, as one more dimension.
  const stored = { storedDtype: 'uint8', codecs: [{ name: 'bytes', configuration: '' }] };
  const bytesType = { dtype: 'uint8', width: 1, stored, innerShape: [width], reason: '' };
  const byteShape = [...shape, width];
  const { layout, chunks } = await readVariableStorage(file, dataset, bytesType, byteShape);
  const grid = byteShape.map((extent, axis) => regularRuns(extent, layout.chunkShape[axis]));
  const cells = gridShape(grid);
  const elements = new Uint8Array(elementCount(byteShape));
  for (let row = 0; row < chunks.offsets.length; row++) {
    const length = chunks.lengths[row];
    if (length === 0) continue;
    const cell = gridCell(grid, unravel(row, cells));
    const chunkShape = layout.edgeChunksPadded ? layout.chunkShape : cell.shape;
    const count = elementCount(chunkShape);
    file.spend(count, `chunk ${row} of "${dataset.path}"`);
    const chunk = await file.structure(
      chunks.offsets[row] - file.space.base,
      length,
      `chunk ${row} of "${dataset.path}"`,
    );
    const decoded = decoding(chunk, `chunk ${row} of "${dataset.path}"`, (bytes) =>
      decodeChunk(bytes, layout, count, chunks.skippedCodecs[row] ?? 0),
    );
    const first = cell.origin.map(() => 0);
    copyRegion(
      decoded,
      { arrayShape: chunkShape, origin: first },
      elements,
      { arrayShape: byteShape, origin: cell.origin },
      cell.shape,
    );
  }
  return elements;
}

/** Calls `decode`; what it throws says where the chunk is. */
function decoding<T>(stored: FieldCursor, what: string, decode: (bytes: Uint8Array) => T): T {
  try {
    return decode(stored.peekRest());
  } catch (error) {
    if (!(error instanceof HyperslabError)) throw error;
    const { url, offset } = stored;
    const details = { ...error.details, url, offset: String(offset) };
    throw new HyperslabError(
      error.reason,
      `${url} at byte ${offset}: ${what}: ${error.message}`,
      details,
      error,
    );
  }
}
