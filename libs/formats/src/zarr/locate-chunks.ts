import { elementCount, ravel, unravel } from '@hyperslab/array';
import type { ChunkTable } from '@hyperslab/proto/index';
import { formatCorrupt } from '../format-error.ts';
import { chunkKey, chunkPlace } from './chunk-keys.ts';
import type { ChunkStore, KeyStore, PlacedChunk, StoredKey } from './key-store.ts';
import { readShardIndex } from './shard-index.ts';
import type { ChunkKeys, Sharding, ZarrArray } from './zarr-array.ts';

/** Requests for single keys, or for indexes of shards, that are under way at once. */
const requestsAtOnce = 32;

/** Where the chunks of an array lie, and which of them are deflated as a whole. */
export interface LocatedChunks {
  chunks: ChunkTable;
  /** Rows whose bytes are a raw deflate stream, of a shard the first one; empty outside zip archives. */
  deflated: Set<number>;
}

/** Extents of the grid of chunks, or of inner chunks where there are shards. */
export function chunkGrid({ shape, chunkShape }: ZarrArray): number[] {
  return shape.map((extent, axis) => Math.ceil(extent / chunkShape[axis]));
}

/** Extents of the grid that keys count: of chunks, or of shards. */
export function keyGrid({ shape, chunkShape, sharding }: ZarrArray): number[] {
  const extents = sharding?.shardShape ?? chunkShape;
  return shape.map((extent, axis) => Math.ceil(extent / extents[axis]));
}

/**
 * Locates the chunks of the array in `folder`. A chunk that the store does not have was never written. Throws what the store
 * throws, and what is wrong with the index of a shard.
 */
export async function locateChunks(
  array: ZarrArray,
  folder: string,
  store: ChunkStore,
): Promise<LocatedChunks> {
  const grid = chunkGrid(array);
  const rows = elementCount(grid);
  const zeros = () => new Array<number>(rows).fill(0);
  const located: LocatedChunks = {
    chunks: { offsets: zeros(), lengths: zeros(), skippedCodecs: [], objects: { numbers: zeros() } },
    deflated: new Set(),
  };
  const cells = keyGrid(array);
  const keys = 'locate' in store ? usedKeys(array, folder, cells, store) : array.keys;
  const work = async ({ place, stored }: PlacedChunk) => {
    const key = folder + chunkKey(keys, place);
    // Length 0 would say that it was never written.
    if (stored.length === 0)
      throw formatCorrupt(store.url + key, 0, 'the bytes of a chunk', 'an empty object');
    if (array.sharding === undefined) putRow(located, ravel(place, grid), stored, store.url + key);
    else await putShard(located, { ...array, sharding: array.sharding }, { key, place, stored, grid, store });
  };
  if ('locate' in store) {
    await forEachConcurrently(writtenPlaces(keys, folder, cells, store), async (place) => {
      const stored = await store.locate(folder + chunkKey(keys, place));
      if (stored !== undefined) await work({ place, stored });
    });
  } else {
    await forEachConcurrently(store.chunksIn(folder, cells.length), async (chunk) => {
      // An array that was made smaller leaves chunks behind.
      if (chunk.place.every((index, axis) => index < cells[axis])) await work(chunk);
    });
  }
  const { objects } = located.chunks;
  if (objects!.numbers.every((number) => number === 0)) located.chunks.objects = undefined;
  return located;
}

/**
 * How the keys of an array are made. Writers of nested folders did not always say so in v2: where no key is as the metadata
 * have it, and some are with the other separator, that is meant.
 */
function usedKeys(array: ZarrArray, folder: string, cells: readonly number[], store: KeyStore): ChunkKeys {
  const keys = array.keys.isAssumed === true ? store.keysBelow(folder) : undefined;
  if (keys === undefined || placesOf(keys, array.keys, folder, cells).length > 0) return array.keys;
  const nested: ChunkKeys = { prefix: '', separator: '/' };
  return placesOf(keys, nested, folder, cells).length > 0 ? nested : array.keys;
}

function placesOf(
  keys: readonly string[],
  encoding: ChunkKeys,
  folder: string,
  cells: readonly number[],
): number[][] {
  return keys.flatMap((key) => {
    const place = chunkPlace(encoding, key.slice(folder.length), cells);
    return place === undefined ? [] : [place];
  });
}

/** Places whose keys there are, in row-major order; all of them where the store can't list. */
function* writtenPlaces(
  encoding: ChunkKeys,
  folder: string,
  cells: readonly number[],
  store: KeyStore,
): Iterable<number[]> {
  const keys = store.keysBelow(folder);
  if (keys !== undefined) {
    const places = placesOf(keys, encoding, folder, cells);
    yield* places.sort((a, b) => ravel(a, cells) - ravel(b, cells));
    return;
  }
  const count = elementCount(cells);
  for (let row = 0; row < count; row++) yield unravel(row, cells);
}

/** Of two chunks for one place, as manifests that overlap would have them, neither is sure. `where` is for messages. */
function putRow({ chunks, deflated }: LocatedChunks, row: number, stored: StoredKey, where: string): void {
  if (chunks.lengths[row] !== 0) throw formatCorrupt(where, 0, 'one chunk for each place', 'two');
  chunks.offsets[row] = stored.offset;
  chunks.lengths[row] = stored.length;
  chunks.objects!.numbers[row] = stored.object;
  if (stored.isDeflated === true) deflated.add(row);
}

interface FoundShard {
  key: string;
  place: number[];
  stored: StoredKey;
  /** Extents of the array's grid of inner chunks. */
  grid: readonly number[];
  store: ChunkStore;
}

async function putShard(
  located: LocatedChunks,
  { chunkShape, sharding }: ZarrArray & { sharding: Sharding },
  { key, place, stored, grid, store }: FoundShard,
): Promise<void> {
  const inner = sharding.shardShape.map((extent, axis) => extent / chunkShape[axis]);
  if (stored.isDeflated === true) {
    // Its index can't be read without inflating all of it.
    const first = place.map((index, axis) => index * inner[axis]);
    located.deflated.add(ravel(first, grid));
    return;
  }
  const index = await readShardIndex(store, key, stored, sharding, elementCount(inner));
  for (const [at, length] of index.lengths.entries()) {
    if (length === 0) continue;
    const cell = unravel(at, inner).map((within, axis) => place[axis] * inner[axis] + within);
    // Shards at the far edge may hold chunks beyond the array.
    if (cell.some((index, axis) => index >= grid[axis])) continue;
    const part = { ...stored, offset: stored.offset + index.offsets[at], length };
    putRow(located, ravel(cell, grid), part, store.url + key);
  }
}

async function forEachConcurrently<T>(
  items: Iterable<T> | AsyncIterable<T>,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const iterator = Symbol.iterator in items ? items[Symbol.iterator]() : items[Symbol.asyncIterator]();
  const lane = async () => {
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next())
      await work(next.value);
  };
  await Promise.all(Array.from({ length: requestsAtOnce }, lane));
}
