import assert from 'node:assert/strict';
import { timeKey } from '../../src/find/time-key.ts';

describe('time keys', () => {
  it('sort as time does', () => {
    const times = [
      '-50000-01-01',
      '-0044-03-15',
      '0000-01-01',
      '0850-01-01',
      '1990-02-28',
      '1990-02-30',
      '2026-11-22',
      '2026-11-22T00:00:00.5Z',
      '2026-11-22T06',
      '2026-11-22T06:00:01',
      '12026-01-01',
    ];
    const keys = times.map((time) => timeKey(time) ?? '');
    assert.deepEqual([...keys].sort(), keys);
    assert.equal(timeKey('2026-11-22T06:00:00Z'), timeKey('2026-11-22 06:00'));
    assert.equal(timeKey('2026-11-22T08:00+02:00'), timeKey('2026-11-22T06:00Z'));
    assert.equal(timeKey('2026-11-22T00:30-01:00'), timeKey('2026-11-22T01:30Z'));
    const day = timeKey('2026-11-22', true) ?? '';
    assert.ok(day > (timeKey('2026-11-22T23:59:59.9') ?? '') && day < (timeKey('2026-11-23') ?? ''));
  });

  it('are not made of what is no date', () => {
    for (const text of ['', 'now', '2026', '2026-1-1', '20261122', '2026-11-22T', `${'9'.repeat(400)}-01-01`])
      assert.equal(timeKey(text), undefined, text);
  });
});
