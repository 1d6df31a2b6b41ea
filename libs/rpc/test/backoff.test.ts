import assert from 'node:assert/strict';
import { backoffMs } from '../src/index.ts';

describe('backoff', () => {
  it('doubles up to its limit, and is drawn from the upper half', () => {
    const options = { firstMs: 50, longestMs: 1000 };
    const most = (attempt: number) => backoffMs(attempt, options, () => 1);
    assert.deepEqual([1, 2, 3, 6, 7, 2000].map(most), [50, 100, 200, 1000, 1000, 1000]);
    assert.equal(
      backoffMs(2, options, () => 0),
      50,
    );
  });
});
