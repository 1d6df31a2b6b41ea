import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  decodeMoment,
  encodeMoment,
  endOfStretch,
  formatMoment,
  formatTime,
  parseDateTime,
  parseTime,
  parseTimeUnits,
  timeConversion,
} from '../../src/index.ts';

function units(text: string, calendar?: string) {
  const parsed = parseTimeUnits(text, calendar);
  assert.ok(parsed !== undefined, text);
  return parsed;
}

describe('time units', () => {
  it('are read as real files write them', () => {
    const cases: [string, string][] = [
      ['days since 1970-01-01 00:00:0.0', '1970-01-02T00:00:00Z'],
      ['days since 1-1-1', '0001-01-02T00:00:00Z'],
      ['hour since 0000-01-01 00:00:00', '0000-01-01T01:00:00Z'],
      ['days since Jan 1, 2000', '2000-01-02T00:00:00Z'],
      ['hours since 1900-01-01T00:00:00Z', '1900-01-01T01:00:00Z'],
      ['hours since 2000-01-01 06:00 -6:00', '2000-01-01T13:00:00Z'],
      ['secs since 2000-01-01 00:00:00 UTC', '2000-01-01T00:00:01Z'],
      ['msec since 2000-01-01', '2000-01-01T00:00:00.001Z'],
    ];
    for (const [text, date] of cases) assert.equal(formatTime(1, units(text)), date, text);
  });

  it('are not read where they are none', () => {
    const none = [
      'days',
      'days since',
      'days since yesterday',
      'furlongs since 2000-01-01',
      'days since 2000-02-30',
      '',
    ];
    for (const text of none) assert.equal(parseTimeUnits(text), undefined, text);
    assert.equal(parseTimeUnits('days since 2000-01-01', 'mayan'), undefined);
  });

  it('are not read where they are longer than units are', () => {
    const spaces = ' '.repeat(1e6);
    assert.equal(parseTimeUnits(`days since x${spaces}y`), undefined);
    assert.equal(parseTimeUnits(`days${spaces}since 2000-01-01`), undefined);
    assert.equal(parseTimeUnits(`days since 2000-01-01${' '.repeat(300)}00:00`), undefined);
    // What stands around them does not count.
    assert.equal(formatTime(1, units(`${spaces}days since 2000-01-01${spaces}`)), '2000-01-02T00:00:00Z');
  });

  it('keep 30 February where it exists', () => {
    const model = units('hours since 1970-01-01 00:00:00', '360_day');
    const value = parseTime('2000-02-30T12:00', model);
    assert.equal(value, (30 * 360 + 59.5) * 24);
    assert.equal(formatTime(value!, model), '2000-02-30T12:00:00');
    assert.equal(parseTime('2000-02-30', units('days since 1970-01-01')), undefined);
  });

  it('give months and years the lengths that CF has', () => {
    assert.equal(formatTime(13, units('months since 2000-01-01', '360_day')), '2001-02-01T00:00:00');
    assert.equal(formatTime(2, units('years since 2000-01-01', 'noleap')), '2002-01-01T00:00:00');
    assert.equal(formatTime(1, units('years since 2000-01-01')), '2000-12-31T05:48:45.975Z');
  });

  it('round fractions of a day to where they were meant', () => {
    const days = units('days since 1800-01-01');
    for (let hour = 0; hour < 24; hour++) {
      assert.equal(
        formatTime(80_000 + hour / 24, days),
        formatTime(80_000 * 24 + hour, units('hours since 1800-01-01')),
      );
    }
  });

  it('convert between references', () => {
    const convert = timeConversion(units('hours since 2000-01-02'), units('days since 2000-01-01'));
    assert.deepEqual([0, 12, 24].map(convert!), [1, 1.5, 2]);
    assert.equal(
      timeConversion(units('days since 2000-01-01'), units('days since 2000-01-01', 'noleap')),
      undefined,
    );
  });

  it('convert with one rounding, so that equal times are equal to the bit', () => {
    const toDays = timeConversion(units('hours since 2000-01-01 06:00'), units('days since 2000-01-01'))!;
    const toHours = timeConversion(units('days since 2000-01-01'), units('hours since 1900-01-01'))!;
    for (let hour = 0; hour < 20_000; hour++) {
      assert.equal(toDays(hour), (hour + 6) / 24);
      assert.equal(toHours(hour / 24), hour + 876_576);
    }
  });

  it('are none where they are words of the language that this is written in', () => {
    for (const word of ['constructor', 'toString', '__proto__', 'valueOf'])
      assert.equal(parseTimeUnits(`${word} since 2000-01-01`, undefined), undefined, word);
  });

  it('encode what they decode', () => {
    const text = fc.constantFrom('days since 1850-01-01', 'hours since 1-1-1', 'seconds since 1970-01-01');
    fc.assert(
      fc.property(text, fc.integer({ min: -1e9, max: 1e9 }), (from, value) => {
        const parsed = units(from);
        assert.equal(encodeMoment(decodeMoment(value, parsed)!, parsed), value);
      }),
    );
  });

  it('refuse numbers that are no time', () => {
    for (const value of [Number.NaN, Infinity, 1e300])
      assert.equal(formatTime(value, units('days since 2000-01-01')), '');
  });
});

describe('dates', () => {
  it('know how much they state, and where that ends', () => {
    const ends: [string, string, string][] = [
      ['2026', 'year', '2027-01-01T00:00:00Z'],
      ['2026-12', 'month', '2027-01-01T00:00:00Z'],
      ['2024-02-28', 'day', '2024-02-29T00:00:00Z'],
      ['2026-11-22T23', 'hour', '2026-11-23T00:00:00Z'],
      ['2026-11-22T06:00', 'minute', '2026-11-22T06:01:00Z'],
      ['2026-11-22T06:00:30', 'second', '2026-11-22T06:00:30Z'],
    ];
    for (const [text, precision, end] of ends) {
      const parsed = parseDateTime(text, 'standard');
      assert.equal(parsed?.precision, precision, text);
      assert.equal(
        formatMoment(endOfStretch(parsed!.moment, parsed!.precision, 'standard'), 'standard'),
        end,
        text,
      );
    }
  });
});
