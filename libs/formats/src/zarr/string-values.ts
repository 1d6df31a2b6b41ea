import {
  elementCount,
  encodeValues,
  gridCell,
  gridShape,
  ravel,
  regularRuns,
  unravel,
} from '@hyperslab/array';
import { decodeBytes, decodeChunk, loadCodecs } from '@hyperslab/codecs';
import { HyperslabError } from '@hyperslab/errors';
import type { ArrayBlock, Layout } from '@hyperslab/proto/array';
import type { ChunkStore } from './key-store.ts';
import type { LocatedChunks } from './locate-chunks.ts';
import { parseFixedTexts, parseVlenTexts } from './string-elements.ts';
import type { ZarrArray } from './zarr-array.ts';

/** Strings can't be located by byte range, so variables of so many, in chunks of so many bytes, are read with the index. */
const mostElements = 256 * 1024;
const mostChunkElements = 1024 * 1024;
const mostTextBytes = 4 * 1024 * 1024;
const mostChunkBytes = 64 * 1024 * 1024;

/** Why the texts of an array are not read with the index; empty when they are. */
export function whyNotInline({ shape, chunkShape, element }: ZarrArray): string {
  const elements = elementCount(shape);
  const chunkElements = elementCount(chunkShape);
  const chunkBytes = chunkElements * Math.max(4, element.width);
  const isSmallChunk = chunkElements <= mostChunkElements && chunkBytes <= mostChunkBytes;
  if (elements <= mostElements && isSmallChunk) return '';
  return `its ${elements} strings are too many to be read with the index`;
}

/** The texts of an array. Elements that were never written are its fill value, or empty. Undefined when they are too long. */
export async function readTexts(
  array: ZarrArray,
  layout: Layout,
  { chunks }: LocatedChunks,
  store: ChunkStore,
  folder: string,
): Promise<ArrayBlock | undefined> {
  const { shape } = array;
  const values = new Array<string>(elementCount(shape)).fill(String(array.fill ?? ''));
  const grid = shape.map((extent, axis) => regularRuns(extent, layout.chunkShape[axis]));
  const cells = gridShape(grid);
  await loadCodecs(layout);
  let textBytes = 0;
  for (const [row, length] of chunks.lengths.entries()) {
    if (length === 0) continue;
    const stored = { object: chunks.objects?.numbers[row] ?? 0, offset: chunks.offsets[row], length };
    const bytes = await store.readPart(stored, 0, length);
    const texts = named(`${store.url}${folder}: chunk ${row}`, () =>
      decodeTexts(bytes, array, layout, chunks.skippedCodecs[row] ?? 0),
    );
    const { origin, shape: valid } = gridCell(grid, unravel(row, cells));
    textBytes += placeTexts(texts, layout.chunkShape, values, shape, origin, valid);
    if (textBytes > mostTextBytes) return undefined;
  }
  const data = encodeValues({ dtype: 'string', shape, values });
  return { dtype: 'string', shape: [...shape], data: Buffer.from(data), mask: Buffer.alloc(0) };
}

/** All texts of a chunk, in row-major order. */
function decodeTexts(
  bytes: Uint8Array,
  { element, chunkShape }: ZarrArray,
  layout: Layout,
  skipped: number,
): string[] {
  const count = elementCount(chunkShape);
  if (element.text === 'vlen-utf8') {
    const undone = { storedDtype: 'uint8', codecs: layout.codecs };
    return parseVlenTexts(decodeBytes(bytes, undone, mostChunkBytes, skipped), count);
  }
  // Bytes stand for elements of any width; only the texts know their byte order.
  const codecs = [{ name: 'bytes', configuration: '{"endian":"little"}' }, ...layout.codecs.slice(1)];
  const decoded = decodeChunk(
    bytes,
    { storedDtype: 'uint8', codecs },
    count * element.width,
    skipped,
  ) as Uint8Array;
  return parseFixedTexts(decoded, element, count);
}

/** Puts the valid part of a chunk in its place; the bytes of its texts. */
function placeTexts(
  texts: readonly string[],
  chunkShape: readonly number[],
  values: string[],
  shape: readonly number[],
  origin: readonly number[],
  valid: readonly number[],
): number {
  let bytes = 0;
  const count = elementCount(valid);
  for (let row = 0; row < count; row++) {
    const index = unravel(row, valid);
    const text = texts[ravel(index, chunkShape)];
    const at = ravel(
      index.map((i, axis) => origin[axis] + i),
      shape,
    );
    values[at] = text;
    bytes += Buffer.byteLength(text);
  }
  return bytes;
}

/** Calls `decode`; what it throws says where. */
function named<T>(where: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof HyperslabError)) throw error;
    throw new HyperslabError(
      error.reason,
      `${where}: ${error.message}`,
      { ...error.details, url: where },
      error,
    );
  }
}
