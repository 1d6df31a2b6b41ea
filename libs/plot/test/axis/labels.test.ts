import assert from 'node:assert/strict';
import { numberLabels } from '../../src/axis/number-label.ts';
import { timeTicks } from '../../src/axis/time-ticks.ts';

describe('numberLabels', () => {
  const cases: [number[], string[]][] = [
    [
      [0, 5, 10],
      ['0', '5', '10'],
    ],
    [
      [-1, -0.5, 0],
      ['−1.0', '−0.5', '0.0'],
    ],
    [
      [0, 0.25, 0.5],
      ['0.00', '0.25', '0.50'],
    ],
    [
      [0, 2e-6, 4e-6],
      ['0', '2e-6', '4e-6'],
    ],
    [
      [0, 2e6, 4e6],
      ['0', '2e6', '4e6'],
    ],
  ];
  for (const [ticks, labels] of cases)
    it(`of ${ticks.join(', ')}`, () => {
      assert.deepEqual(numberLabels(ticks), labels);
    });
});

describe('timeTicks', () => {
  const hours = (count: number, step: number) =>
    Array.from({ length: count }, (_, i) =>
      new Date(Date.UTC(2026, 10, 22) + i * step * 3.6e6).toISOString(),
    );

  it('stand where days, months or years begin', () => {
    assert.deepEqual(
      timeTicks(hours(96, 1), 8).map(({ index, label }) => [index, label]),
      [
        [0, '2026-11-22'],
        [24, '2026-11-23'],
        [48, '2026-11-24'],
        [72, '2026-11-25'],
      ],
    );
    assert.deepEqual(
      timeTicks(hours(5, 1), 8).map(({ label }) => label),
      ['2026-11-22 00:00', '2026-11-22 01:00', '2026-11-22 02:00', '2026-11-22 03:00', '2026-11-22 04:00'],
    );
    assert.equal(timeTicks(hours(120, 24 * 30), 8)[0].label, '2026');
  });

  it('are never too many, and there is one for a single time', () => {
    assert.ok(timeTicks(hours(5000, 24), 8).length <= 8);
    assert.equal(timeTicks(hours(1, 1), 8).length, 1);
    assert.deepEqual(timeTicks([], 8), []);
  });

  it('do without the Gregorian calendar', () => {
    const days = ['2001-02-28T00:00:00', '2001-02-29T00:00:00', '2001-02-30T00:00:00', '2001-03-01T00:00:00'];
    assert.deepEqual(
      timeTicks(days, 8).map(({ label }) => label),
      ['2001-02-28', '2001-02-29', '2001-02-30', '2001-03-01'],
    );
  });
});
