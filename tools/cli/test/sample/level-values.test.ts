import assert from 'node:assert/strict';
import { levelValues, packedFill } from '../../src/sample/level-values.ts';
import { parameters, pressureLevels } from '../../src/sample/parameters.ts';

const shape = [60, 80] as const;

function mean(values: Iterable<number>): number {
  const all = [...values];
  return all.reduce((sum, value) => sum + value, 0) / all.length;
}

function valuesOf(name: string, level: number, step = 0) {
  const number = parameters.findIndex((each) => each.name === name);
  const key = { seed: 1, parameter: number, step, level };
  return levelValues(parameters[number], pressureLevels[level], key, shape);
}

describe('levelValues', () => {
  it('are packed for half of the parameters', () => {
    assert.equal(parameters.filter(({ packedOffset }) => packedOffset !== undefined).length, 4);
    assert.ok(valuesOf('u', 0) instanceof Int16Array);
    assert.ok(valuesOf('t', 0) instanceof Float32Array);
  });

  it('are missing in the mountain on the two lowest levels of packed parameters, fewer above', () => {
    const missing = [0, 1, 2].map(
      (level) => valuesOf('u', level).filter((value) => value === packedFill).length,
    );
    assert.ok(missing[0] > missing[1] && missing[1] > 0, `${missing}`);
    assert.equal(missing[2], 0);
    assert.ok(valuesOf('t', 0).every(Number.isFinite));
  });

  it('are temperatures that fall with height', () => {
    const means = pressureLevels.map((_, level) => mean(valuesOf('t', level)));
    assert.ok(means[0] > 270 && means[0] < 305, `${means[0]}`);
    assert.ok(means[means.length - 1] < 235, `${means}`);
  });

  it('change from step to step, and little from cell to cell', () => {
    const [first, second] = [valuesOf('t', 0, 0), valuesOf('t', 0, 1)];
    assert.notDeepEqual(first, second);
    const [, columns] = shape;
    const jumps = first.map((value, i) => (i % columns > 0 ? Math.abs(value - first[i - 1]) : 0));
    assert.ok(mean(jumps) < 0.1 * (Math.max(...first) - Math.min(...first)), `${mean(jumps)}`);
  });
});
