import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '@hyperslab/testing';
import fc from 'fast-check';
import {
  calendarNamed,
  calendars,
  dateOfDay,
  dayNumber,
  formatTime,
  isValidDate,
  parseTime,
  parseTimeUnits,
} from '../../src/index.ts';

type Row = [calendar: string, units: string, value: number, date: string];

describe('calendars', () => {
  it('agree with cftime', () => {
    const rows = JSON.parse(readFileSync(join(repository, 'fixtures/calendars/dates.json'), 'utf8')) as Row[];
    assert.ok(rows.length > 300);
    for (const [calendar, text, value, date] of rows) {
      const units = parseTimeUnits(text, calendar);
      assert.ok(units !== undefined);
      assert.equal(formatTime(value, units).replace('Z', ''), date, `${value} ${text} ${calendar}`);
      assert.equal(parseTime(date, units), value, `${date} ${text} ${calendar}`);
    }
  });

  it('count days that are dates and back', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...calendars),
        fc.integer({ min: -3_000_000, max: 3_000_000 }),
        (calendar, day) => {
          const date = dateOfDay(calendar, day);
          assert.ok(isValidDate(calendar, date), JSON.stringify(date));
          assert.equal(dayNumber(calendar, date), day);
        },
      ),
    );
  });

  it('go from 4 to 15 October 1582 in standard alone', () => {
    const eve = { year: 1582, month: 10, day: 4 };
    const next = (calendar: 'standard' | 'julian') => dateOfDay(calendar, dayNumber(calendar, eve) + 1);
    assert.deepEqual(next('standard'), { year: 1582, month: 10, day: 15 });
    assert.deepEqual(next('julian'), { year: 1582, month: 10, day: 5 });
    assert.equal(isValidDate('standard', { year: 1582, month: 10, day: 10 }), false);
    assert.equal(isValidDate('proleptic_gregorian', { year: 1582, month: 10, day: 10 }), true);
  });

  it('know which days there are', () => {
    assert.equal(isValidDate('360_day', { year: 2000, month: 2, day: 30 }), true);
    assert.equal(isValidDate('360_day', { year: 2000, month: 1, day: 31 }), false);
    assert.equal(isValidDate('noleap', { year: 2000, month: 2, day: 29 }), false);
    assert.equal(isValidDate('all_leap', { year: 2001, month: 2, day: 29 }), true);
    assert.equal(isValidDate('julian', { year: 1900, month: 2, day: 29 }), true);
    assert.equal(isValidDate('standard', { year: 1900, month: 2, day: 29 }), false);
  });

  it('have the names that CF gives them', () => {
    assert.equal(calendarNamed(undefined), 'standard');
    assert.equal(calendarNamed('Gregorian'), 'standard');
    assert.equal(calendarNamed('365_day'), 'noleap');
    assert.equal(calendarNamed('366_day'), 'all_leap');
    assert.equal(calendarNamed('mayan'), undefined);
  });
});
