import assert from 'node:assert/strict';
import { conservativeRows, hearCancel, nearestOnCurvilinear, whileWanted } from '../src/index.ts';

const cancelled = () => {
  throw new Error('cancelled');
};

describe('what is cancelled', () => {
  it('is given up, and what comes after it is not', () => {
    assert.throws(() => whileWanted(cancelled, hearCancel), { message: 'cancelled' });
    hearCancel();
    whileWanted(cancelled, () => {
      assert.equal(
        whileWanted(undefined, () => {
          hearCancel();
          return 1;
        }),
        1,
      );
      assert.throws(hearCancel, { message: 'cancelled' });
    });
  });

  it('makes no more weights', () => {
    const places = { latitudes: Float64Array.of(0), longitudes: Float64Array.of(0) };
    const rows = nearestOnCurvilinear({ shape: [1], ...places });
    assert.throws(() => whileWanted(cancelled, () => rows(places)), { message: 'cancelled' });
    const cell = {
      latitudes: Float64Array.of(0, 0, 1, 1),
      longitudes: Float64Array.of(0, 1, 1, 0),
      corners: 4,
    };
    const parts = conservativeRows(cell);
    assert.throws(() => whileWanted(cancelled, () => parts(cell)), { message: 'cancelled' });
  });
});
