import { assertWithin, type DataType, isFixedWidth, itemSize, type MaskedArray } from '@hyperslab/array';
import type { LocatedChunk, LocatedObject, LocatedPiece } from '@hyperslab/cube';
import { asHyperslabError, HyperslabError } from '@hyperslab/errors';
import type { Allocator } from '@hyperslab/kernels';
import { ByteBudget } from './byte-budget.ts';
import { missingStoredValues } from './fill-values.ts';
import { fetchBatch, type PlaceFetched } from './read-batch.ts';
import { readInline } from './read-inline.ts';
import type { ReadRequest } from './read-request.ts';
import { overlapOf, ResultArray } from './result-array.ts';

/** Stored and decoded bytes of chunks that are fetched and decoded at once, besides the result. */
const bytesInFlight = 64 * 1024 * 1024;

/** What a batch counts for besides its chunks, so that no more than some hundred small ones run at once. */
const batchOverheadBytes = 256 * 1024;

/** Chunks of one object that are asked for together, so that near ones are fetched with one request. */
const batchBytes = 16 * 1024 * 1024;

/**
 * A hyperslab of a variable, in row-major order: chunks are located, fetched (coalesced and concurrently), decoded,
 * unpacked and placed. Missing pieces are masked. With `stored`, values are as stored, without a mask. Takes memory for
 * the result and some chunks. Throws INVALID_ARGUMENT for ranges outside the shape, NOT_COMPUTABLE,
 * STORED_ALIKE_NEEDED, FORMAT_CORRUPT and CHECKSUM_MISMATCH naming URL, offset and chunk, and what storage throws.
 */
export async function readArray(request: ReadRequest): Promise<MaskedArray> {
  checkRequest(request);
  if (request.variable.data?.$case === 'inlineValues') return readInline(request);
  const { ranges, memory } = request;
  const result = new ResultArray(resultType(request), ranges, memory);
  await fetchPieces(request, (place) => place(result, memory));
  return result.finish();
}

/** Decodes a hyperslab that was fetched, in the given memory as far as it can be. Throws as `readArray` does. */
export type DecodeFetched = (memory?: Allocator) => MaskedArray;

/**
 * The same in two steps: first what is stored is fetched, to `request.memory` if that is given; the answer decodes, unpacks and places it, when its
 * values are about to be used, once. Takes memory for what is stored of all of the hyperslab.
 */
export async function fetchArray(request: ReadRequest): Promise<DecodeFetched> {
  checkRequest(request);
  if (request.variable.data?.$case === 'inlineValues') {
    const array = readInline(request);
    return () => array;
  }
  const dtype = resultType(request);
  const fetched: PlaceFetched[] = [];
  await fetchPieces(request, (place) => fetched.push(place));
  return (memory) => {
    const result = new ResultArray(dtype, request.ranges, memory);
    for (const place of fetched) place(result, memory);
    return result.finish();
  };
}

/** Fetches all chunks of a hyperslab, and hands each batch over as it comes. */
async function fetchPieces(request: ReadRequest, take: (place: PlaceFetched) => void): Promise<void> {
  const { ranges, manifest, signal } = request;
  const array = manifestArray(request);
  const only = manifest.locateAtHand(array, ranges);
  if (only === undefined) {
    await fetchBatches(request, (abort) => manifest.locate(array, ranges, abort), take);
    return;
  }
  const [batch, ...further] = batchesOf(only);
  if (further.length > 0) {
    await fetchBatches(request, () => [only], take);
    return;
  }
  try {
    signal?.throwIfAborted();
    if (batch === undefined) takeMissing(request, only, take);
    else take(await fetchBatch(request, only, batch.object, batch.chunks));
  } catch (error) {
    throw asHyperslabError(signal?.aborted ? signal.reason : error);
  }
}

/** Fetches the chunks of any number of pieces, some batches at once. */
async function fetchBatches(
  request: ReadRequest,
  locate: (signal: AbortSignal) => AsyncIterable<LocatedPiece> | Iterable<LocatedPiece>,
  take: (place: PlaceFetched) => void,
): Promise<void> {
  const budget = new ByteBudget(bytesInFlight);
  const failure = new AbortController();
  const signal = request.signal ? AbortSignal.any([request.signal, failure.signal]) : failure.signal;
  const running = new Set<Promise<void>>();
  try {
    for await (const piece of locate(signal)) {
      takeMissing(request, piece, take);
      for (const { object, chunks, bytes } of batchesOf(piece)) {
        await budget.take(bytes);
        signal.throwIfAborted();
        const task = fetchBatch({ ...request, signal }, piece, object, chunks)
          .then(take)
          .catch((error) => {
            failure.abort(error);
            throw error;
          })
          .finally(() => {
            budget.give(bytes);
            running.delete(task);
          });
        // Its failure is seen below; without this Node would take it for unhandled until then.
        task.catch(() => undefined);
        running.add(task);
      }
    }
    await Promise.all(running);
    // A batch that failed while the rest was located is among them no more.
    failure.signal.throwIfAborted();
  } catch (error) {
    failure.abort(error);
    await Promise.allSettled(running);
    throw asHyperslabError(failure.signal.reason);
  }
}

function takeMissing(request: ReadRequest, piece: LocatedPiece, take: (place: PlaceFetched) => void): void {
  if (piece.object === undefined) take((result) => placeMissing(result, piece, request));
}

function checkRequest({ variable, ranges, stored }: ReadRequest): void {
  const { name, shape } = variable;
  try {
    if (ranges.length !== shape.length) {
      throw new RangeError(`expected ${shape.length} index ranges, found ${ranges.length}`);
    }
    ranges.forEach((range, axis) => {
      assertWithin(range, shape[axis], variable.dimensions[axis]);
    });
  } catch (cause) {
    throw new HyperslabError(
      'INVALID_ARGUMENT',
      `"${name}": ${(cause as Error).message}`,
      { variable: name },
      cause,
    );
  }
  if (stored && variable.storedDtype === '') {
    throw new HyperslabError(
      'STORED_ALIKE_NEEDED',
      `"${name}": its pieces are not stored alike; read computed values instead of stored ones`,
      { variable: name },
    );
  }
}

/** Number of the variable's array in the manifest. */
function manifestArray({ variable }: ReadRequest): number {
  if (variable.data?.$case === 'manifestArray') return variable.data.value;
  throw notComputable(
    variable.name,
    variable.notComputable || 'the dataset does not say where its values are',
  );
}

function resultType({ variable, stored }: ReadRequest): DataType {
  const dtype = stored ? variable.storedDtype : variable.dtype;
  if (isFixedWidth(dtype)) return dtype;
  throw notComputable(
    variable.name,
    variable.notComputable || `values of type ${dtype} are not kept by byte range`,
  );
}

function notComputable(variable: string, why: string): HyperslabError {
  return new HyperslabError('NOT_COMPUTABLE', `"${variable}": it can't be read: ${why}`, { variable });
}

function placeMissing(result: ResultArray, piece: LocatedPiece, request: ReadRequest): void {
  const overlap = overlapOf(request.ranges, piece.origin, piece.shape);
  if (overlap === undefined) return;
  if (!request.stored) result.placeMissing(overlap);
  else {
    const { name, packing } = request.variable;
    const count = overlap.counts.reduce((product, extent) => product * extent, 1);
    result.place(overlap, missingStoredValues(result.dtype, count, packing, name));
  }
}

interface Batch {
  object: LocatedObject;
  chunks: LocatedChunk[];
  bytes: number;
}

/** Chunks of a piece in groups of one object and limited bytes, stored and decoded. */
function* batchesOf(piece: LocatedPiece): Iterable<Batch> {
  if (piece.object === undefined) return;
  const { layout } = piece;
  const decoded = layout.chunkShape.reduce(
    (product, extent) => product * extent,
    itemSize(layout.storedDtype),
  );
  let batch: Batch = { object: piece.object, chunks: [], bytes: batchOverheadBytes };
  for (const chunk of piece.chunks) {
    const object = chunk.object ?? piece.object;
    if (batch.chunks.length > 0 && (batch.bytes >= batchBytes || object.url !== batch.object.url)) {
      yield batch;
      batch = { object, chunks: [], bytes: batchOverheadBytes };
    }
    batch.object = object;
    batch.chunks.push(chunk);
    batch.bytes += chunk.length + decoded;
  }
  if (batch.chunks.length > 0) yield batch;
}
