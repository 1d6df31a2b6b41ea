import assert from 'node:assert/strict';
import fc from 'fast-check';
import { changesOf, followPolicy, lastWanted, reversals, usual } from './follow-policy.ts';

const mebibyte = 2 ** 20;

const job = fc.record({
  atS: fc.integer({ min: 1, max: 900 }),
  tasks: fc.integer({ min: 1, max: 300 }),
  taskS: fc.constantFrom(0.2, 1, 3, 10, 40),
  blockBytes: fc.option(fc.integer({ min: 1, max: 8 * mebibyte }), { nil: undefined }),
  keptS: fc.integer({ min: 0, max: 1500 }),
});

const settings = fc.record({
  min: fc.integer({ min: 0, max: 3 }),
  max: fc.integer({ min: 8, max: 30 }),
  targetMs: fc.constantFrom(5_000, 30_000, 120_000),
  upPerMinute: fc.integer({ min: 1, max: 30 }),
  downPerMinute: fc.integer({ min: 1, max: 30 }),
  downAfterMs: fc.constantFrom(60_000, 120_000, 300_000),
  idleMs: fc.constantFrom(60_000, 600_000),
});

const surroundings = fc.record({
  startS: fc.integer({ min: 1, max: 120 }),
  stuck: fc.integer({ min: 1, max: 40 }),
  drainS: fc.integer({ min: 1, max: 60 }),
  awayFromS: fc.integer({ min: 1, max: 2000 }),
  awayS: fc.integer({ min: 1, max: 200 }),
});

describe('the policy, on random loads', function () {
  this.timeout(120_000);

  it('keeps within its bounds, loses nothing, does not swing, and comes back to the fewest', () => {
    fc.assert(
      fc.property(
        fc.array(job, { minLength: 1, maxLength: 6 }),
        settings,
        surroundings,
        (jobs, chosen, around) => {
          const load = jobs.map(({ keptS, ...rest }) => ({
            ...rest,
            releaseAtS: rest.blockBytes === undefined ? undefined : rest.atS + 2500 + keptS,
          }));
          const { pool, moments } = followPolicy(load, 7200, {
            settings: chosen,
            startS: (ordinal) => (ordinal === around.stuck ? Number.POSITIVE_INFINITY : around.startS),
            drainS: around.drainS,
            away: { fromS: around.awayFromS, toS: around.awayFromS + around.awayS },
          });
          const told = changesOf(moments).join('\n');
          for (const { decision, fitted } of moments) {
            assert.ok(decision.wanted >= chosen.min && decision.wanted <= chosen.max, told);
            assert.ok(fitted, told);
          }
          assert.ok(pool.isDone, told);
          assert.equal(pool.lostBytes, 0, told);
          // Each job is a rise and a fall, and what is released is a fall of its own.
          assert.ok(reversals(moments) < 3 * jobs.length, `${reversals(moments)} reversals\n${told}`);
          assert.equal(lastWanted(moments), chosen.min, told);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('decides the same when it is asked the same', () => {
    const load = [{ atS: 30, tasks: 500, taskS: 3 }];
    const first = followPolicy(load, 900).moments.map(({ decision }) => decision);
    const again = followPolicy(load, 900).moments.map(({ decision }) => decision);
    assert.deepEqual(first, again);
    assert.ok(first.every(({ memory }) => memory.wishes.falling.length <= usual.max + 1));
  });
});
