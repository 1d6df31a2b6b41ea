import assert from 'node:assert/strict';
import { Worker } from 'node:worker_threads';
import { Arena, openRegion, Region, reserveArena } from '@hyperslab/kernels';
import { reserveCache, SharedChunkCache } from '../../src/index.ts';

const kibibyte = 1024;

/** A cache in the arena of this thread. */
function createCache(limitBytes: number): { cache: SharedChunkCache; arena: Arena } {
  const { arena } = openRegion();
  return { cache: new SharedChunkCache(reserveCache(limitBytes, 1), arena!, 1), arena: arena! };
}

describe('chunk cache that threads share', () => {
  it('keeps what was decoded where it is, and has it read there', () => {
    const { cache, arena } = createCache(64 * kibibyte);
    const before = arena.takenBytes;
    let place = 0;
    {
      using tile = openRegion();
      const decoded = tile.array('float32', 1000) as Float32Array;
      decoded.fill(5);
      place = decoded.byteOffset;
      cache.put('a', decoded, tile);
    }
    {
      using tile = openRegion();
      const kept = cache.get('a', 'float32', tile)!;
      assert.equal(kept.byteOffset, place);
      assert.ok(arena.holds(kept));
      assert.ok(kept.length === 1000 && kept.every((value) => value === 5));
    }
    assert.equal(cache.bytes, 4032);
    assert.ok(cache.giveBack(1));
    assert.equal(arena.takenBytes, before);
    assert.equal(cache.get('a', 'float32'), undefined);
  });

  it('lets no chunk go that a tile uses, and takes back its memory when the tile has ended', () => {
    const { cache, arena } = createCache(8 * kibibyte);
    const before = arena.takenBytes;
    const tile = openRegion();
    for (const name of ['a', 'b', 'c'])
      cache.put(name, tile.array('uint8', 3 * kibibyte).fill(name.charCodeAt(0) as never), tile);
    // The third found no room, as the others are in use: it stays an array of the tile.
    assert.equal(cache.bytes, 6 * kibibyte);
    assert.equal(cache.giveBack(6 * kibibyte), false);
    assert.equal(cache.get('a', 'uint8', tile)![0], 97);
    tile.release();
    assert.equal(arena.takenBytes, before + 6 * kibibyte);
    cache.put('d', new Uint8Array(7 * kibibyte));
    assert.equal(arena.takenBytes, before + 7 * kibibyte);
    cache.giveBack(7 * kibibyte);
    assert.equal(arena.takenBytes, before);
  });

  it('gives a copy to whoever has no tile', () => {
    const { cache, arena } = createCache(64 * kibibyte);
    cache.put('a', Int16Array.of(1, 2, 3));
    const copy = cache.get('a', 'int16')!;
    assert.deepEqual(copy, Int16Array.of(1, 2, 3));
    assert.ok(!arena.holds(copy));
    cache.giveBack(64);
  });

  it('gives way when the arena is full', () => {
    const share = reserveArena(2 ** 20);
    const arena = new Arena(share, 1);
    const cache = new SharedChunkCache(reserveCache(2 ** 20, 1), arena, 1);
    for (let i = 0; i < 9; i++) cache.put(String(i), new Uint8Array(100 * kibibyte));
    assert.ok(arena.take(400 * kibibyte) !== undefined);
    assert.ok(cache.bytes > 0 && cache.bytes <= 600 * kibibyte);
  });

  it('copies a part of what was fetched together', () => {
    const { cache, arena } = createCache(64 * kibibyte);
    using tile = openRegion();
    const fetched = tile.array('uint8', 4 * kibibyte) as Uint8Array;
    fetched.fill(3);
    cache.put('start', fetched.subarray(0, kibibyte), tile);
    cache.put('rest', fetched.subarray(kibibyte), tile);
    fetched.fill(4);
    for (const name of ['start', 'rest']) {
      const kept = cache.get(name, 'uint8', tile)!;
      assert.ok(arena.holds(kept) && kept.every((value) => value === 3));
    }
    tile.release();
    cache.giveBack(64 * kibibyte);
  });

  it('has the same chunks in all threads, and what one that died used is free', async () => {
    const threads = 3;
    const arena = reserveArena(2 ** 21);
    const cache = reserveCache(100 * kibibyte, threads);
    const run = async (owner: number, rounds: number) => {
      const workerData = { arena, cache, owner, rounds, chunks: 60 };
      const worker = new Worker(new URL('./cache-thread.ts', import.meta.url), { workerData });
      const hits = await new Promise<number>((resolve, reject) =>
        worker.once('message', resolve).once('error', reject),
      );
      await worker.terminate();
      return hits;
    };
    const hits = await Promise.all([1, 2, 3].map((owner) => run(owner, 3000)));
    assert.ok(
      hits.every((count) => count > 100),
      `found ${hits}`,
    );
    const own = new Arena(arena, threads + 1);
    const caretaker = new SharedChunkCache(cache, own, threads + 1);
    for (const owner of [1, 2, 3]) {
      caretaker.died(owner);
      own.died(owner);
    }
    caretaker.giveBack(2 ** 21);
    assert.equal(caretaker.bytes, 0);
    assert.equal(own.takenBytes, 0);
    // Another thread may have the number of one that is gone.
    assert.ok((await run(2, 200)) > 0);
  });

  it('is given up when a thread died while it changed it', () => {
    const share = reserveArena(2 ** 20);
    const states = reserveCache(64 * kibibyte, 2);
    const arena = new Arena(share, 1);
    const cache = new SharedChunkCache(states, arena, 1);
    cache.put('a', new Uint8Array(10));
    // What a thread leaves that holds the lock.
    states.words[0] = 2;
    const caretaker = new SharedChunkCache(states, new Arena(share, 3), 3);
    caretaker.died(2);
    assert.equal(cache.get('a', 'uint8'), undefined);
    cache.put('b', new Uint8Array(10));
    assert.equal(cache.get('b', 'uint8'), undefined);
    assert.equal(cache.giveBack(10), false);
  });

  it('has nothing to do with regions of ordinary memory', () => {
    const { cache } = createCache(64 * kibibyte);
    const plain = new Region(undefined);
    const values = plain.array('uint8', 10).fill(1 as never);
    cache.put('a', values, plain);
    values.fill(2 as never);
    assert.equal(cache.get('a', 'uint8', plain)![0], 1);
    cache.giveBack(64);
  });
});
