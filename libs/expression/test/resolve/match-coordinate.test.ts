import assert from 'node:assert/strict';
import type { MaskedArray } from '@hyperslab/array';
import { isHyperslabError } from '@hyperslab/errors';
import { coordinateAxis } from '../../src/resolve/coordinate-axis.ts';
import type { FieldCoordinate } from '../../src/resolve/field.ts';
import { matchRange, matchValue } from '../../src/resolve/match-coordinate.ts';

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
    refuses(() => matchValue(axis, `1.${'5'.repeat(60_000)}`), /none of its values/);
  });
});
