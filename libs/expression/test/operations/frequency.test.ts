import assert from 'node:assert/strict';
import { type Calendar, calendars, formatMoment, parseDateTime } from '@hyperslab/cube';
import fc from 'fast-check';
import { parseFrequency, stretchesFrom } from '../../src/operations/groups/frequency.ts';

/** Beginnings of the first few stretches around a date. */
function starts(date: string, text: string, calendar: Calendar = 'standard'): string[] {
  const { moment } = parseDateTime(date, calendar)!;
  const { startOf, numberOf } = stretchesFrom(moment, parseFrequency(text)!, calendar);
  assert.equal(numberOf(moment), 0);
  return [0, 1, 2].map((number) => formatMoment(startOf(number), calendar).slice(0, 16));
}

describe('stretches of time', () => {
  it('begin at the midnight of the first day, or with its month, quarter or year', () => {
    assert.deepEqual(starts('2026-11-22T13:00', '5h'), [
      '2026-11-22T10:00',
      '2026-11-22T15:00',
      '2026-11-22T20:00',
    ]);
    assert.deepEqual(starts('2026-02-28T01:00', '1D', '360_day')[2], '2026-02-30T00:00');
    assert.deepEqual(starts('2026-11-22', '2M'), [
      '2026-11-01T00:00',
      '2027-01-01T00:00',
      '2027-03-01T00:00',
    ]);
    assert.deepEqual(starts('2026-11-22', 'QS')[0], '2026-10-01T00:00');
    assert.deepEqual(starts('2026-02-22', 'QS-DEC'), [
      '2025-12-01T00:00',
      '2026-03-01T00:00',
      '2026-06-01T00:00',
    ]);
    assert.deepEqual(starts('2026-08-05', '4Q').slice(0, 2), ['2026-07-01T00:00', '2027-07-01T00:00']);
    assert.deepEqual(starts('2026-08-05', '12M')[0], '2026-08-01T00:00');
    assert.deepEqual(starts('2026-02-22', 'YS-APR')[0], '2025-04-01T00:00');
    assert.deepEqual(starts('2026-02-22', '10Y')[1], '2036-01-01T00:00');
  });

  it('follow each other without gaps, and each moment is in its own', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...calendars),
        fc.constantFrom('7s', '90min', '6h', '1D', '3D', 'MS', '2M', 'QS-NOV', '4Q', '3Y'),
        fc.integer({ min: -800_000, max: 800_000 }),
        fc.nat({ max: 86_399_999_999 }),
        fc.nat({ max: 4000 }),
        (calendar, text, day, microsecond, later) => {
          const { startOf, numberOf } = stretchesFrom({ day, microsecond }, parseFrequency(text)!, calendar);
          const moment = { day: day + later, microsecond };
          const number = numberOf(moment);
          const inOrder = (a: typeof moment, b: typeof moment) =>
            (a.day - b.day) * 86_400e6 + a.microsecond - b.microsecond;
          assert.ok(inOrder(startOf(number), moment) <= 0);
          assert.ok(inOrder(startOf(number + 1), moment) > 0);
          assert.equal(numberOf(startOf(number)), number);
        },
      ),
    );
  });

  it('are of no other text', () => {
    for (const text of [
      '',
      'x',
      '0D',
      '1.5h',
      '-1D',
      'D-DEC',
      'MS-JAN',
      // The name of no month.
      'QS-MON',
      '1W',
      '9999999999D',
      'constructor',
    ])
      assert.equal(parseFrequency(text), undefined, text);
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), (text) => {
        const frequency = parseFrequency(text);
        if (frequency === undefined) return;
        assert.ok(Object.values(frequency).every((value) => Number.isSafeInteger(value) && value >= 0));
      }),
    );
  });
});
