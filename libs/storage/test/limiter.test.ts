import assert from 'node:assert/strict';
import { Limiter } from '../src/limiter.ts';
import { rejectsWith } from './store-contract.ts';

const never = new AbortController().signal;

describe('limiter', () => {
  it('runs as many at once as it may, and all in the end', async () => {
    const limiter = new Limiter(3);
    let running = 0;
    let most = 0;
    const task = async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 1));
      running--;
    };
    await Promise.all(Array.from({ length: 20 }, () => limiter.run(task, never)));
    assert.equal(most, 3);
  });

  it('goes on after a failure and after a wait that was given up', async () => {
    const limiter = new Limiter(1);
    const abort = new AbortController();
    let free: () => void = () => undefined;
    const held = limiter.run(() => new Promise<void>((resolve) => (free = resolve)), never);
    const waiting = limiter.run(async () => assert.fail('it was given up'), abort.signal);
    abort.abort();
    await rejectsWith('CANCELLED', waiting);
    free();
    await held;
    await assert.rejects(limiter.run(() => Promise.reject(new Error('no')), never));
    assert.equal(await limiter.run(async () => 7, never), 7);
  });
});
