import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Series } from '../../src/history/series.ts';

const resolutions = [
  { seconds: 1, kept: 120 },
  { seconds: 10, kept: 30 },
  { seconds: 60, kept: 10 },
];

function exampleSeries(kept = resolutions): Series {
  return new Series({ counted: 1, means: 1, resolutions: kept, precision: 'double' });
}

function all(series: Series, seconds: number) {
  return [...series.points(seconds).after(0)].map(({ timeMs, values: [sum, mean] }) => ({
    timeMs,
    sum,
    mean,
  }));
}

describe('a series at several resolutions', () => {
  it('has the sum of what is counted and the mean of what goes up and down', () => {
    const series = exampleSeries();
    for (let second = 0; second < 20; second++) {
      series.add(second * 1000, [1, second]);
      series.advance((second + 1) * 1000);
    }
    assert.deepEqual(all(series, 10), [
      { timeMs: 0, sum: 10, mean: 4.5 },
      { timeMs: 10_000, sum: 10, mean: 14.5 },
    ]);
    assert.equal(all(series, 1).length, 20);
    assert.deepEqual(all(series, 60), []);
  });

  it('agrees with itself at each resolution, whatever comes when', () => {
    const sample = fc.record({ waitMs: fc.nat(5_000), count: fc.nat(100), level: fc.nat(1000) });
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 400 }), (samples) => {
        // Room for all, so that nothing is forgotten.
        const series = exampleSeries(resolutions.map(({ seconds }) => ({ seconds, kept: 4_000 })));
        let now = 0;
        let total = 0;
        for (const { waitMs, count, level } of samples) {
          now += waitMs;
          series.advance(now);
          series.add(now, [count, level]);
          total += count;
        }
        now += 1_000_000 - (now % 60_000);
        series.advance(now);
        for (const [fine, coarse] of [
          [1, 10],
          [10, 60],
        ]) {
          for (const point of all(series, coarse)) {
            const within = all(series, fine).filter(
              ({ timeMs }) => timeMs >= point.timeMs && timeMs < point.timeMs + coarse * 1000,
            );
            assert.equal(
              within.reduce((sum, { sum: each }) => sum + each, 0),
              point.sum,
            );
            const mean = within.reduce((sum, { mean: each }) => sum + each, 0) / within.length;
            assert.ok(Math.abs(mean - point.mean) < 1e-9);
          }
          assert.equal(
            all(series, coarse).reduce((sum, { sum: each }) => sum + each, 0),
            total,
          );
        }
      }),
      { numRuns: 50 },
    );
  });

  it('keeps so many points of each and takes no memory for more', () => {
    const series = exampleSeries();
    for (let second = 0; second < 10_000; second++) {
      series.add(second * 1000, [1, 1]);
      series.advance((second + 1) * 1000);
    }
    const seconds = all(series, 1);
    assert.equal(seconds.length, 120);
    assert.equal(seconds.at(-1)?.timeMs, 9_999_000);
    assert.equal(all(series, 10).length, 30);
    assert.equal(all(series, 60).length, 10);
    assert.equal(series.points(1).pushed, 10_000);
  });

  it('goes on when the clock is set back', () => {
    const series = exampleSeries();
    series.add(100_000, [1, 1]);
    series.add(50_000, [1, 1]);
    series.advance(51_000);
    assert.deepEqual(
      all(series, 1).map(({ timeMs, sum }) => [timeMs, sum]),
      [
        [100_000, 1],
        [50_000, 1],
      ],
    );
  });

  it('knows where a time begins', () => {
    const series = exampleSeries();
    for (let second = 0; second < 200; second++) {
      series.add(second * 1000, [1, 1]);
      series.advance((second + 1) * 1000);
    }
    const ring = series.points(1);
    assert.equal(ring.pushedBefore(150_000), 150);
    assert.equal(ring.pushedBefore(0), 80, 'what is forgotten is not there');
    assert.equal(ring.pushedBefore(1e9), 200);
    assert.equal([...ring.after(150)][0].timeMs, 150_000);
  });
});
