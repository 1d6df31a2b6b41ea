import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ComputeTurns } from '../../src/task/compute-turns.ts';

describe('turns to compute', () => {
  it('are one at a time, and of those who wait the one that began first is next', async () => {
    const turns = new ComputeTurns();
    const orders = [0, 1, 2, 3].map(() => turns.enter());
    const began: number[] = [];
    let computing = 0;
    const run = async (order: number) => {
      await turns.take(order);
      began.push(order);
      assert.equal(++computing, 1);
      await nextTurn();
      computing--;
      turns.give();
    };
    await Promise.all([orders[2], orders[3], orders[1], orders[0]].map(run));
    assert.deepEqual(began, [2, 0, 1, 3]);
    await run(orders[3]);
    assert.equal(began.length, 5);
  });
});
