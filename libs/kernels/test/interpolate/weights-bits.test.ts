import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import {
  bilinearOnCurvilinear,
  type Cells,
  conservativeRows,
  nearestOnCurvilinear,
  type Places,
  type SparseRows,
  secondOrderRows,
} from '../../src/index.ts';

const radians = Math.PI / 180;

/** A place of a globe that is turned about an axis in its equator. */
function turned(latitude: number, longitude: number, angle: number): [number, number] {
  const [phi, lambda, a] = [latitude * radians, longitude * radians, angle * radians];
  const [x, y, z] = [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
  const [u, w] = [Math.cos(a) * x + Math.sin(a) * z, Math.cos(a) * z - Math.sin(a) * x];
  return [Math.atan2(w, Math.hypot(u, y)) / radians, Math.atan2(y, u) / radians];
}

function placesOf(pairs: readonly (readonly [number, number])[]): Places {
  return {
    latitudes: Float64Array.from(pairs, ([latitude]) => latitude),
    longitudes: Float64Array.from(pairs, ([, longitude]) => longitude),
  };
}

/** Points of a grid around the globe: rows close, and both poles of places lie in it. Some have no place, one is far away. */
function globe(rows: number, columns: number) {
  const pairs = Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    return turned(-90 + (180 * (row + 0.5)) / rows, (360 * column) / columns, 33);
  });
  const places = placesOf(pairs);
  places.latitudes.fill(Number.NaN, 205, 209);
  [places.latitudes[900], places.longitudes[900]] = [-60, 200];
  return { shape: [rows, columns], ...places };
}

function cells(rows: number, columns: number, angle: number): Cells {
  const corners = Array.from({ length: 4 * rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / 4 / columns), Math.floor(i / 4) % columns];
    const [up, east] = [i % 4 > 1 ? 1 : 0, i % 4 === 1 || i % 4 === 2 ? 1 : 0];
    return turned(-90 + (180 * (row + up)) / rows, (360 * (column + east)) / columns, angle);
  });
  const { latitudes, longitudes } = placesOf(corners);
  latitudes[400] = Number.NaN;
  return { corners: 4, latitudes, longitudes };
}

function digest(...rows: SparseRows[]): string {
  const text = rows.map(({ offsets, indices, weights }) => `${offsets};${indices};${weights}`).join('|');
  return hash('sha256', text).slice(0, 16);
}

describe('weights of curvilinear grids', () => {
  const places = placesOf(
    Array.from({ length: 3000 }, (_, i) => [-90 + (180 * Math.floor(i / 75)) / 39, (4.8 * (i % 75)) % 360]),
  );

  it('have the bits that they had when they were made with lists', () => {
    const { areas, offCentre, gradients } = secondOrderRows(cells(21, 40, 0))(cells(9, 14, 51));
    assert.deepEqual(
      {
        bilinear: digest(bilinearOnCurvilinear(globe(37, 53))(places)),
        nearest: digest(nearestOnCurvilinear(globe(37, 53))(places)),
        conservative: digest(conservativeRows(cells(21, 40, 0))(cells(9, 14, 51))),
        areas: digest(areas, ...offCentre),
        gradients: digest(...gradients),
      },
      {
        bilinear: '5d0d3f9991b16189',
        nearest: '8b504a410d819bd5',
        conservative: '78a42d42bbaef505',
        areas: '88d8117ce678f5d5',
        gradients: '4ec523c5c0bf872c',
      },
    );
  });

  it('are the same of float32 as of what that is in float64', () => {
    const { shape, latitudes, longitudes } = globe(37, 53);
    const [north, east] = [Float32Array.from(latitudes), Float32Array.from(longitudes)];
    const short = { shape, latitudes: north, longitudes: east };
    const long = { shape, latitudes: Float64Array.from(north), longitudes: Float64Array.from(east) };
    for (const make of [bilinearOnCurvilinear, nearestOnCurvilinear])
      assert.equal(digest(make(short)(places)), digest(make(long)(places)));
  });
});
