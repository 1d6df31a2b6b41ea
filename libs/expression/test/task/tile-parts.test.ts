import assert from 'node:assert/strict';
import { elementCount, unravel } from '@hyperslab/array';
import { ordinaryMemory } from '@hyperslab/kernels';
import fc from 'fast-check';
import { partOfLeaf, partsOfBox } from '../../src/task/tile-parts.ts';

const box = fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 4 }).chain((shape) =>
  fc.record({
    shape: fc.constant(shape),
    origin: fc.tuple(...shape.map(() => fc.nat({ max: 3 }))) as fc.Arbitrary<number[]>,
    whole: fc.subarray([...shape.keys()]),
  }),
);

describe('parts of tiles', () => {
  it('are each element once, and all of dimensions that are not cut', () => {
    const property = fc.property(box, fc.integer({ min: 1, max: 50 }), ({ shape, origin, whole }, most) => {
      const seen = new Set<string>();
      for (const part of partsOfBox({ origin, shape }, whole, most)) {
        const least = whole.reduce((product, axis) => product * shape[axis], 1);
        assert.ok(elementCount(part.shape) <= Math.max(most, least));
        for (const axis of whole) assert.equal(part.shape[axis], shape[axis]);
        for (let i = 0; i < elementCount(part.shape); i++) {
          const place = unravel(i, part.shape).map((index, axis) => index + part.origin[axis]);
          assert.ok(place.every((index, axis) => index < origin[axis] + shape[axis]));
          seen.add(place.join());
        }
      }
      assert.equal(seen.size, elementCount(shape));
    });
    fc.assert(property);
  });

  it('have the values of their places', () => {
    const property = fc.property(box, fc.integer({ min: 1, max: 50 }), ({ shape, origin, whole }, most) => {
      const count = elementCount(shape);
      const values = Float64Array.from({ length: count }, (_, i) => i);
      const mask = Uint8Array.from({ length: count }, (_, i) => i % 2);
      const leaf = { node: 0, box: { origin, shape } };
      for (const part of partsOfBox(leaf.box, whole, most)) {
        const found = partOfLeaf(leaf, { dtype: 'float64', shape, values, mask }, part, ordinaryMemory);
        for (let i = 0; i < elementCount(part.shape); i++) {
          const place = unravel(i, part.shape).map((index, axis) => index + part.origin[axis] - origin[axis]);
          const at = place.reduce((sum, index, axis) => sum * shape[axis] + index, 0);
          assert.equal(found.values[i], at);
          assert.equal(found.mask![i], at % 2);
        }
      }
    });
    fc.assert(property);
  });
});
