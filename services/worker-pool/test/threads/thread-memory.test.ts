import assert from 'node:assert/strict';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { findForeignFunctions } from '@hyperslab/codecs/foreign-functions';
import { Arena, stageBytes } from '@hyperslab/kernels';
import { SharedChunkCache } from '@hyperslab/reader';
import { skip } from '@hyperslab/testing';
import { ThreadMemory } from '../../src/threads/thread-memory.ts';

const mebibyte = 2 ** 20;

describe('memory of threads', () => {
  it('gives back to the system what is free in the arena, and leaves the rest alone', function () {
    if (process.platform !== 'linux' || findForeignFunctions() === undefined)
      skip(this, 'memory is given back on Linux, by node:ffi');
    const memory = new ThreadMemory(1, 256 * mebibyte, 0);
    const arena = new Arena(memory.join()!.arena, 1);
    const offsets = [arena.take(64 * mebibyte)!, arena.take(1 * mebibyte)!, arena.take(64 * mebibyte)!];
    const [first, kept, last] = offsets.map((offset) => arena.view('uint8', offset, mebibyte) as Uint8Array);
    for (const offset of offsets)
      new Uint8Array(arena.memory.buffer, offset, offset === offsets[1] ? mebibyte : 64 * mebibyte).fill(5);
    arena.free(first.byteOffset);
    arena.free(last.byteOffset);
    const before = process.memoryUsage.rss();
    memory.giveBack(0);
    const given = before - process.memoryUsage.rss();
    assert.ok(given > 100 * mebibyte, `gave ${given}`);
    assert.ok(kept.every((byte) => byte === 5));
  });

  it('says what is in use, and not what was', () => {
    const memory = new ThreadMemory(1, 16 * mebibyte, 0);
    const before = memory.takenBytes;
    const arena = new Arena(memory.join()!.arena, 1);
    const offset = arena.take(4 * mebibyte)!;
    assert.equal(memory.takenBytes - before, 4 * mebibyte);
    arena.free(offset);
    assert.equal(memory.takenBytes, before);
  });

  it('has chunks go that nobody uses, as many as are asked for', () => {
    const memory = new ThreadMemory(1, mebibyte, 4 * mebibyte);
    const shared = memory.join()!;
    const cache = new SharedChunkCache(shared.cache!, new Arena(shared.arena, 1), 1);
    for (let i = 0; i < 3; i++) cache.put(String(i), new Uint8Array(mebibyte));
    assert.equal(memory.cacheBytes, 3 * mebibyte);
    memory.giveBack(1.5 * mebibyte);
    assert.equal(memory.cacheBytes, mebibyte);
  });

  it('has a number for each thread, and takes back what one had that ended', () => {
    const memory = new ThreadMemory(2, mebibyte, mebibyte);
    const [one, two] = [memory.join()!, memory.join()!];
    assert.notEqual(one.owner, two.owner);
    const before = new Arena(two.arena, 9).takenBytes;
    new Arena(two.arena, two.owner).take(1000);
    memory.leave(two.owner);
    assert.equal(memory.join()!.owner, two.owner);
    assert.equal(new Arena(two.arena, 9).takenBytes, before);
  });

  it('has what kernels need for a thread that starts, or starts again, when others have filled the arena', async () => {
    const memory = new ThreadMemory(2, 20 * mebibyte + 100, 4 * mebibyte);
    const [full, late] = [memory.join()!, memory.join()!];
    const filling = new Arena(full.arena, full.owner);
    while (filling.take(2 ** 16) !== undefined);
    for (const shared of [late, late]) {
      const worker = new Worker(new URL('./starting-thread.ts', import.meta.url), { workerData: shared });
      const [{ kernels, inArena, isRight }] = await once(worker, 'message');
      await worker.terminate();
      assert.ok(kernels > 0 && inArena && isRight);
      memory.leave(late.owner);
      assert.deepEqual(memory.join(), late);
    }
    assert.ok(Math.abs(full.stage! - late.stage!) >= stageBytes);
  });

  it('does not wait for ever for a thread that died while it changed what is whose', () => {
    for (const which of ['arena', 'cache'] as const) {
      const memory = new ThreadMemory(2, mebibyte, mebibyte, 50);
      const [dead, other] = [memory.join()!, memory.join()!];
      dead[which]!.words[0] = dead.owner;
      memory.giveBack(1);
      memory.leave(dead.owner);
      const cache = new SharedChunkCache(other.cache!, new Arena(other.arena, other.owner), other.owner);
      cache.put('a', new Uint8Array(1000));
      assert.equal(cache.get('a', 'uint8'), undefined);
    }
  });

  it('hears of a thread that died although others wait for it', async function () {
    this.timeout(20_000);
    // Told in the wrong order, it waits for the lock of the cache longer than the test may take.
    const memory = new ThreadMemory(2, mebibyte, mebibyte, 30_000);
    const [dead, other] = [memory.join()!, memory.join()!];
    const used = new SharedChunkCache(dead.cache!, new Arena(dead.arena, dead.owner), dead.owner);
    used.put('a', new Uint8Array(1000));
    dead.arena.words[0] = dead.owner;
    const worker = new Worker(new URL('./evicting-thread.ts', import.meta.url), { workerData: other });
    const ended = once(worker, 'message');
    // It has locked the cache, and waits for the arena.
    while (other.cache!.words[0] !== other.owner) await sleep(1);
    memory.leave(dead.owner);
    assert.deepEqual(await ended, [true]);
    await worker.terminate();
  });

  it('is as large as a memory may be, whatever is asked for', () => {
    assert.equal(new ThreadMemory(1, 100 * 2 ** 30, 2 ** 40).join()!.arena.mostBytes, 2 ** 32 - 2 ** 16);
    assert.equal(new ThreadMemory(1, 1000, 0).join()!.cache, undefined);
  });
});
