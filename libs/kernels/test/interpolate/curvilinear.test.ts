import assert from 'node:assert/strict';
import { withinLimits } from '@hyperslab/testing';
import fc from 'fast-check';
import {
  bilinearOnCurvilinear,
  type Cells,
  type CurvilinearPoints,
  conservativeRows,
  createAxis,
  linearRows,
  nearestOnCurvilinear,
  overlapRows,
  type Places,
  pairRows,
  type SparseRows,
} from '../../src/index.ts';

const radians = Math.PI / 180;
const sine = (degrees: number) => Math.sin(degrees * radians);

/** Evenly spread middles of cells, or their ends. */
function middles(low: number, high: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => low + ((high - low) * (i + 0.5)) / count);
}

/** The points of two axes as fields, turned about the y axis of the globe by an angle. */
function turned(
  latitudes: readonly number[],
  longitudes: readonly number[],
  angle: number,
): CurvilinearPoints {
  const points = latitudes.flatMap((latitude) =>
    longitudes.map((longitude) => turn(latitude, longitude, angle)),
  );
  return {
    shape: [latitudes.length, longitudes.length],
    latitudes: Float64Array.from(points, ([latitude]) => latitude),
    longitudes: Float64Array.from(points, ([, longitude]) => longitude),
  };
}

function turn(latitude: number, longitude: number, angle: number): [number, number] {
  const [phi, lambda, a] = [latitude * radians, longitude * radians, angle * radians];
  const [x, y, z] = [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
  const [u, w] = [Math.cos(a) * x + Math.sin(a) * z, Math.cos(a) * z - Math.sin(a) * x];
  return [Math.atan2(w, Math.hypot(u, y)) / radians, Math.atan2(y, u) / radians];
}

/** Cells of an even global grid, turned. */
function globalCells(rows: number, columns: number, angle: number): Cells {
  const latitudes: number[] = [];
  const longitudes: number[] = [];
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      for (const [dj, di] of [
        [0, 0],
        [0, 1],
        [1, 1],
        [1, 0],
      ]) {
        const corner = turn(-90 + (180 * (j + dj)) / rows, (360 * ((i + di) % columns)) / columns, angle);
        latitudes.push(corner[0]);
        longitudes.push(corner[1]);
      }
    }
  }
  return { corners: 4, latitudes: Float64Array.from(latitudes), longitudes: Float64Array.from(longitudes) };
}

function apply({ offsets, indices, weights }: SparseRows, values: readonly number[]): number[] {
  return Array.from({ length: offsets.length - 1 }, (_, row) => {
    let sum = offsets[row] === offsets[row + 1] ? Number.NaN : 0;
    for (let entry = offsets[row]; entry < offsets[row + 1]; entry++)
      sum += weights[entry] * values[indices[entry]];
    return sum;
  });
}

/** Numbers as often in one part of a range as in another; most doubles of `fc.double` are close to 0. */
const evenly = (low: number, high: number) =>
  fc.integer({ min: 0, max: 2 ** 30 }).map((number) => low + ((high - low) * number) / 2 ** 30);

const anywhere = fc
  .array(fc.tuple(evenly(-1, 1), evenly(-180, 540)), {
    minLength: 1,
    maxLength: 40,
  })
  .map(
    (pairs): Places => ({
      latitudes: Float64Array.from(pairs, ([z]) => Math.asin(z) / radians),
      longitudes: Float64Array.from(pairs, ([, longitude]) => longitude),
    }),
  );

describe('regridding of curvilinear grids', () => {
  it('finds the nearest point that comparing with each finds', () => {
    fc.assert(
      fc.property(anywhere, anywhere, (points, places) => {
        const { indices } = nearestOnCurvilinear({ shape: [points.latitudes.length], ...points })(places);
        assert.equal(indices.length, places.latitudes.length);
        indices.forEach((found, row) => {
          const distance = (i: number) => separation(points, i, places, row);
          const least = Math.min(...points.latitudes.keys().map(distance));
          assert.ok(distance(found) <= least + 1e-12);
        });
      }),
    );
  });

  it('of a grid of two dimensions has no nearest point beyond its cells', () => {
    const source = turned(middles(40, 60, 10), middles(-10, 10, 10), 0);
    const places = {
      latitudes: Float64Array.of(41, 39.7, 37, 50),
      longitudes: Float64Array.of(-9, 369.2, 0, 30),
    };
    const { offsets, indices } = nearestOnCurvilinear(source)(places);
    assert.deepEqual([...offsets], [0, 1, 2, 2, 2]);
    assert.deepEqual([...indices], [0, 9]);
  });

  it('is bilinear as between axes, where a curvilinear grid is a rectilinear one', () => {
    const [latitudes, longitudes] = [middles(-80, 80, 32), middles(0, 360, 45)];
    const source = turned(latitudes, longitudes, 0);
    const values = [...source.latitudes].map((_, i) => Math.sin(i) * 10);
    const axes = [
      createAxis(Float64Array.from(latitudes)),
      createAxis(Float64Array.from(longitudes), { period: 360 }),
    ];
    const bilinear = bilinearOnCurvilinear(source);
    fc.assert(
      fc.property(anywhere, (places) => {
        const expected = places.latitudes.reduce<number[]>((all, latitude, row) => {
          const rows = pairRows(
            linearRows(axes[0], Float64Array.of(latitude)),
            linearRows(axes[1], Float64Array.of(places.longitudes[row])),
            longitudes.length,
          );
          return all.concat(apply(rows, values));
        }, []);
        apply(bilinear(places), values).forEach((value, row) => {
          const isSame = Number.isNaN(value)
            ? Number.isNaN(expected[row])
            : Math.abs(value - expected[row]) < 2e-3;
          assert.ok(
            isSame,
            `at ${places.latitudes[row]}, ${places.longitudes[row]}: ${value}, not ${expected[row]}`,
          );
        });
      }),
    );
  });

  it('is near a smooth field on turned grids, poles too, the nearer the finer the grid', () => {
    const field = (latitude: number, longitude: number) =>
      2 + sine(latitude) * 0.7 + Math.cos(latitude * radians) * Math.cos((longitude - 20) * radians);
    const places = {
      latitudes: Float64Array.from({ length: 400 }, (_, i) => Math.asin(1 - (2 * (i + 0.5)) / 400) / radians),
      longitudes: Float64Array.from({ length: 400 }, (_, i) => i * 137.508),
    };
    const worst = [20, 80].map((rows) => {
      const source = turned(middles(-85, 85, rows), middles(0, 360, 2 * rows), 60);
      const values = [...source.latitudes].map((latitude, i) => field(latitude, source.longitudes[i]));
      const errors = apply(bilinearOnCurvilinear(source)(places), values).map((value, i) =>
        Math.abs(value - field(places.latitudes[i], places.longitudes[i])),
      );
      const found = errors.filter((error) => !Number.isNaN(error));
      assert.ok(found.length > 380, `${found.length} of 400 places are on the grid`);
      return Math.max(...found);
    });
    assert.ok(worst[0] < 0.02 && worst[1] < worst[0] / 8, `errors are ${worst.join(' and ')}`);
  });

  it('has all places of a grid that goes to the poles, where it changes from a map to the view from a place', () => {
    const latitudes = middles(-90, 90, 24);
    const source = turned(latitudes, middles(0, 360, 36), 0);
    // A little nearer to the poles than the rows.
    const places = {
      latitudes: Float64Array.from({ length: 2000 }, (_, i) => 1.00005 * latitudes[1 + (i % 22)]),
      longitudes: Float64Array.from({ length: 2000 }, (_, i) => i * 137.508),
    };
    apply(bilinearOnCurvilinear(source)(places), [...source.latitudes]).forEach((value, i) => {
      // Nearer to a pole the sides of a quadrangle are great circles, and these are no parallels.
      assert.ok(Math.abs(value - places.latitudes[i]) < 0.6, `${value} at latitude ${places.latitudes[i]}`);
    });
  });

  it('has all places between its points on turned grids, also where coarse cells go around a pole', () => {
    const property = fc.property(
      fc.constantFrom(12, 24, 40),
      evenly(0, 180),
      anywhere,
      (rows, angle, own) => {
        const source = turned(middles(-90, 90, rows), middles(0, 360, rows), angle);
        const within = [...own.latitudes].map((latitude, i) =>
          turn(latitude * (1 - 2 / rows), own.longitudes[i], angle),
        );
        const { offsets } = bilinearOnCurvilinear(source)({
          latitudes: Float64Array.from(within, ([latitude]) => latitude),
          longitudes: Float64Array.from(within, ([, longitude]) => longitude),
        });
        within.forEach((place, i) => {
          assert.ok(offsets[i + 1] > offsets[i], `nothing at ${place}`);
        });
      },
    );
    fc.assert(property, { numRuns: 200 });
  });

  it('goes around where some points of a row have no place', () => {
    const source = turned(middles(-40, 40, 8), middles(0, 360, 20), 0);
    for (let row = 0; row < 8; row++) source.longitudes[20 * row + 7] = Number.NaN;
    const places = { latitudes: Float64Array.of(3, 3), longitudes: Float64Array.of(0, 135) };
    const { offsets } = bilinearOnCurvilinear(source)(places);
    assert.deepEqual([...offsets], [0, 4, 4]);
  });

  it('takes no longer for a point that is far from its neighbours', () => {
    const source = turned(middles(40, 60, 200), middles(0, 20, 200), 0);
    source.latitudes[5] = -60;
    source.longitudes[5] = 200;
    const places = {
      latitudes: Float64Array.from({ length: 2000 }, (_, i) => 41 + (18 * i) / 2000),
      longitudes: Float64Array.from({ length: 2000 }, (_, i) => 1 + (18 * ((i * 7) % 2000)) / 2000),
    };
    const rows = withinLimits(() => bilinearOnCurvilinear(source)(places), { ms: 5000 });
    apply(rows, [...source.latitudes]).forEach((value, i) => {
      assert.ok(Math.abs(value - places.latitudes[i]) < 1e-9, `${value} at ${places.latitudes[i]}`);
    });
  });

  it('conserves the integral between global grids that are turned to each other', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 7 }),
        fc.integer({ min: 4, max: 12 }),
        fc.integer({ min: 3, max: 9 }),
        fc.integer({ min: 4, max: 9 }),
        evenly(0, 180),
        (rows, columns, targetRows, targetColumns, angle) => {
          const [source, target] = [
            globalCells(rows, columns, 0),
            globalCells(targetRows, targetColumns, angle),
          ];
          const forth = conservativeRows(source)(target);
          for (const value of apply(forth, new Array(rows * columns).fill(1)))
            assert.ok(Math.abs(value - 1) < 1e-9);
          const [area, targetArea] = [cellAreas(source), cellAreas(target)];
          const received = new Array<number>(rows * columns).fill(0);
          for (let row = 0; row < targetArea.length; row++) {
            for (let entry = forth.offsets[row]; entry < forth.offsets[row + 1]; entry++)
              received[forth.indices[entry]] += forth.weights[entry] * targetArea[row];
          }
          received.forEach((sum, i) => {
            assert.ok(Math.abs(sum - area[i]) < 1e-9, `cell ${i} gives ${sum} of its ${area[i]}`);
          });
        },
      ),
      { numRuns: 40 },
    );
  });

  it('weighs small cells as axes do, where parallels are nearly great circles', () => {
    const box = (count: number) => {
      const ends = Array.from({ length: count + 1 }, (_, i) => 10 + i / count);
      const bounds = Float64Array.from(ends.slice(1).flatMap((end, i) => [ends[i], end]));
      return {
        ends,
        axis: createAxis(
          Float64Array.from(ends.slice(1), (end, i) => (end + ends[i]) / 2),
          { bounds },
        ),
      };
    };
    const [fine, coarse] = [box(12), box(5)];
    const cells = (ends: number[]): Cells => {
      const corners = ends.slice(1).flatMap((north, j) =>
        ends.slice(1).flatMap((east, i) => [
          [ends[j], ends[i]],
          [ends[j], east],
          [north, east],
          [north, ends[i]],
        ]),
      );
      return {
        corners: 4,
        latitudes: Float64Array.from(corners, ([latitude]) => latitude),
        longitudes: Float64Array.from(corners, ([, longitude]) => longitude),
      };
    };
    const values = Array.from({ length: 144 }, (_, i) => Math.cos(i));
    const expected = apply(
      pairRows(overlapRows(fine.axis, coarse.axis, sine), overlapRows(fine.axis, coarse.axis), 12),
      values,
    );
    apply(conservativeRows(cells(fine.ends))(cells(coarse.ends)), values).forEach((value, i) => {
      assert.ok(Math.abs(value - expected[i]) < 1e-3, `${value}, expected ${expected[i]}`);
    });
  });

  it('leaves out points and cells that have no place', () => {
    const places = { latitudes: Float64Array.of(0), longitudes: Float64Array.of(0) };
    const nowhere = { latitudes: new Float64Array(4).fill(Number.NaN), longitudes: new Float64Array(4) };
    assert.equal(nearestOnCurvilinear({ shape: [2, 2], ...nowhere })(places).indices.length, 0);
    assert.equal(bilinearOnCurvilinear({ shape: [2, 2], ...nowhere })(places).indices.length, 0);
    assert.equal(conservativeRows({ corners: 4, ...nowhere })(globalCells(2, 4, 0)).indices.length, 0);
  });

  function separation(a: Places, i: number, b: Places, j: number): number {
    const cosine =
      sine(a.latitudes[i]) * sine(b.latitudes[j]) +
      Math.cos(a.latitudes[i] * radians) *
        Math.cos(b.latitudes[j] * radians) *
        Math.cos((a.longitudes[i] - b.longitudes[j]) * radians);
    return 2 - 2 * cosine;
  }

  /** Areas of cells by their overlap with the whole globe in eight triangles. */
  function cellAreas(cells: Cells): number[] {
    const octants = globalCells(2, 4, 0);
    const areas = new Array<number>(cells.latitudes.length / 4).fill(0);
    const { offsets, indices, weights } = conservativeRows(cells)(octants);
    for (let row = 0; row < 8; row++) {
      for (let entry = offsets[row]; entry < offsets[row + 1]; entry++)
        areas[indices[entry]] += (weights[entry] * Math.PI) / 2;
    }
    return areas;
  }
});
