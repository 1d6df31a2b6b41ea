import assert from 'node:assert/strict';
import { parseDuration } from '../src/index.ts';

describe('durations', () => {
  it('are numbers with units, added up', () => {
    const durations: [string, number][] = [
      ['0', 0],
      ['500ms', 500],
      ['30s', 30_000],
      ['1h30m', 5_400_000],
      ['1.5s', 1500],
      ['2d', 172_800_000],
    ];
    for (const [text, ms] of durations) assert.equal(parseDuration(text), ms, text);
  });

  it('are refused without a unit, and when no timer would hold them', () => {
    for (const text of ['', '30', 's', '-1s', '1y', '25d', '1 s', '1s ago', '9'.repeat(50)])
      assert.throws(() => parseDuration(text), { reason: 'INVALID_ARGUMENT' }, text);
  });
});
