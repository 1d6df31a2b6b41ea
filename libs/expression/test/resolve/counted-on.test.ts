import assert from 'node:assert/strict';
import { countedOn } from '../../src/resolve/counted-on.ts';

describe('points along a coordinate that goes around', () => {
  const counted = (points: number[], period?: number) => [...countedOn(Float64Array.from(points), period)];

  it('are counted on where they start again', () => {
    assert.deepEqual(counted([170, 175, -180, -175], 360), [170, 175, 180, 185]);
    assert.deepEqual(counted([10, 0, 350], 360), [10, 0, -10]);
  });

  it('are counted on of two that are nearer to each other the other way around', () => {
    assert.deepEqual(counted([175, -180], 360), [175, 180]);
    assert.deepEqual(counted([350, 0], 360), [350, 360]);
    assert.deepEqual(counted([0, 350], 360), [0, -10]);
  });

  it('stay as they are where they ascend or descend, are half around, in no order, or of what does not go around', () => {
    for (const points of [
      [0, 120, 240],
      [300, 0, -60],
      [0, 180],
      [270, 90],
      [45.1, 225.1].map(Math.fround),
      [0, 170, -20, -100],
      [5],
      [],
    ])
      assert.deepEqual(counted(points, 360), points);
    assert.deepEqual(counted([350, 0]), [350, 0]);
    assert.deepEqual(counted([10, Number.NaN, 350], 360), [10, Number.NaN, 350]);
  });
});
