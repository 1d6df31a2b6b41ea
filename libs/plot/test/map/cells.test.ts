import assert from 'node:assert/strict';
import fc from 'fast-check';
import { curvilinearCells } from '../../src/map/curvilinear-cells.ts';
import { rectilinearCells } from '../../src/map/rectilinear-cells.ts';

describe('rectilinearCells', () => {
  const rows = [60, 50, 40];
  const columns = [350, 355, 0, 5];

  it('find the cell of a place, on descending latitudes and across the meridian', () => {
    const { cellAt, extent } = rectilinearCells(rows, columns);
    assert.deepEqual(extent, { west: 347.5, east: 367.5, south: 35, north: 65 });
    assert.equal(cellAt(-10, 60), 0);
    assert.equal(cellAt(350, 60), 0);
    assert.equal(cellAt(0, 41), 2 * 4 + 2);
    assert.equal(cellAt(7.4, 54.9), 1 * 4 + 3);
    assert.equal(cellAt(7.6, 50), -1);
    assert.equal(cellAt(0, 65.1), -1);
  });

  it('go round the globe, whichever way longitudes are counted', () => {
    const counts = [
      [0, 90, 180, 270],
      [-180, -90, 0, 90],
    ];
    const finders = counts.map((longitudes) => rectilinearCells([-45, 45], longitudes));
    fc.assert(
      fc.property(fc.integer({ min: -360, max: 360 }), fc.integer({ min: -90, max: 90 }), (x, y) => {
        const places = finders.map(({ cellAt }, i) => {
          const cell = cellAt(x + 0.3, y * 0.99);
          return [Math.floor(cell / 4), (counts[i][cell % 4] + 360) % 360];
        });
        assert.deepEqual(places[0], places[1]);
      }),
    );
  });

  it('find the nearest centre', () => {
    const axis = fc.uniqueArray(fc.integer({ min: -80, max: 80 }), { minLength: 2, maxLength: 9 });
    fc.assert(
      fc.property(axis, axis, fc.boolean(), fc.nat(160), fc.nat(160), (ys, xs, down, x, y) => {
        ys.sort((a, b) => (down ? b - a : a - b));
        xs.sort((a, b) => a - b);
        const [longitude, latitude] = [x - 79.7, y - 79.7];
        const cell = rectilinearCells(ys, xs).cellAt(longitude, latitude);
        if (cell < 0) return;
        const distance = (i: number) => Math.abs(xs[i] - longitude);
        assert.equal(distance(cell % xs.length), Math.min(...xs.map((_, i) => distance(i))));
        const height = (i: number) => Math.abs(ys[i] - latitude);
        assert.equal(height(Math.floor(cell / xs.length)), Math.min(...ys.map((_, i) => height(i))));
      }),
    );
  });
});

describe('curvilinearCells', () => {
  const [rows, columns] = [12, 16];
  const latitudes = Float64Array.from({ length: rows * columns }, (_, i) => 40 + Math.floor(i / columns));
  const longitudes = Float64Array.from({ length: rows * columns }, (_, i) => 174 + (i % columns));

  it('agree with the cells of a rectilinear grid near the equator of its map', () => {
    const plain = rectilinearCells(
      Array.from({ length: rows }, (_, i) => 40 + i),
      Array.from({ length: columns }, (_, i) => 174 + i),
    );
    const { cellAt } = curvilinearCells(latitudes, longitudes, [rows, columns]);
    let different = 0;
    for (let x = 172; x < 192; x += 0.37)
      for (let y = 38; y < 54; y += 0.41) if (cellAt(x, y) !== plain.cellAt(x, y)) different++;
    // Halfway lines on the globe and between numbers are not quite the same.
    assert.ok(different < 0.03 * 54 * 39, `${different}`);
  });

  it('know their area across the date line', () => {
    const { extent } = curvilinearCells(latitudes, longitudes, [rows, columns]);
    assert.ok(Math.abs(extent.east - extent.west - 16) < 0.8, JSON.stringify(extent));
    assert.ok(
      Math.abs(extent.south - 39.6) < 0.2 && Math.abs(extent.north - 51.4) < 0.2,
      JSON.stringify(extent),
    );
  });

  it('leave places without coordinates out', () => {
    const holes = latitudes.map((latitude, i) => (i % columns < 8 ? 1e20 : latitude));
    const { cellAt } = curvilinearCells(holes, longitudes, [rows, columns]);
    assert.equal(cellAt(176, 45), -1);
    assert.equal(cellAt(185, 45), 5 * columns + 11);
  });
});
