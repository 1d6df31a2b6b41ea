import assert from 'node:assert/strict';
import type { MaskedArray } from '@hyperslab/array';
import { isHyperslabError } from '@hyperslab/errors';
import { coordinateAxis } from '../../src/resolve/coordinate-axis.ts';
import type { FieldCoordinate } from '../../src/resolve/field.ts';
import { matchRange, matchValue } from '../../src/resolve/match-coordinate.ts';
import { matchNearest } from '../../src/resolve/match-nearest.ts';

function axisOf(array: MaskedArray, attributes: Partial<FieldCoordinate> = {}) {
  const coordinate = { name: 'x', standardName: '', units: '', calendar: '', ...attributes };
  return coordinateAxis(coordinate as FieldCoordinate, array);
}
const doubles = (...values: number[]): MaskedArray => ({
  dtype: 'float64',
  shape: [values.length],
  values: Float64Array.from(values),
});
const refuses = (body: () => unknown, message: RegExp) =>
  assert.throws(body, (error) => {
    assert.ok(isHyperslabError(error, 'EXPRESSION_INVALID'), String(error));
    assert.match(error.message, message);
    assert.ok(error.message.length < 500, 'a short message');
    return true;
  });

describe('longitudes from 0 to 360, both included', () => {
  const longitudes = axisOf(doubles(...Array.from({ length: 13 }, (_, i) => i * 30)), {
    standardName: 'longitude',
  });

  it('are found as they are before they are found after a turn', () => {
    assert.equal(matchValue(longitudes, '0'), 0);
    assert.equal(matchValue(longitudes, '360'), 12);
    assert.equal(matchValue(longitudes, '-30'), 11);
    refuses(() => matchValue(longitudes, '720'), /at 2 indices/);
  });

  it('come in stored order where they cover the range', () => {
    const whole = [{ range: { start: 0, count: 13, step: 1 }, shift: 0 }];
    assert.deepEqual(matchRange(longitudes, { from: '0', to: '360' }), whole);
    assert.deepEqual(matchRange(longitudes, { from: '0', to: '60' }), [
      { range: { start: 0, count: 3, step: 1 }, shift: 0 },
    ]);
    assert.deepEqual(
      matchRange(longitudes, { from: '-60', to: '-30' }).map(({ shift }) => shift),
      [-360],
    );
  });

  it('have no place twice in a range across the seam', () => {
    const places = (from: string, to: string) =>
      matchRange(longitudes, { from, to }).flatMap(({ range: { start, count }, shift }) =>
        Array.from({ length: count }, (_, i) => (start + i) * 30 + shift),
      );
    assert.deepEqual(places('-60', '30'), [-60, -30, 0, 30]);
    assert.deepEqual(places('330', '390'), [330, 360, 390]);
    assert.deepEqual(places('359.7', '360.3'), [360]);
    assert.deepEqual(places('-0.3', '300'), [0, 30, 60, 90, 120, 150, 180, 210, 240, 270, 300]);
    assert.deepEqual(places('-180', '180'), [-180, -150, -120, -90, -60, -30, 0, 30, 60, 90, 120, 150]);
  });
});

describe('the nearest longitude', () => {
  const nearest = (values: number[], text: string) =>
    matchNearest(axisOf(doubles(...values), { standardName: 'longitude' }), text, undefined);

  it('is of two columns at one place the one that is nearer as it is', () => {
    for (const [text, index] of Object.entries({ '0': 0, '1': 0, '359': 4, '360': 4, '-1': 0, '361': 4 }))
      assert.equal(nearest([0, 90, 180, 270, 360], text), index, text);
    // Turned, these differ by a rounding.
    for (const text of ['170.3', '179.9', '135.7']) assert.equal(nearest([-180, 0, 180], text), 2, text);
    for (const text of ['-170.3', '-179.9', '-135.7']) assert.equal(nearest([-180, 0, 180], text), 0, text);
  });

  it('is of two places that are as near the greater, over the seam too', () => {
    assert.equal(nearest([0, 90, 180, 270], '315'), 0);
    assert.equal(nearest([0, 90, 180, 270], '225'), 3);
  });
});

describe('ranges of dates', () => {
  const days = axisOf(doubles(...Array.from({ length: 90 }, (_, i) => i)), {
    units: 'days since 2001-01-01',
  });
  const range = (from: string, to: string) =>
    matchRange(days, { from, to }).map(({ range: { start, count } }) => [start, start + count - 1]);

  it('go on to the end of the second, also if that is the month or the day of the first', () => {
    assert.deepEqual(range('2001-01-20', '2001-01'), [[19, 30]]);
    assert.deepEqual(range('2001-01-20T12:00', '2001-01'), [[20, 30]]);
    assert.deepEqual(range('2001-01-20', '2001-01-20'), [[19, 19]]);
    assert.deepEqual(range('2001-01', '2001-01-20'), [[0, 19]]);
  });

  it('may have their ends in either order', () => {
    assert.deepEqual(range('2001-02-20', '2001-01'), [[0, 50]]);
    assert.deepEqual(range('2001-02', '2001-01-20'), [[19, 58]]);
    assert.deepEqual(range('2001-02-01', '2001-01'), [[0, 31]]);
  });
});

describe('single values', () => {
  it('are not those of a neighbour on an axis with a large offset', () => {
    const hour = 3.6e9;
    const microseconds = axisOf(doubles(...Array.from({ length: 9 }, (_, i) => 1.5e15 + i * hour)));
    assert.equal(matchValue(microseconds, String(1.5e15 + 2 * hour)), 2);
    assert.equal(matchValue(microseconds, String(1.5e15 + 2 * hour + 1e6)), 2);
    refuses(() => matchValue(microseconds, String(1.5e15 + 2.3 * hour)), /none of its values/);
    refuses(() => matchValue(microseconds, String(1.5e15 + 2.01 * hour)), /none of its values/);
  });

  it('are found after their rounding to float32, also on a fine axis', () => {
    const fine = axisOf({
      dtype: 'float32',
      shape: [3],
      values: Float32Array.of(359.9875, 359.99, 359.9925),
    });
    assert.equal(matchValue(fine, '359.99'), 1);
    assert.equal(matchValue(fine, '359.9875'), 0);
  });

  it('must be finite, and are not quoted at length', () => {
    const axis = axisOf(doubles(1, 2, 3));
    for (const text of ['Infinity', '-Infinity', 'NaN', '1e999', '-1e999']) {
      refuses(() => matchValue(axis, text), /expected a number/);
      refuses(() => matchRange(axis, { from: text, to: '2' }), /expected a number/);
    }
    refuses(() => matchValue(axis, 'x'.repeat(60_000)), /x…"/);
    refuses(() => matchValue(axisOf(doubles()), '3'), /x=3 is none of its values; it has none/);
    refuses(() => matchValue(axis, `1.${'5'.repeat(60_000)}`), /none of its values/);
  });
});
