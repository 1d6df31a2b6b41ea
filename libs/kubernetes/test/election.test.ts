import assert from 'node:assert/strict';
import fc from 'fast-check';
import { leadsForMs, type Step } from '../src/lease/election.ts';
import { released } from '../src/lease/lease-record.ts';
import { Contender, type Exchange, SimulatedLease } from './simulated-election.ts';

const leaseMs = 10_000;

function writing(step: Step): Exclude<Step, { type: 'wait' }> {
  assert.notEqual(step.type, 'wait');
  return step as Exclude<Step, { type: 'wait' }>;
}

/** Reads at a moment and does what is to be done, at once. */
function turn(contender: Contender, lease: SimulatedLease, trueMs: number): void {
  contender.read(lease, trueMs);
  const step = contender.step(trueMs);
  if (step.type === 'wait') return;
  const written = lease.write(step);
  if (written !== undefined) contender.wrote(written, trueMs);
}

describe('election', () => {
  let lease: SimulatedLease;
  let a: Contender;
  let b: Contender;

  beforeEach(() => {
    lease = new SimulatedLease();
    a = new Contender('a', leaseMs, 1, 0);
    b = new Contender('b', leaseMs, 1, 5_000_000);
  });

  it('gives the lease to the first, and the other waits for it', () => {
    turn(a, lease, 0);
    turn(b, lease, 10);
    assert.deepEqual([a.leads(10), b.leads(10)], [true, false]);
    assert.deepEqual(b.step(10), { type: 'wait', holder: 'a' });
    assert.equal(lease.read()?.spec.leaseTransitions, 0);
  });

  it('lets only one of two writes on the same version count', () => {
    a.read(lease, 0);
    b.read(lease, 0);
    const written = lease.write(writing(a.step(1)));
    assert.ok(written);
    a.wrote(written, 1);
    assert.equal(lease.write(writing(b.step(1))), undefined);
    assert.deepEqual([a.leads(2), b.leads(2)], [true, false]);
  });

  it('is renewed for as long as it is seen to live, and lost a quarter before another may have it', () => {
    turn(a, lease, 0);
    turn(a, lease, 3_000);
    assert.equal(leadsForMs(a.election, a.clocks(3_000)), 7_500);
    assert.equal(a.leads(10_499), true);
    assert.equal(a.leads(10_500), false);
  });

  it('is taken when it was seen unchanged for its time, whatever its times say', () => {
    turn(a, lease, 0);
    b.wallShiftMs = 3_600_000;
    turn(b, lease, 4_000);
    turn(b, lease, 13_999);
    assert.equal(b.leads(13_999), false);
    turn(b, lease, 14_000);
    assert.equal(b.leads(14_000), true);
    assert.equal(lease.read()?.spec.leaseTransitions, 1);
  });

  it('is not taken sooner by a clock that is set forward', () => {
    turn(a, lease, 0);
    turn(b, lease, 0);
    b.wallShiftMs = 60_000;
    turn(b, lease, 5_000);
    assert.deepEqual([a.leads(5_000), b.leads(5_000)], [true, false]);
  });

  it('is not relied upon after a jump of the clock: the machine may have slept', () => {
    turn(a, lease, 0);
    a.wallShiftMs = 8_000;
    assert.equal(a.leads(1), false);
    turn(a, lease, 2);
    assert.equal(a.leads(2), true);
    a.wallShiftMs = -60_000;
    assert.equal(a.leads(2_000), true);
    assert.equal(a.leads(7_502), false);
  });

  it('is ours when our write was carried out and its answer lost', () => {
    a.read(lease, 0);
    assert.ok(lease.write(writing(a.step(0))));
    assert.equal(a.leads(0), false);
    turn(a, lease, 500);
    assert.equal(a.leads(500), true);
    assert.equal(lease.read()?.spec.leaseTransitions, 0);
  });

  it('goes on when the answer of a renewal was lost', () => {
    turn(a, lease, 0);
    assert.ok(lease.write(writing(a.step(2_000))));
    assert.equal(lease.write(writing(a.step(3_000))), undefined);
    turn(a, lease, 3_001);
    assert.equal(leadsForMs(a.election, a.clocks(3_001)), 7_500);
  });

  it('is lost while the API server is away, and by finding that another has it', () => {
    turn(a, lease, 0);
    turn(b, lease, 1);
    assert.equal(a.leads(7_500), false);
    turn(b, lease, 10_001);
    assert.equal(b.leads(10_001), true);
    turn(a, lease, 10_002);
    assert.deepEqual([a.leads(10_002), b.leads(10_002)], [false, true]);
    assert.deepEqual(a.step(10_003), { type: 'wait', holder: 'b' });
  });

  it('is taken at once when it was given back', () => {
    turn(a, lease, 0);
    turn(b, lease, 1);
    const { spec, version } = lease.read()!;
    lease.write({ type: 'update', spec: released(spec, new Date(0)), version });
    turn(b, lease, 2);
    assert.equal(b.leads(2), true);
  });

  it('belongs to a process, not to its pod: the next one waits for the one before', () => {
    turn(a, lease, 0);
    const restarted = new Contender('a-again', leaseMs, 1, 0);
    turn(restarted, lease, 100);
    assert.equal(restarted.leads(100), false);
  });

  it('shows a sign of life although the clock on the wall stands still', () => {
    turn(a, lease, 0);
    const before = lease.read()?.spec.renewTime;
    a.wallShiftMs = -3_000;
    turn(a, lease, 3_000);
    assert.notEqual(lease.read()?.spec.renewTime, before);
  });

  // Three contenders whose clocks differ in pace by a tenth, delays beyond the lease, lost answers, jumps.
  it('never has two leaders', () => {
    const exchange: fc.Arbitrary<Exchange> = fc.record({
      thereMs: fc.oneof(fc.nat(50), fc.nat(15_000)),
      backMs: fc.oneof(fc.nat(50), fc.nat(15_000)),
      answerLost: fc.boolean(),
      pauseMs: fc.oneof(fc.nat(2_000), fc.nat(30_000)),
    });
    const contender = fc.record({
      pace: fc.double({ min: 0.95, max: 1.05, noNaN: true }),
      offsetMs: fc.nat(1_000_000),
      wallShifts: fc.array(fc.integer({ min: -20_000, max: 20_000 }), { maxLength: 8 }),
      exchanges: fc.array(exchange, { minLength: 5, maxLength: 60 }),
    });
    let led = 0;
    fc.assert(
      fc.property(fc.array(contender, { minLength: 2, maxLength: 3 }), (all) => {
        led += simulate(all);
      }),
      { numRuns: 500 },
    );
    assert.ok(led > 500, `only ${led} leaders in all: nothing was tested`);
  });
});

interface Life {
  pace: number;
  offsetMs: number;
  wallShifts: number[];
  exchanges: Exchange[];
}

/** Plays all lives in true time and checks at each moment at which something happens. Answers how often one began to lead. */
function simulate(lives: Life[]): number {
  const lease = new SimulatedLease();
  const contenders = lives.map(({ pace, offsetMs }, i) => new Contender(`c${i}`, leaseMs, pace, offsetMs));
  const queue: { atMs: number; act: () => void }[] = [];
  const at = (atMs: number, act: () => void) => queue.push({ atMs, act });
  let led = 0;

  lives.forEach(({ exchanges, wallShifts }, i) => {
    const contender = contenders[i];
    const next = (turnNumber: number, nowMs: number): void => {
      const exchange = exchanges[turnNumber];
      if (exchange === undefined) return;
      const shift = wallShifts[turnNumber % Math.max(1, wallShifts.length)] ?? 0;
      contender.wallShiftMs += shift;
      const goOn = (whenMs: number) => {
        at(whenMs + exchange.pauseMs, () => next(turnNumber + 1, whenMs + exchange.pauseMs));
      };
      // Looks first, then writes on what it saw: both take their time.
      contender.read(lease, nowMs);
      const step = contender.step(nowMs);
      if (step.type === 'wait') {
        goOn(nowMs);
        return;
      }
      at(nowMs + exchange.thereMs, () => {
        const written = lease.write(step);
        const backMs = nowMs + exchange.thereMs + exchange.backMs;
        if (exchange.answerLost) goOn(backMs);
        else
          at(backMs, () => {
            const before = contender.leads(backMs);
            if (written !== undefined) contender.wrote(written, nowMs);
            if (!before && contender.leads(backMs)) led++;
            goOn(backMs);
          });
      });
    };
    at(i, () => next(0, i));
  });

  while (queue.length > 0) {
    queue.sort((x, y) => x.atMs - y.atMs);
    const { atMs, act } = queue.shift()!;
    act();
    const leaders = contenders.filter((each) => each.leads(atMs)).map(({ election }) => election.identity);
    assert.ok(leaders.length <= 1, `at ${atMs} ms: ${leaders.join(' and ')} lead`);
  }
  return led;
}
