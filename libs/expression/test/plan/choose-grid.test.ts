import assert from 'node:assert/strict';
import { regularRuns } from '@hyperslab/array';
import fc from 'fast-check';
import { chooseGrid, type GridRequest, isOneBlock } from '../../src/plan/choose-grid.ts';

const shape = [24, 90];
const request: GridRequest = {
  shape,
  // The last chunk along the first dimension has four indices.
  chunks: [regularRuns(24, 10), regularRuns(90, 45)],
  bytes: ([first, second]) => 4 * first * second,
  targetBytes: 4 * 24 * 45,
  cutBytes: 2 ** 30,
  order: [1, 0],
};

describe('grid of blocks', () => {
  it('has one block of a dimension that is not to be cut, also where its last chunk is shorter', () => {
    const [first, second] = chooseGrid({ ...request, whole: [0] });
    assert.deepEqual(first, regularRuns(24, 24));
    assert.deepEqual(second, regularRuns(90, 45));
  });

  it('has one block of a dimension that finds room in one', () => {
    assert.deepEqual(chooseGrid({ ...request, order: [0] })[0], regularRuns(24, 24));
    assert.deepEqual(chooseGrid({ ...request, order: [0], targetBytes: 4 * 23 * 45 })[0], {
      sizes: [20, 4],
      counts: [1, 1],
    });
  });

  it('is one block wherever that is told beforehand, whatever the chunks', () => {
    const axis = fc.record({
      extent: fc.integer({ min: 1, max: 40 }),
      chunk: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(fc.array(axis, { maxLength: 4 }), fc.integer({ min: 2, max: 4 }), (axes, times) => {
        const extents = axes.map(({ extent }) => extent);
        const bytes = (of: readonly number[]) => of.reduce((product, extent) => product * extent, 4);
        const targetBytes = times * bytes(extents);
        assert.ok(isOneBlock(bytes(extents), targetBytes));
        const chunks = axes.map(({ extent, chunk }) => regularRuns(extent, chunk));
        const order = [...axes.keys()].reverse();
        const grid = chooseGrid({ ...request, shape: extents, chunks, bytes, targetBytes, order });
        assert.deepEqual(
          grid,
          extents.map((extent) => regularRuns(extent, extent)),
        );
      }),
    );
  });
});
