import assert from 'node:assert/strict';
import { ByteBudget } from '../src/byte-budget.ts';

describe('byte budget', () => {
  it('lets no more in than it has, but what is larger alone', async () => {
    const budget = new ByteBudget(10);
    let taken = 0;
    let most = 0;
    const task = async (bytes: number) => {
      await budget.take(bytes);
      taken += bytes;
      most = Math.max(most, taken);
      assert.ok(taken <= 10 || taken === bytes, `${taken} taken`);
      await new Promise((resolve) => setTimeout(resolve, 1));
      taken -= bytes;
      budget.give(bytes);
    };
    await Promise.all([4, 4, 4, 30, 1, 9, 10, 2, 3].map(task));
    assert.equal(most, 30);
    assert.equal(taken, 0);
  });
});
