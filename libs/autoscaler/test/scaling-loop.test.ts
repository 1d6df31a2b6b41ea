import assert from 'node:assert/strict';
import { HyperslabError } from '@hyperslab/errors';
import type { ScalingDecision } from '@hyperslab/proto/scheduler';
import { type FigureSource, type Figures, ScalingLoop } from '../src/index.ts';
import { usual } from './follow-policy.ts';

const busy: Figures = {
  queuedSlotSeconds: 240,
  tasksQueued: 100,
  tasksRunning: 4,
  heldBytes: 0,
  workers: 1,
  draining: 0,
  size: { slots: 4, memoryBytes: 2 ** 31 },
};

/** A loop whose surroundings can be made to fail. */
function surrounded() {
  const around = {
    figures: busy as Figures | undefined,
    wanted: 1,
    scalable: true,
    reports: [] as ScalingDecision[],
    said: [] as string[],
  };
  const source: FigureSource = {
    async figures() {
      if (around.figures !== undefined) return around.figures;
      throw new HyperslabError('UNAVAILABLE', 'nobody answers');
    },
    async report(decision) {
      around.reports.push(decision);
    },
    close: () => undefined,
  };
  const scaler = {
    wanted: async () => around.wanted,
    async set(wanted: number) {
      if (!around.scalable) throw new HyperslabError('UNAVAILABLE', 'no room');
      around.wanted = wanted;
    },
  };
  const loop = new ScalingLoop(source, scaler, usual, {
    decided: () => undefined,
    failed: (part, message) => around.said.push(`${part} failed: ${message}`),
    recovered: (part) => around.said.push(`${part} recovered`),
  });
  return { around, loop };
}

describe('the loop of the autoscaler', () => {
  it('sees to what is decided and tells it, with the number there was', async () => {
    const { around, loop } = surrounded();
    assert.match(loop.problem!, /nothing has been decided/);
    await loop.round();
    assert.equal(around.wanted, 2);
    assert.equal(loop.problem, undefined);
    const [{ current, wanted, reason, time }] = around.reports;
    assert.deepEqual([current, wanted], [1, 2]);
    assert.match(reason, /^240.0 slot seconds of work need 2 with 4 slots each .*; up from 1 to 2$/);
    assert.ok(time instanceof Date);
  });

  it('tells only what is new', async () => {
    const { around, loop } = surrounded();
    for (let round = 0; round < 5; round++) await loop.round();
    assert.deepEqual(
      around.reports.map(({ current, wanted }) => [current, wanted]),
      [
        [1, 2],
        [2, 2],
      ],
    );
  });

  it('changes nothing while the scheduler is away, and says so once', async () => {
    const { around, loop } = surrounded();
    around.figures = undefined;
    for (let round = 0; round < 3; round++) await loop.round();
    assert.equal(around.wanted, 1);
    assert.deepEqual(around.said, ['scheduler failed: nobody answers']);
    assert.match(loop.problem!, /no answer of the scheduler/);
    around.figures = busy;
    await loop.round();
    assert.equal(around.wanted, 2);
    assert.deepEqual(around.said.slice(1), ['scheduler recovered']);
  });

  it('decides anew what could not be carried out, and tells nobody that it was', async () => {
    const { around, loop } = surrounded();
    around.scalable = false;
    for (let round = 0; round < 3; round++) await loop.round();
    assert.deepEqual([around.wanted, around.reports.length], [1, 0]);
    around.scalable = true;
    await loop.round();
    assert.deepEqual([around.wanted, around.reports.length], [2, 1]);
  });

  it('stops when it is told to', async () => {
    const { around, loop } = surrounded();
    loop.start(1);
    while (around.reports.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    await loop.stop();
    around.figures = undefined;
    assert.deepEqual(around.said, []);
  });
});
