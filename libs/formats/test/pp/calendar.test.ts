import assert from 'node:assert/strict';
import { join } from 'node:path';
import { hasPython, repository, runPython } from '@hyperslab/testing';
import fc from 'fast-check';
import { type PpDate, secondsSinceEpoch } from '../../src/pp/calendar.ts';

type CalendarName = Parameters<typeof secondsSinceEpoch>[1];

const date = (year: number, month: number, day: number, time: Partial<PpDate> = {}): PpDate => ({
  ...{ year, month, day, hour: 0, minute: 0, second: 0 },
  ...time,
});

describe('pp: dates', () => {
  it('are counted by their calendar', () => {
    // Hours by cftime.
    const known: [PpDate, CalendarName, number][] = [
      [date(1582, 10, 4), 'standard', -3394272],
      [date(1582, 10, 15), 'standard', -3394248],
      [date(1, 1, 1), 'standard', -17259936],
      [date(1500, 2, 29), 'standard', -4118304],
      [date(2000, 2, 29, { hour: 12, minute: 30 }), 'standard', 264396.5],
      [date(1859, 9, 1), '360_day', -953280],
      [date(2100, 2, 30), '360_day', 1124616],
      [date(2001, 3, 1, { second: 36 }), '365_day', 272976.01],
    ];
    for (const [at, calendar, hours] of known) {
      assert.equal(secondsSinceEpoch(at, calendar), hours * 3600, JSON.stringify(at));
    }
  });

  it('that a calendar does not have are none', () => {
    const none: [PpDate, CalendarName][] = [
      [date(1582, 10, 10), 'standard'],
      [date(1900, 2, 29), 'standard'],
      [date(0, 1, 1), 'standard'],
      [date(2001, 13, 1), 'standard'],
      [date(2001, 0, 1), '360_day'],
      [date(2001, 1, 31), '360_day'],
      [date(2000, 2, 29), '365_day'],
      [date(2000, 2, 0), '365_day'],
      [date(2000, 2, 1, { hour: 24 }), '365_day'],
      [date(2000, 2, 1, { minute: -1 }), '360_day'],
      [date(2 ** 31, 2, 1), '360_day'],
    ];
    for (const [at, calendar] of none) {
      assert.equal(secondsSinceEpoch(at, calendar), undefined, JSON.stringify(at));
    }
  });

  it('are those of cftime, of any year (needs Python with cftime)', function () {
    this.timeout(30_000);
    if (!hasPython('cftime')) this.skip();
    const anyDate = fc.tuple(
      fc.integer({ min: 1, max: 5000 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 31 }),
      fc.constantFrom('standard' as const, '360_day' as const, '365_day' as const),
    );
    const dates = fc.sample(anyDate, 500);
    const script = join(repository, 'libs/formats/test/pp/foreign/count-days.py');
    const found = runPython<number | null>(script, JSON.stringify(dates));
    assert.equal(found.length, dates.length);
    for (const [i, [year, month, day, calendar]] of dates.entries()) {
      const seconds = secondsSinceEpoch(date(year, month, day), calendar);
      assert.equal(seconds === undefined ? null : seconds / 86_400, found[i], dates[i].join(' '));
    }
  });
});
