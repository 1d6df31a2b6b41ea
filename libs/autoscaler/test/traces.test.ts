import assert from 'node:assert/strict';
import { decide, emptyMemory } from '../src/index.ts';
import {
  changesOf,
  decideEveryS,
  followPolicy,
  lastWanted,
  type Moment,
  mostWanted,
  reversals,
  usual,
} from './follow-policy.ts';
import type { LoadJob, SimulatedPool } from './simulated-pool.ts';

const mebibyte = 2 ** 20;

/** What must hold on every trace. */
function assertSound(
  { pool, moments }: { pool: SimulatedPool; moments: Moment[] },
  loadSteps: number,
  { min, max } = usual,
): void {
  const told = changesOf(moments).join('\n');
  assert.ok(pool.isDone, `all work is done\n${told}`);
  assert.equal(pool.lostBytes, 0, `nothing that is held is lost\n${told}`);
  assert.ok(
    moments.every(({ fitted }) => fitted),
    `what is held fits into those that stay\n${told}`,
  );
  assert.ok(
    moments.every(({ decision: { wanted } }) => wanted >= min && wanted <= max),
    told,
  );
  // A rise and a fall are two steps: up, and the one reversal.
  assert.ok(reversals(moments) < loadSteps, `at most a reversal a step\n${told}`);
}

/** When a number was first wanted, seconds. */
function firstAt(moments: readonly Moment[], reached: (wanted: number) => boolean): number {
  return moments.find(({ decision }) => reached(decision.wanted))?.timeS ?? Number.POSITIVE_INFINITY;
}

/** Tasks that come in small jobs, so many slot seconds each second. */
function stream(fromS: number, toS: number, slotsBusy: (timeS: number) => number, taskS = 6): LoadJob[] {
  const jobs: LoadJob[] = [];
  let owedS = 0;
  // Not a multiple of the time between decisions: they would all see the same moment of each job.
  for (let atS = fromS; atS < toS; atS += 7) {
    owedS += slotsBusy(atS) * 7;
    const tasks = Math.floor(owedS / taskS);
    owedS -= tasks * taskS;
    if (tasks > 0) jobs.push({ atS, tasks, taskS });
  }
  return jobs;
}

describe('the policy, on simulated loads', () => {
  it('meets a burst with all that it needs at the next decision, and is back at the fewest after it', () => {
    const run = followPolicy([{ atS: 62, tasks: 400, taskS: 5 }], 600);
    assertSound(run, 2);
    assert.equal(
      firstAt(run.moments, (wanted) => wanted > 1),
      65,
    );
    assert.equal(
      firstAt(run.moments, (wanted) => wanted === 17),
      70,
      'as soon as it is known how long a task takes',
    );
    assert.equal(mostWanted(run.moments), 17);
    const backBy = run.pool.endS + usual.downAfterMs / 1000 + 60 * Math.ceil(17 / usual.downPerMinute);
    assert.equal(run.moments.findLast(({ timeS }) => timeS <= backBy)!.decision.wanted, 1);
  });

  it('follows a step up and, when it ends, down, without a change in between', () => {
    const run = followPolicy(
      stream(60, 1800, () => 13),
      2400,
    );
    assertSound(run, 2);
    assert.equal(mostWanted(run.moments), 4, '13 slots are busy');
    assert.equal(lastWanted(run.moments), 1);
  });

  it('does not swing when work comes exactly as fast as it is done, or jitters', () => {
    for (const rate of [4, 8, 12, 15.9, 16, 16.1, 31]) {
      const exact = followPolicy(
        stream(60, 3600, () => rate),
        4200,
      );
      assertSound(exact, 2);
      const jitter = followPolicy(
        stream(60, 3600, (timeS) => rate * (1 + 0.4 * Math.sin(timeS * timeS))),
        4200,
      );
      assertSound(jitter, 2);
    }
  });

  it('follows a ramp up and down with one reversal', () => {
    const top = 40;
    const run = followPolicy(
      stream(0, 3600, (timeS) => top * (1 - Math.abs(timeS - 1800) / 1800)),
      4200,
    );
    assertSound(run, 2);
    assert.ok(
      mostWanted(run.moments) >= 9 && mostWanted(run.moments) <= 13,
      changesOf(run.moments).join('\n'),
    );
    assert.equal(lastWanted(run.moments), 1);
  });

  it('keeps its workers through the gaps of a sawtooth that is shorter than its patience', () => {
    const teeth = Array.from({ length: 10 }, (_, at) => ({ atS: 60 + at * 100, tasks: 400, taskS: 2 }));
    const run = followPolicy(teeth, 1800);
    assertSound(run, 2);
    assert.equal(lastWanted(run.moments), 1);
  });

  it('goes down between the teeth of a longer one, with one reversal for each rise and fall', () => {
    const teeth = Array.from({ length: 4 }, (_, at) => ({ atS: 60 + at * 600, tasks: 400, taskS: 2 }));
    const run = followPolicy(teeth, 2700);
    assertSound(run, 8);
    assert.equal(reversals(run.moments), 7);
  });

  it('does nothing through a long idle', () => {
    const run = followPolicy([], 7200);
    assert.deepEqual(changesOf(run.moments), []);
  });

  it('keeps what persisted results need until they are released, and then goes', () => {
    const blockBytes = 10 * mebibyte;
    const run = followPolicy([{ atS: 60, tasks: 200, taskS: 5, blockBytes, releaseAtS: 2000 }], 3000);
    assertSound(run, 3);
    const kept = run.moments.filter(({ timeS }) => timeS > 400 && timeS < 2000);
    // 2000 MiB at 15 % of 2 GiB a worker need 7; with a quarter to spare 9.
    assert.ok(kept.every(({ decision }) => decision.wanted === 9 && decision.rule === 'enough'));
    assert.match(kept[0].decision.reason, /2 GiB of held blocks need the memory of 9, with 25 % to spare/);
    assert.equal(lastWanted(run.moments), 1);
  });

  it('brings workers for memory alone, when held blocks outgrow those that are there', () => {
    const blockBytes = 100 * mebibyte;
    const run = followPolicy([{ atS: 60, tasks: 20, taskS: 1, blockBytes, releaseAtS: 1000 }], 1500);
    assertSound(run, 2);
    assert.ok(run.moments.some(({ decision }) => decision.rule === 'held' && decision.wanted > 1));
  });

  it('makes up for workers that never come, and goes down again when there is nothing to do', () => {
    const never = (ordinal: number) => (ordinal === 2 || ordinal === 5 ? Number.POSITIVE_INFINITY : 12);
    const run = followPolicy(
      stream(60, 2400, () => 30),
      3600,
      { startS: never },
    );
    assertSound(run, 2);
    assert.ok(
      run.moments.some(({ decision }) => decision.reason.includes("2 don't come up and are made up for")),
      changesOf(run.moments).join('\n'),
    );
    assert.equal(lastWanted(run.moments), 1);
  });

  it('does not go on asking where the cluster has no room for more, and goes down after it', () => {
    const full = (ordinal: number) => (ordinal < 3 ? 12 : Number.POSITIVE_INFINITY);
    // 1300 MiB at 15 % of 2 GiB a worker need 5; 2 more are asked for, however long nobody comes.
    const load = [{ atS: 60, tasks: 20, taskS: 1, blockBytes: 65 * mebibyte, releaseAtS: 5000 }];
    const run = followPolicy(load, 7200, { startS: full });
    const told = changesOf(run.moments).join('\n');
    assertSound(run, 2);
    assert.equal(mostWanted(run.moments), 7, told);
    const blocked = run.moments.findLast(({ timeS }) => timeS < 5000)!;
    assert.deepEqual([blocked.decision.wanted, blocked.ready], [7, 3], told);
    assert.match(blocked.decision.reason, /; 4 don't come up, 2 are made up for; 7 are right$/);
    assert.equal(lastWanted(run.moments), 1, told);
  });

  it('does not go on asking where nobody at all comes up', () => {
    const run = followPolicy([{ atS: 60, tasks: 1200, taskS: 5 }], 7200, {
      startS: () => Number.POSITIVE_INFINITY,
    });
    // 1200 tasks that are taken to last half a second need 5.
    assert.equal(mostWanted(run.moments), 7, changesOf(run.moments).join('\n'));
  });

  it('asks for a quarter more at most where much is needed and little comes up', () => {
    const full = (ordinal: number) => (ordinal < 4 ? 12 : Number.POSITIVE_INFINITY);
    const settings = { max: 100 };
    const load = [{ atS: 60, tasks: 160, taskS: 1, blockBytes: 75 * mebibyte, releaseAtS: 5000 }];
    const run = followPolicy(load, 7200, { startS: full, settings });
    assertSound(run, 2, { ...usual, ...settings });
    // 12 000 MiB need 40.
    assert.equal(mostWanted(run.moments), 50, changesOf(run.moments).join('\n'));
    assert.equal(lastWanted(run.moments), 1);
  });

  it('keeps who came for one that never does, as long as it is needed', () => {
    const never = (ordinal: number) => (ordinal === 1 ? Number.POSITIVE_INFINITY : 12);
    const load = [{ atS: 60, tasks: 8, taskS: 1, blockBytes: 60 * mebibyte, releaseAtS: 5000 }];
    const run = followPolicy(load, 7200, { startS: never });
    const told = changesOf(run.moments).join('\n');
    assertSound(run, 2);
    const needed = run.moments.filter(({ timeS }) => timeS > 500 && timeS < 5000);
    assert.ok(
      needed.every(({ decision, ready }) => decision.wanted === 3 && ready === 2),
      told,
    );
    assert.equal(lastWanted(run.moments), 1, told);
  });

  it('goes down to a most that was lowered at its pace, when those before are gone', () => {
    const settings = { max: 5, downPerMinute: 4 };
    const load = [{ atS: 1, tasks: 2000, taskS: 4, blockBytes: mebibyte }];
    const run = followPolicy(load, 1200, { settings, from: 20, startS: () => 0, drainS: 20 });
    const downs = run.moments.filter(({ before, decision }) => decision.wanted < before && before > 5);
    assert.deepEqual(
      downs.map(({ timeS, before, decision }) => [timeS, before, decision.wanted, decision.rule]),
      [
        [0, 20, 16, 'bounds'],
        [60, 16, 12, 'bounds'],
        [120, 12, 8, 'bounds'],
        [180, 8, 5, 'bounds'],
      ],
    );
    assert.equal(
      downs[0].decision.reason,
      '20 workers are more than 5, which are the most; down from 20 to 16, at most 4 fewer a minute',
    );
    const waiting = run.moments
      .filter(({ timeS }) => timeS > 0 && timeS < 60)
      .map(({ decision }) => decision.rule);
    assert.deepEqual([...new Set(waiting)], ['draining', 'pace']);
    assert.equal(run.pool.lostBytes, 0);
    assert.equal(lastWanted(run.moments), 1);
  });

  it('leaves a number above the most alone while the scheduler does not answer, and jumps up to the fewest', () => {
    const asked = { figures: undefined, settings: { ...usual, min: 2 }, memory: emptyMemory(0), nowMs: 0 };
    const made = [25, 0].map((wanted) => decide({ ...asked, wanted }));
    assert.deepEqual(
      made.map(({ wanted, rule }) => [wanted, rule]),
      [
        [25, 'no-figures'],
        [2, 'bounds'],
      ],
    );
  });

  it('adds nothing for workers that are starting', () => {
    const run = followPolicy([{ atS: 60, tasks: 100, taskS: 10 }], 200, { startS: () => 100 });
    const ups = run.moments.filter(({ before, decision }) => decision.wanted > before);
    assert.equal(ups.length, 1, changesOf(run.moments).join('\n'));
  });

  it('keeps still while the scheduler is away, and until its workers and jobs are back', () => {
    const blockBytes = 5 * mebibyte;
    const load = [{ atS: 60, tasks: 2000, taskS: 5, blockBytes, releaseAtS: 1500 }];
    const run = followPolicy(load, 2400, { away: { fromS: 150, toS: 180 } });
    assertSound(run, 3);
    const after = run.moments.filter(({ timeS }) => timeS >= 150 && timeS < 180 + usual.downAfterMs / 1000);
    assert.ok(after.every(({ before, decision }) => decision.wanted === before));
    assert.ok(after.some(({ decision }) => decision.rule === 'no-figures'));
  });

  it('brings a worker from none for any job, and keeps it until it has been idle for long enough', () => {
    const settings = { min: 0 };
    const run = followPolicy([{ atS: 62, tasks: 1, taskS: 5 }], 1200, { settings });
    assertSound(run, 2, { ...usual, ...settings });
    assert.equal(
      firstAt(run.moments, (wanted) => wanted === 1),
      65,
    );
    const goneS = run.moments.find(({ before, decision }) => before === 1 && decision.wanted === 0)!.timeS;
    const idleS = usual.idleMs / 1000;
    assert.ok(Math.abs(goneS - (run.pool.endS + idleS)) <= decideEveryS, `${goneS} s`);
  });

  it('never goes to none while something is held', () => {
    const load = [{ atS: 60, tasks: 1, taskS: 5, blockBytes: 1, releaseAtS: 3000 }];
    const run = followPolicy(load, 4000, { settings: { min: 0 } });
    assertSound(run, 2, { ...usual, min: 0 });
    assert.ok(
      run.moments.every(({ timeS, before, ready }) => timeS < 100 || timeS > 3000 || before * ready > 0),
    );
    assert.equal(lastWanted(run.moments), 0);
  });

  it('adds and sends away no more within a minute than it may', () => {
    const settings = { upPerMinute: 3, downPerMinute: 2, max: 12 };
    const run = followPolicy([{ atS: 60, tasks: 3000, taskS: 10 }], 2400, { settings });
    assertSound(run, 2, { ...usual, ...settings });
    for (const { timeS } of run.moments) {
      const minute = run.moments.filter((moment) => moment.timeS >= timeS && moment.timeS < timeS + 60);
      const by = minute.map(({ before, decision }) => decision.wanted - before);
      assert.ok(by.reduce((sum, each) => sum + Math.max(0, each), 0) <= 3);
      assert.ok(by.reduce((sum, each) => sum + Math.min(0, each), 0) >= -2);
    }
    assert.equal(mostWanted(run.moments), 12);
  });

  it('asks the next to go only when nobody is leaving any more', () => {
    const run = followPolicy([{ atS: 60, tasks: 800, taskS: 5 }], 1500, { drainS: 90 });
    assertSound(run, 2);
    const downs = run.moments.filter(({ before, decision }) => decision.wanted < before);
    assert.ok(downs.length > 1);
    for (const [at, { timeS }] of downs.entries()) if (at > 0) assert.ok(timeS - downs[at - 1].timeS >= 90);
  });
});
