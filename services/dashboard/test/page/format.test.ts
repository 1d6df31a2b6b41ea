import assert from 'node:assert/strict';
import {
  formatBytes,
  formatDuration,
  formatNumber,
  formatValue,
  shortTime,
  withUnits,
} from '../../page/src/format.ts';

describe('words of the page', () => {
  it('for bytes', () =>
    assert.deepEqual([0, 1023, 1024, 1536, 1024 ** 2 - 1, 5e9, 3e15].map(formatBytes), [
      '0 B',
      '1023 B',
      '1.0 KiB',
      '1.5 KiB',
      '1.0 MiB',
      '4.7 GiB',
      '2.7 PiB',
    ]));
  it('for durations', () =>
    assert.deepEqual([0, 0.0004, 0.34, 1, 9.97, 59.6, 200, 18_720, 400_000].map(formatDuration), [
      '0 s',
      '1 ms',
      '340 ms',
      '1.0 s',
      '10 s',
      '1 min 0 s',
      '3 min 20 s',
      '5 h 12 min',
      '5 days',
    ]));
  it('for numbers', () => {
    assert.deepEqual([0, 1234567, 0.12345, 123.7].map(formatNumber), [
      '0',
      '1\u2009234\u2009567',
      '0.123',
      '124',
    ]);
    assert.deepEqual([273.15, -0.5, 1.23456789e-9].map(formatValue), ['273.15', '−0.5', '1.23457e-9']);
    assert.deepEqual(
      [withUnits('5', 'K'), withUnits('5', '1'), withUnits('52', 'degrees_north')],
      ['5\u00a0K', '5', '52°N'],
    );
  });
  it('for times of any calendar', () =>
    assert.deepEqual(
      ['2022-06-16T03:00:00Z', '2022-02-30T03:00:05Z', '-0044-03-15T12:30:00.000Z', '850'].map(shortTime),
      ['2022-06-16 03:00', '2022-02-30 03:00:05', '-0044-03-15 12:30', '850'],
    ));
});
