import assert from 'node:assert/strict';
import { assertWithin, clipRange, composeRanges, type IndexRange } from '@hyperslab/array';
import fc from 'fast-check';

const range = fc.record({
  start: fc.nat(40),
  count: fc.nat(20),
  step: fc.integer({ min: 1, max: 7 }),
});

function indices(r: IndexRange): number[] {
  return Array.from({ length: r.count }, (_, i) => r.start + i * r.step);
}

describe('selection', () => {
  it('clips a range to an interval', () => {
    fc.assert(
      fc.property(range, fc.nat(120), fc.nat(60), (r, begin, length) => {
        const { first, count } = clipRange(r, begin, begin + length);
        const clipped = indices(r).slice(first, first + count);
        assert.deepEqual(
          clipped,
          indices(r).filter((i) => i >= begin && i < begin + length),
        );
      }),
    );
  });

  it('composes a range of a range', () => {
    fc.assert(
      fc.property(range, range, (outer, inner) => {
        fc.pre(inner.count === 0 || inner.start + (inner.count - 1) * inner.step < outer.count);
        const all = indices(outer);
        assert.deepEqual(
          indices(composeRanges(outer, inner)),
          inner.count === 0 ? [] : indices(inner).map((i) => all[i]),
        );
      }),
    );
  });

  it('refuses ranges that leave the dimension, and names it', () => {
    const bad: IndexRange[] = [
      { start: 0, count: 11, step: 1 },
      { start: 9, count: 2, step: 1 },
      { start: 0, count: 2, step: 10 },
      { start: -1, count: 1, step: 1 },
      { start: 0, count: 1, step: 0 },
      { start: 0.5, count: 1, step: 1 },
      { start: 0, count: 2 ** 53, step: 1 },
    ];
    for (const r of bad) assert.throws(() => assertWithin(r, 10, 'time'), /dimension "time" of length 10/);
    assertWithin({ start: 10, count: 0, step: 1 }, 10, 'time');
    assertWithin({ start: 1, count: 3, step: 4 }, 10, 'time');
  });
});
