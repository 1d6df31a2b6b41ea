import assert from 'node:assert/strict';
import fc from 'fast-check';
import { PointIndex } from '../../src/interpolate/point-index.ts';
import { squaredChord } from '../../src/interpolate/sphere.ts';

/** Vectors with few different numbers, so that many are as near, and some without a place. */
const vectors = fc
  .array(fc.constantFrom(-1, -0.5, 0, 0.25, 1, Number.NaN), { maxLength: 120 })
  .map((list) => Float64Array.from(list.slice(0, 3 * Math.floor(list.length / 3))));
const places = fc
  .array(fc.integer({ min: -150, max: 150 }), { minLength: 3, maxLength: 3 })
  .map((list) => Float64Array.from(list, (number) => number / 100));

function present(all: Float64Array): number[] {
  const indices = Array.from({ length: all.length / 3 }, (_, i) => i);
  return indices.filter((i) => !all.subarray(3 * i, 3 * i + 3).some(Number.isNaN));
}

describe('index of points', () => {
  it('finds the vectors whose radius reaches to a place, as looking at each does', () => {
    const radii = fc.array(fc.constantFrom(0, 0.1, 0.5, 2), { minLength: 40, maxLength: 40 });
    const property = fc.property(
      vectors,
      radii,
      places,
      fc.integer({ min: 0, max: 10 }),
      (all, own, place, tenths) => {
        const distance = tenths / 10;
        const reaches = (i: number) => squaredChord(all, i, place, 0) <= (distance + own[i]) ** 2;
        const index = new PointIndex(all, Float64Array.from(own));
        assert.deepEqual(index.within(place, 0, distance), present(all).filter(reaches));
      },
    );
    fc.assert(property);
  });

  it('finds the first of the nearest vectors', () => {
    const property = fc.property(vectors, places, (all, place) => {
      const distances = present(all).map((i) => squaredChord(all, i, place, 0));
      const first = present(all)[distances.indexOf(Math.min(...distances))] ?? -1;
      assert.equal(new PointIndex(all).nearest(place, 0), first);
    });
    fc.assert(property);
  });
});
