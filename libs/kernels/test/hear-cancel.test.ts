import assert from 'node:assert/strict';
import { conservativeRows, hearCancel, nearestOnCurvilinear, QuadBlocks, whileWanted } from '../src/index.ts';
import { polygonsOf } from '../src/interpolate/cell-polygons.ts';
import { gradientRows } from '../src/interpolate/gradient-rows.ts';
import { PointIndex } from '../src/interpolate/point-index.ts';
import { rowsOfPieces } from '../src/interpolate/second-order-rows.ts';

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

  const places = { latitudes: Float64Array.of(0), longitudes: Float64Array.of(0) };
  const cell = {
    latitudes: Float64Array.of(0, 0, 1, 1),
    longitudes: Float64Array.of(0, 1, 1, 0),
    corners: 4,
  };

  it('makes no more weights', () => {
    const rows = nearestOnCurvilinear({ shape: [1], ...places });
    assert.throws(() => whileWanted(cancelled, () => rows(places)), { message: 'cancelled' });
    const parts = conservativeRows(cell);
    assert.throws(() => whileWanted(cancelled, () => parts(cell)), { message: 'cancelled' });
  });

  it('makes no more of what finds points and cells of a source, nor weights of second order', () => {
    const source = { centroids: Float64Array.of(1, 0, 0), gradients: [] as never };
    const nowhere = new Float64Array(4).fill(Number.NaN);
    const none = { offsets: Int32Array.of(0, 0), indices: new Int32Array(0) };
    const makers: (() => unknown)[] = [
      () => new PointIndex(Float64Array.of(1, 0, 0)),
      // None that an index would hear it for.
      () => new QuadBlocks({ shape: [2, 2], latitudes: nowhere, longitudes: nowhere }),
      () => polygonsOf(cell),
      () => gradientRows(source.centroids, none),
      () => rowsOfPieces(source, [[]]),
    ];
    for (const make of makers) {
      make();
      assert.throws(() => whileWanted(cancelled, make), { message: 'cancelled' });
    }
  });
});
