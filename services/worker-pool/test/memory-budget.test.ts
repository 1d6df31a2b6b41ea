import assert from 'node:assert/strict';
import { memoryBudget } from '../src/memory-budget.ts';

const mebibyte = 2 ** 20;
const configured = { cacheBytes: 256 * mebibyte, slots: 4 };

describe('memory budget', () => {
  it('gives what is configured when there is room', () => {
    const { cacheBytes, slots, guests, blockBytes } = memoryBudget(2048 * mebibyte, 2, configured);
    assert.equal(guests, 1);
    assert.equal(cacheBytes, 256 * mebibyte);
    assert.equal(slots, 4);
    assert.ok(blockBytes > 300 * mebibyte);
  });

  it('shrinks with the limit, and always lets one task run', () => {
    for (const limit of [64, 256, 384, 512, 1024]) {
      const { cacheBytes, slots, guests, blockBytes, reads, streams, heldBytes, weightBytes } = memoryBudget(
        limit * mebibyte,
        2,
        configured,
      );
      assert.ok(reads >= 1 && streams >= 2);
      assert.ok(slots >= 1 && slots <= 4);
      assert.ok(heldBytes >= 64 * mebibyte && heldBytes <= Math.max(64, limit / 2) * mebibyte);
      assert.ok(2 * weightBytes <= heldBytes);
      const beyondOne = (slots - 1 + guests + reads - 1) * 64 + (streams - 2) * 8;
      assert.ok(cacheBytes + blockBytes + beyondOne * mebibyte <= limit * mebibyte);
    }
  });
});
