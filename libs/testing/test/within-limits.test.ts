import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { withinLimits } from '@hyperslab/testing';

describe('limits of time and memory', () => {
  it('are kept by what ends soon: its result, or what it throws', async () => {
    assert.equal(
      withinLimits(() => 7),
      7,
    );
    assert.equal(await withinLimits(async () => 8), 8);
    assert.throws(() => withinLimits(() => assert.fail('of its own')), /of its own/);
  });

  it('are broken by what takes too long', async () => {
    const late = async (failing: boolean) => {
      await sleep(20);
      if (failing) throw new Error('late');
    };
    await assert.rejects(
      withinLimits(() => late(false), { ms: 5 }),
      /expected an end within 5 ms/,
    );
    await assert.rejects(
      withinLimits(() => late(true), { ms: 5 }),
      /expected an end within 5 ms/,
    );
  });

  it('are broken by what takes too much, at its end or while it waits', async () => {
    const [bytes, limit] = [2 ** 24, { bytes: 2 ** 23 }];
    assert.throws(() => withinLimits(() => new Uint8Array(bytes), limit), /expected at most 8388608 bytes/);
    const waits = async () => {
      const taken = new Uint8Array(bytes);
      await sleep(50);
      return taken.length;
    };
    await assert.rejects(withinLimits(waits, limit), /expected at most 8388608 bytes/);
  });
});
