import {
  elementCount,
  encodeValues,
  gridCell,
  gridShape,
  ravel,
  regularRuns,
  unravel,
} from '@hyperslab/array';
import {
  assertStoredLength,
  decodeBytes,
  decodeChunk,
  type EncodedLayout,
  loadCodecs,
} from '@hyperslab/codecs';
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
  const encoded = encodedAs(array, layout);
  let textBytes = 0;
  for (const [row, length] of chunks.lengths.entries()) {
    if (length === 0) continue;
    const stored = { object: chunks.objects?.numbers[row] ?? 0, offset: chunks.offsets[row], length };
    const where = `${store.url}${folder}: chunk ${row}`;
    const skipped = chunks.skippedCodecs[row] ?? 0;
    named(where, () => assertStoredLength(length, encoded.layout, encoded.bytes, skipped));
    const bytes = await store.readPart(stored, 0, length);
    const texts = named(where, () => decodeTexts(bytes, array, encoded, skipped));
    const { origin, shape: valid } = gridCell(grid, unravel(row, cells));
    textBytes += placeTexts(texts, layout.chunkShape, values, shape, origin, valid);
    if (textBytes > mostTextBytes) return undefined;
  }
  const data = encodeValues({ dtype: 'string', shape, values });
  return { dtype: 'string', shape: [...shape], data: Buffer.from(data), mask: Buffer.alloc(0) };
}

/** How the bytes of a chunk of texts are encoded, and how many there are before, at most. */
interface EncodedTexts {
  layout: EncodedLayout;
  bytes: number;
}

function encodedAs({ element, chunkShape }: ZarrArray, { codecs }: Layout): EncodedTexts {
  if (element.text === 'vlen-utf8')
    return { layout: { storedDtype: 'uint8', codecs }, bytes: mostChunkBytes };
  // Bytes stand for elements of any width; only the texts know their byte order.
  const plain = [{ name: 'bytes', configuration: '{"endian":"little"}' }, ...codecs.slice(1)];
  return {
    layout: { storedDtype: 'uint8', codecs: plain },
    bytes: elementCount(chunkShape) * element.width,
  };
}

/** All texts of a chunk, in row-major order. */
function decodeTexts(
  stored: Uint8Array,
  { element, chunkShape }: ZarrArray,
  { layout, bytes }: EncodedTexts,
  skipped: number,
): string[] {
  const count = elementCount(chunkShape);
  if (element.text === 'vlen-utf8') return parseVlenTexts(decodeBytes(stored, layout, bytes, skipped), count);
  return parseFixedTexts(decodeChunk(stored, layout, bytes, skipped) as Uint8Array, element, count);
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
