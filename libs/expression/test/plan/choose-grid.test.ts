import assert from 'node:assert/strict';
import { regularRuns } from '@hyperslab/array';
import { chooseGrid, type GridRequest } from '../../src/plan/choose-grid.ts';

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
});
