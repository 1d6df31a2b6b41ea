import { copyRegion, type DataType, elementCount, type NumericValues } from '@hyperslab/array';
import { assertStoredLength, decodeChunk, loadCodecs } from '@hyperslab/codecs';
import type { LocatedChunk, LocatedObject, LocatedPiece } from '@hyperslab/cube';
import { HyperslabError, isHyperslabError } from '@hyperslab/errors';
import { type Allocator, convert, unpack } from '@hyperslab/kernels';
import type { Layout } from '@hyperslab/proto/array';
import type { ByteSource } from '@hyperslab/storage';
import { unwrittenValues } from './fill-values.ts';
import type { ReadRequest } from './read-request.ts';
import { type Overlap, overlapOf, type ResultArray } from './result-array.ts';

/** URL of chunks that lie in the manifest object itself. */
const manifestUrl = 'manifest:';

/** Decodes what was fetched and places it. What it is decoded by way of is made in `memory`, if that is given. */
export type PlaceFetched = (result: ResultArray, memory: Allocator | undefined) => void;

/** Fetches some chunks of a piece, which lie in one object, together; the answer decodes them and places what the ranges select of them. */
export async function fetchBatch(
  request: ReadRequest,
  piece: LocatedPiece,
  object: LocatedObject,
  chunks: readonly LocatedChunk[],
): Promise<PlaceFetched> {
  const { signal, memory } = request;
  const inManifest = object.url === manifestUrl;
  // References that others made often do not say which state of an object they mean: what was read may be another one now.
  const isSameState = inManifest || isKnown(object.version);
  const source = inManifest ? request.manifest.source : request.storage.open(object.url);
  const cache = isSameState ? request.cache : undefined;
  const state = cache === undefined || inManifest ? '' : await fileState(source, signal);
  const known: { chunk: LocatedChunk; values?: NumericValues }[] = [];
  const wanted: LocatedChunk[] = [];
  const { storedDtype } = piece.layout;
  const keyOf = (chunk: LocatedChunk) => cacheKey(source, object, state, piece, chunk);
  for (const chunk of chunks) {
    const values = chunk.length === 0 ? undefined : cache?.get(keyOf(chunk), storedDtype, memory);
    if (chunk.length === 0 || values !== undefined) known.push({ chunk, values });
    else wanted.push(chunk);
  }
  const placeKnown: PlaceFetched = (result, memory) => {
    for (const { chunk, values } of known) {
      if (values === undefined) placeUnwritten(request, piece, chunk, result, memory);
      else placeChunk(request, piece, chunk, values, result, memory);
    }
  };
  if (wanted.length === 0) return placeKnown;
  await loadCodecs(piece.layout);
  for (const chunk of wanted) checkLength(request.variable.name, source.url, piece, chunk);
  const ranges = wanted.map(({ offset, length }) => ({ offset, length }));
  // A manifest is named by its content's hash: there is no other version of it.
  const expect = inManifest || !isSameState ? undefined : object.version;
  const allocate = memory && ((length: number) => memory.array('uint8', length) as Uint8Array);
  const fetched = await source
    .read(ranges, { signal, expect, allocate })
    .catch((error) => throwGone(source, error));
  return (result, into) => {
    placeKnown(result, into);
    wanted.forEach((chunk, i) => {
      const decoded = decode(request.variable.name, source.url, piece, chunk, fetched[i], into);
      // What is stored as it is in memory is the very bytes that were fetched.
      cache?.put(keyOf(chunk), decoded, isSamePlace(decoded, fetched[i]) ? memory : into);
      placeChunk(request, piece, chunk, decoded, result, into);
    });
  };
}

function isSamePlace(a: ArrayBufferView, b: ArrayBufferView): boolean {
  return a.buffer === b.buffer && a.byteOffset === b.byteOffset;
}

function isKnown({ size, etag, modifiedUs, unmodifiedSinceUs }: LocatedObject['version']): boolean {
  return size !== 0 || etag !== '' || modifiedUs !== 0 || unmodifiedSinceUs !== undefined;
}

/** What was published is there; what it was made from is not: not to be taken for a name that nobody knows. */
function throwGone({ url }: ByteSource, cause: unknown): never {
  if (!isHyperslabError(cause, 'OBJECT_NOT_FOUND')) throw cause;
  const message = `${url}: it is gone since it was indexed; put it back, or publish again`;
  throw new HyperslabError('OBJECT_CHANGED', message, { url }, cause);
}

/** What tells a file from one that was put in its place with the same size and time: its version does not, and its chunks are others. */
async function fileState(source: ByteSource, signal?: AbortSignal): Promise<string> {
  if (!source.url.startsWith('file:')) return '';
  const { file } = await source.stat(signal).catch((error) => throwGone(source, error));
  return file === undefined ? '' : `${file.changedUs} ${file.inode}`;
}

/**
 * The bytes, and how they are decoded: fields of one GRIB message, or two arrays that refer to the same bytes, differ in nothing
 * else.
 */
function cacheKey(
  source: ByteSource,
  { version }: LocatedObject,
  state: string,
  piece: LocatedPiece,
  chunk: LocatedChunk,
): string {
  const { size, etag, modifiedUs, unmodifiedSinceUs } = version;
  const { offset, length, skippedCodecs } = chunk;
  const shape = storedShape(piece, chunk).join();
  return `${source.url}\n${size} ${etag} ${modifiedUs} ${unmodifiedSinceUs ?? ''} ${state}\n${offset} ${length} ${skippedCodecs} ${shape}\n${layoutText(piece.layout)}`;
}

// Layouts are shared by many chunks.
const layoutTexts = new WeakMap<Layout, string>();

function layoutText(layout: Layout): string {
  let text = layoutTexts.get(layout);
  if (text === undefined) {
    text = JSON.stringify([layout.storedDtype, layout.codecs]);
    layoutTexts.set(layout, text);
  }
  return text;
}

/** Throws FORMAT_CORRUPT for a chunk that is longer than its layout allows. */
function checkLength(variable: string, url: string, piece: LocatedPiece, chunk: LocatedChunk): void {
  const elements = elementCount(storedShape(piece, chunk));
  const { length, skippedCodecs } = chunk;
  namingChunk(variable, url, chunk, () => assertStoredLength(length, piece.layout, elements, skippedCodecs));
}

function decode(
  variable: string,
  url: string,
  piece: LocatedPiece,
  chunk: LocatedChunk,
  bytes: Uint8Array,
  memory?: Allocator,
): NumericValues {
  const elements = elementCount(storedShape(piece, chunk));
  return namingChunk(variable, url, chunk, () =>
    decodeChunk(bytes, piece.layout, elements, chunk.skippedCodecs, memory),
  );
}

/** Errors of what is done with the bytes of a chunk say which one it is. */
function namingChunk<T>(variable: string, url: string, chunk: LocatedChunk, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof HyperslabError)) throw error;
    const place = `chunk at [${chunk.origin.join(', ')}] of "${variable}"`;
    const details = { url, offset: String(chunk.offset), variable, chunk: chunk.origin.join(',') };
    throw new HyperslabError(
      error.reason,
      `${url} at byte ${chunk.offset}: ${place}: ${error.message}`,
      { ...error.details, ...details },
      error,
    );
  }
}

/** Extents that a chunk is stored with. */
function storedShape({ layout }: LocatedPiece, chunk: LocatedChunk): number[] {
  return layout.edgeChunksPadded ? layout.chunkShape : chunk.shape;
}

function placeChunk(
  request: ReadRequest,
  piece: LocatedPiece,
  chunk: LocatedChunk,
  decoded: NumericValues,
  result: ResultArray,
  memory: Allocator | undefined,
): void {
  const overlap = overlapOf(request.ranges, chunk.origin, chunk.shape);
  if (overlap === undefined) return;
  // Cut first: unpacking all of a chunk for one point of it would cost a thousand times more.
  const selected = cut(request, decoded, storedShape(piece, chunk), overlap);
  placeStored(request, piece, overlap, selected, result, memory);
}

function placeUnwritten(
  request: ReadRequest,
  piece: LocatedPiece,
  chunk: LocatedChunk,
  result: ResultArray,
  memory: Allocator | undefined,
): void {
  const overlap = overlapOf(request.ranges, chunk.origin, chunk.shape);
  if (overlap === undefined) return;
  const { layout, packing } = piece;
  const values = unwrittenValues(layout.storedDtype, elementCount(overlap.counts), packing);
  placeStored(request, piece, overlap, values, result, memory);
}

/** The selected elements of a chunk, compact; the chunk itself when all are selected. */
function cut(
  { ranges }: ReadRequest,
  decoded: NumericValues,
  arrayShape: readonly number[],
  { start, counts }: Overlap,
): NumericValues {
  if (counts.every((count, axis) => count === arrayShape[axis])) return decoded;
  const target = new (decoded.constructor as new (count: number) => NumericValues)(elementCount(counts));
  const from = { arrayShape, origin: start, step: ranges.map(({ step }) => step) };
  copyRegion(decoded, from, target, { arrayShape: counts, origin: counts.map(() => 0) }, counts);
  return target;
}

function placeStored(
  request: ReadRequest,
  { layout, packing }: LocatedPiece,
  overlap: Overlap,
  values: NumericValues,
  result: ResultArray,
  memory: Allocator | undefined,
): void {
  if (request.stored) result.place(overlap, values);
  else {
    const unpacked = unpack(values, layout.storedDtype as DataType, packing, memory);
    const converted = convert(unpacked.values as NumericValues, unpacked.dtype, result.dtype);
    result.place(overlap, converted, unpacked.mask);
  }
}
