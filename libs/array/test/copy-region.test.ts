import assert from 'node:assert/strict';
import { copyRegion, elementCount, ravel, unravel } from '@hyperslab/array';
import fc from 'fast-check';

const axis = fc
  .record({
    shape: fc.nat(4),
    fromStep: fc.integer({ min: 1, max: 3 }),
    toStep: fc.integer({ min: 1, max: 3 }),
    fromOrigin: fc.nat(3),
    toOrigin: fc.nat(3),
    slack: fc.nat(2),
  })
  .map((a) => ({
    ...a,
    fromExtent: a.fromOrigin + a.shape * a.fromStep + a.slack,
    toExtent: a.toOrigin + a.shape * a.toStep + a.slack,
  }));

describe('copy-region', () => {
  it('copies each element of a strided box to its place and touches nothing else', () => {
    fc.assert(
      fc.property(fc.array(axis, { maxLength: 4 }), (axes) => {
        const pick = <K extends keyof (typeof axes)[number]>(key: K) => axes.map((a) => a[key]);
        const [shape, fromShape, toShape] = [pick('shape'), pick('fromExtent'), pick('toExtent')];
        const source = Float64Array.from({ length: elementCount(fromShape) }, (_, i) => i + 1);
        const expected = new Float64Array(elementCount(toShape));
        for (let i = 0; i < elementCount(shape); i++) {
          const index = unravel(i, shape);
          const from = ravel(
            index.map((x, a) => axes[a].fromOrigin + x * axes[a].fromStep),
            fromShape,
          );
          const to = ravel(
            index.map((x, a) => axes[a].toOrigin + x * axes[a].toStep),
            toShape,
          );
          expected[to] = source[from];
        }
        const target = new Float64Array(expected.length);
        copyRegion(
          source,
          { arrayShape: fromShape, origin: pick('fromOrigin'), step: pick('fromStep') },
          target,
          { arrayShape: toShape, origin: pick('toOrigin'), step: pick('toStep') },
          shape,
        );
        assert.deepEqual(target, expected);
      }),
    );
  });

  it('copies strings too', () => {
    const target = ['', '', ''];
    copyRegion(
      ['a', 'b', 'c', 'd'],
      { arrayShape: [4], origin: [0], step: [2] },
      target,
      { arrayShape: [3], origin: [1] },
      [2],
    );
    assert.deepEqual(target, ['', 'a', 'c']);
  });
});
