import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { BusyTime } from '../../src/blocks/busy-time.ts';

describe('busy time', () => {
  it('counts what is under way at once only once, and nothing between', async () => {
    const busy = new BusyTime();
    assert.equal(busy.seconds, 0);
    const started = performance.now();
    const several = Array.from({ length: 10 }, () => busy.begin());
    await sleep(5);
    const [first, ...others] = several;
    first[Symbol.dispose]();
    const early = busy.seconds;
    await sleep(5);
    assert.ok(busy.seconds > early, 'others are under way');
    for (const other of others) other[Symbol.dispose]();
    const { seconds } = busy;
    // Each by itself would make about ten times as much.
    assert.ok(seconds > 0 && seconds <= (performance.now() - started) / 1000);
    await sleep(5);
    assert.equal(busy.seconds, seconds);
    {
      using _ = busy.begin();
      await sleep(5);
    }
    assert.ok(busy.seconds > seconds);
  });
});
