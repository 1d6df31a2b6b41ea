import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Arena } from '../../src/wasm/arena.ts';
import { Extents } from '../../src/wasm/extents.ts';
import { openRegion, Region } from '../../src/wasm/region.ts';
import { simd } from '../../src/wasm/simd.ts';

const mebibyte = 2 ** 20;

describe('extents', () => {
  it('never overlap, and are one again when all are free', () => {
    const steps = fc.array(fc.tuple(fc.nat({ max: 5000 }), fc.nat({ max: 3 })), { maxLength: 200 });
    const property = fc.property(steps, (each) => {
      const extents = new Extents();
      const held: { offset: number; bytes: number }[] = [];
      extents.extend(64 * 200);
      for (const [bytes, kind] of each) {
        if (kind === 0 && held.length > 0) extents.free(held.splice(bytes % held.length, 1)[0].offset);
        else if (kind === 1) extents.extend(64 * (bytes % 30));
        else {
          const offset = extents.take(bytes);
          if (offset === undefined) continue;
          assert.ok(offset % 64 === 0 && offset + bytes <= extents.end);
          for (const other of held)
            assert.ok(
              offset + Math.max(1, bytes) <= other.offset ||
                other.offset + Math.max(1, other.bytes) <= offset,
            );
          held.push({ offset, bytes });
        }
        const least = held.reduce((sum, region) => sum + region.bytes, 0);
        assert.ok(extents.takenBytes >= least && extents.takenBytes < least + 65 * (held.length + 1));
      }
      for (const { offset } of held) extents.free(offset);
      assert.equal(extents.takenBytes, 0);
      assert.equal(extents.freeAtEnd, extents.end);
      assert.equal(extents.take(extents.end), 0);
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('refuse to free what is not taken', () => {
    const extents = new Extents();
    extents.extend(128);
    const offset = extents.take(10)!;
    extents.free(offset);
    assert.throws(() => extents.free(offset), /no region begins at 0/);
  });
});

describe('arena', () => {
  it('grows to its limit and no further, and keeps what is in it', () => {
    const arena = new Arena(8 * mebibyte);
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

  it('has 1 MiB to 4 GiB', () => {
    for (const bytes of [0, mebibyte - 1, 2 ** 32 + 1, Number.NaN])
      assert.throws(() => new Arena(bytes), /expected 1048576 to 4294967296/);
    assert.equal(new Arena(2 ** 32).bytes, mebibyte);
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
    using small = new Region({ ...simd()!, arena: new Arena(mebibyte) });
    const large = small.array('uint8', mebibyte);
    assert.equal(large.length, mebibyte);
    assert.ok(!(large.buffer instanceof SharedArrayBuffer));
  });
});
