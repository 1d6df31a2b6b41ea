import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type ForecastSeries, placesOfLatest } from '../../src/index.ts';

const hours = Array.from({ length: 24 }, (_, hour) => hour);

function found(...series: ForecastSeries[]): number[][] {
  return placesOfLatest(series, 0).map((places) => [...places]);
}

describe('the latest runs', () => {
  it('have a place where none is later, and nothing else has one', () => {
    const number = fc.integer({ min: -3, max: 9 }).map((each) => each / 2);
    const time = fc.oneof(
      { weight: 9, arbitrary: number },
      { weight: 1, arbitrary: fc.constant(Number.NaN) },
    );
    const series = fc.record({
      run: number,
      times: fc.array(time, { maxLength: 8 }),
      tolerance: fc.constantFrom(0, 0.2),
    });
    fc.assert(
      fc.property(fc.array(series, { maxLength: 8 }), (all) => {
        const times = [...new Set(all.flatMap((each) => each.times))]
          .filter((each) => !Number.isNaN(each))
          .sort((a, b) => a - b);
        const expected = all.map(({ run, times: own }) =>
          own.map((each) =>
            all.some((other) => other.run > run && other.times.includes(each)) ? -1 : times.indexOf(each),
          ),
        );
        assert.deepEqual(found(...all), expected);
      }),
    );
  });

  it('are for one time where only rounding is between', () => {
    const tolerance = 1e-5;
    const times = hours.map((hour) => hour / 24);
    const later = times.map((each) => each + 0.25);
    const [early, late] = found({ run: 0, times, tolerance }, { run: 0.25, times: later, tolerance });
    assert.deepEqual(early, [0, 1, 2, 3, 4, 5, ...new Array(18).fill(-1)]);
    assert.deepEqual(
      late,
      hours.map((hour) => hour + 6),
    );
    // What is coarser decides.
    const rough = hours.map((hour) => Math.round((hour / 24) * 1024) / 1024);
    const [exact] = found({ run: 0, times, tolerance: 0 }, { run: 1, times: rough, tolerance: 1 / 2048 });
    assert.deepEqual(exact, new Array(24).fill(-1));
  });

  it('have as many times as each has, however near these are', () => {
    const times = hours.map((each) => each / 10);
    const later = times.map((each) => each + 1);
    const [early, late] = found({ run: 0, times, tolerance: 0.5 }, { run: 1, times: later, tolerance: 0.5 });
    assert.deepEqual(early, [...hours.slice(0, 10), ...new Array(14).fill(-1)]);
    assert.deepEqual(
      late,
      hours.map((each) => each + 10),
    );
  });

  it('are two for one time where one run is given twice', () => {
    const [first, second] = found(
      { run: 0, times: [1, 2], tolerance: 0.1 },
      { run: 0, times: [2.01], tolerance: 0 },
    );
    assert.deepEqual([first, second], [[0, 1], [1]]);
    assert.deepEqual(found({ run: 0, times: [3, 3], tolerance: 1 }), [[0, 0]]);
  });
});
