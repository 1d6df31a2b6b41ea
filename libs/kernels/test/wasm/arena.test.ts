import assert from 'node:assert/strict';
import { Arena, reserveArena } from '../../src/wasm/arena.ts';
import { openRegion, Region } from '../../src/wasm/region.ts';
import { simd } from '../../src/wasm/simd.ts';

const mebibyte = 2 ** 20;

describe('arena', () => {
  it('grows to its limit and no further, and keeps what is in it', () => {
    const arena = new Arena(reserveArena(8 * mebibyte), 1);
    const first = arena.take(1000)!;
    const view = arena.view('uint8', first, 1000) as Uint8Array;
    view.fill(7);
    const second = arena.take(3 * mebibyte)!;
    assert.ok(arena.holds(view) && arena.holds(arena.view('float32', second, 1)));
    (arena.view('uint8', first, 1) as Uint8Array)[0] = 8;
    assert.deepEqual([view[0], view[999]], [8, 7]);
    assert.equal(arena.take(8 * mebibyte), undefined);
    const third = arena.take(4 * mebibyte);
    assert.ok(third !== undefined);
    assert.ok(arena.bytes <= arena.mostBytes);
    for (const offset of [first, second, third]) arena.free(offset);
    assert.equal(arena.takenBytes, 0);
    assert.ok(arena.take(7 * mebibyte) !== undefined);
    assert.ok(!arena.holds(new Uint8Array(8)));
  });

  it('gives threads memory of their own, whatever bytes it is made for', () => {
    for (let more = 0; more < 17; more++) {
      const share = reserveArena(32 * mebibyte + 4096 * more + 100);
      const arenas = [new Arena(share, 1), new Arena(share, 2)];
      assert.deepEqual([arenas[0].bytes, arenas[0].takenBytes], [mebibyte, 0]);
      const taken = Array.from({ length: 300 }, (_, i) => [i % 2, arenas[i % 2].take(64 * i + 1)!]);
      const places = taken.map(([which, at]) => [at, at + arenas[which].lengthAt(at)!]);
      places.sort(([a], [b]) => a - b);
      assert.ok(places.every(([start], i) => start >= (i === 0 ? 64 : places[i - 1][1])));
      for (const [which, at] of taken) arenas[which].free(at);
      assert.equal(arenas[1].takenBytes, 0);
    }
  });

  it('has nothing freed for what is larger than all of it', () => {
    const arena = new Arena(reserveArena(8 * mebibyte), 1);
    arena.reclaimBy(() => assert.fail('asked to free something'));
    // In units of it, the last is a small number of 32 bits.
    for (const bytes of [8 * mebibyte + 1, 2 ** 34, 2 ** 38 + 6400])
      assert.equal(arena.take(bytes), undefined);
  });

  it('has 1 MiB to 4 GiB', () => {
    for (const bytes of [0, mebibyte - 1, 2 ** 32 + 1, Number.NaN])
      assert.throws(() => reserveArena(bytes), /expected 1048576 to 4294967296/);
    const largest = new Arena(reserveArena(2 ** 32), 1);
    assert.equal(largest.bytes, mebibyte);
    // No array ends where addresses of 32 bits do: kernels would take its end for 0.
    assert.equal(largest.take(2 ** 32 - 64), undefined);
    const offset = largest.take(2 ** 32 - 2 ** 16 - 64)!;
    assert.equal(offset + largest.lengthAt(offset)!, 2 ** 32 - 2 ** 16);
  });
});

describe('region', () => {
  it('frees all that it made', () => {
    const { arena } = simd()!;
    const before = arena.takenBytes;
    {
      using region = openRegion();
      const dirty = region.array('float64', 1000) as Float64Array;
      dirty.fill(5);
      region.release();
      const clean = region.zeros('float64', 1000) as Float64Array;
      assert.ok(arena.holds(clean) && clean.every((value) => value === 0));
      assert.equal(clean.byteOffset, dirty.byteOffset);
      assert.ok(arena.takenBytes > before);
    }
    assert.equal(arena.takenBytes, before);
  });

  it('makes ordinary arrays without kernels, and of what finds no room', () => {
    const plain = new Region(undefined);
    assert.ok(!simd()!.arena.holds(plain.zeros('int16', 3)));
    plain.release();
    using small = new Region({ ...simd()!, arena: new Arena(reserveArena(mebibyte), 1) });
    const large = small.array('uint8', mebibyte);
    assert.equal(large.length, mebibyte);
    assert.ok(!(large.buffer instanceof SharedArrayBuffer));
  });
});
