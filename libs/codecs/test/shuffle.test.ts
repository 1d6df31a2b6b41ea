import assert from 'node:assert/strict';
import { allowSimd, openRegion, unshuffleByKernel } from '@hyperslab/kernels';
import fc from 'fast-check';
import { shuffleCodec } from '../src/shuffle.ts';

/** Elements around those that a kernel takes at a time, and around those of a block. */
const counts = fc.oneof(
  fc.integer({ min: 0, max: 200 }),
  fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: -17, max: 17 }))
    .map(([n, more]) => 8192 * n + more),
);

describe('shuffle', () => {
  afterEach(() => allowSimd(true));

  it('is undone with vectors and without, by whole elements and what is left', () => {
    const property = fc.property(
      fc.constantFrom(2, 3, 4, 8, 16),
      counts,
      fc.nat({ max: 7 }),
      fc.nat(),
      (elementsize, count, rest, seed) => {
        const bytes = Uint8Array.from(
          { length: count * elementsize + Math.min(rest, elementsize - 1) },
          (_, i) => Math.imul(i + seed, 2654435761) >>> 24,
        );
        const shuffled = shuffleCodec.encode!(bytes, { elementsize });
        for (const allowed of [true, false]) {
          allowSimd(allowed);
          const decoded = shuffleCodec.decode(shuffled, { elementsize }, bytes.length);
          assert.ok(Buffer.from(bytes).equals(decoded), `with vectors: ${allowed}`);
        }
      },
    );
    fc.assert(property, { numRuns: 150 });
  });

  it('is undone where the bytes, or they and the elements, lie in the arena', () => {
    const property = fc.property(
      fc.constantFrom(2, 4, 8),
      counts,
      fc.boolean(),
      (elementsize, count, both) => {
        using region = openRegion();
        const length = count * elementsize;
        const bytes = Uint8Array.from({ length }, (_, i) => Math.imul(i, 2654435761) >>> 24);
        const shuffled = region.array('uint8', length) as Uint8Array;
        shuffled.set(shuffleCodec.encode!(bytes, { elementsize }));
        const result = both ? (region.zeros('uint8', length) as Uint8Array) : new Uint8Array(length);
        assert.equal(unshuffleByKernel(shuffled, elementsize, count, result), count >= 64);
        if (count >= 64) assert.ok(Buffer.from(bytes).equals(result));
      },
    );
    fc.assert(property, { numRuns: 100 });
  });
});
