import assert from 'node:assert/strict';
import { memoryBudget } from '../src/memory-budget.ts';

const mebibyte = 2 ** 20;
const configured = { cacheBytes: 256 * mebibyte, slots: 4 };

describe('memory budget', () => {
  it('gives what is configured when there is room', () => {
    const { cacheBytes, slots, blockBytes } = memoryBudget(2048 * mebibyte, 2, configured);
    assert.equal(cacheBytes, 256 * mebibyte);
    assert.equal(slots, 4);
    assert.ok(blockBytes > 300 * mebibyte);
  });

  it('shrinks with the limit, and always lets one task run', () => {
    for (const limit of [64, 256, 384, 512, 1024]) {
      const { cacheBytes, slots, blockBytes } = memoryBudget(limit * mebibyte, 2, configured);
      assert.ok(slots >= 1 && slots <= 4);
      assert.ok(cacheBytes + blockBytes + (slots - 1) * 64 * mebibyte <= limit * mebibyte);
    }
  });
});
