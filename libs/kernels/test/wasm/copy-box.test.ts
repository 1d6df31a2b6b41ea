import assert from 'node:assert/strict';
import { copyRegion, elementCount, type NumberArray } from '@hyperslab/array';
import fc from 'fast-check';
import { copyBox } from '../../src/wasm/copy-box.ts';
import { openRegion } from '../../src/wasm/region.ts';

/** A box, and how much there is of both arrays before and behind it. */
const place = fc.array(
  fc.record({
    extent: fc.integer({ min: 0, max: 5 }),
    before: fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 2 })),
    behind: fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 2 })),
  }),
  { maxLength: 5 },
);

describe('copies of boxes by a kernel', () => {
  it('are those of the plain loop, and touch nothing else', () => {
    const property = fc.property(place, fc.constantFrom('uint8', 'float32', 'float64'), (axes, dtype) => {
      const shape = axes.map(({ extent }) => extent);
      const [from, to] = [0, 1].map((which) => ({
        arrayShape: axes.map(({ extent, before, behind }) => before[which] + extent + behind[which]),
        origin: axes.map(({ before }) => before[which]),
      }));
      using region = openRegion();
      const source = region.array(dtype, elementCount(from.arrayShape)) as NumberArray;
      source.forEach((_, i) => {
        source[i] = (i * 7) % 251;
      });
      const [found, expected] = [0, 1].map(
        () => region.zeros(dtype, elementCount(to.arrayShape)) as NumberArray,
      );
      copyBox(source, from, found, to, shape);
      copyRegion(source, from, expected, to, shape);
      assert.deepEqual([...found], [...expected]);
    });
    fc.assert(property, { numRuns: 300 });
  });
});
