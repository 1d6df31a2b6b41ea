import assert from 'node:assert/strict';
import { PerformanceObserver } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { collectGarbage, countUnseen } from '../src/collect-garbage.ts';

/** NODE_PERFORMANCE_GC_MAJOR. */
const major = 4;

/** Collects until that is not put off any more. */
async function collectNow(): Promise<void> {
  while (!collectGarbage()) await sleep(10);
}

describe('collecting garbage', () => {
  it('is done when it is asked for, and not again right behind', async () => {
    let collections = 0;
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { kind, flags } = (entry as unknown as { detail: { kind: number; flags: number } }).detail;
        if (kind === major && flags !== 0) collections++;
      }
    });
    observer.observe({ entryTypes: ['gc'] });
    for (let asked = 0; asked < 100; asked++) collectGarbage();
    await sleep(50);
    observer.disconnect();
    // A machine that stops for a while between two calls may leave time for a few.
    assert.ok(collections >= 1 && collections < 50, `${collections} collections`);
  });

  it('is left until so much was made that it is worth its time', async () => {
    await collectNow();
    // Longer than it is put off for what it took.
    await sleep(2_000);
    assert.equal(collectGarbage(64 * 2 ** 20), false);
    const made = Buffer.alloc(65 * 2 ** 20, 1);
    while (!collectGarbage(64 * 2 ** 20)) await sleep(10);
    assert.equal(made.at(-1), 1);
    await sleep(2_000);
    assert.equal(collectGarbage(64 * 2 ** 20), false);
    countUnseen(65 * 2 ** 20);
    while (!collectGarbage(64 * 2 ** 20)) await sleep(10);
  });
});
