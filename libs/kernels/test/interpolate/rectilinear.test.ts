import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { MaskedArray } from '@hyperslab/array';
import { hasPython, runPython, skip, withinLimits, withRandomSeed } from '@hyperslab/testing';
import fc from 'fast-check';
import {
  type Axis,
  createAxis,
  interpolateAxes,
  interpolateTogether,
  linearRows,
  nearestRows,
  overlapRows,
  pairRows,
  type SparseRows,
} from '../../src/index.ts';

type Ends = [points: number[], bounds: number[]];

interface Case {
  global: boolean;
  latitude: Ends;
  longitude: Ends;
  targetLatitude: Ends;
  targetLongitude: Ends;
  data: (number | null)[];
  tolerance: number;
  xarray: Record<'linear' | 'nearest', (number | null)[]> | null;
  iris: Record<'bilinear' | 'conservative', (number | null)[]>;
}

const script = join(import.meta.dirname, 'foreign/regrid-random.py');
const sine = (degrees: number) => Math.sin((degrees * Math.PI) / 180);

function axisOf([points, bounds]: Ends, period?: number): Axis {
  return createAxis(Float64Array.from(points), { bounds: Float64Array.from(bounds), period });
}

function onGrid(
  array: MaskedArray,
  rows: [SparseRows, SparseRows],
  takes: boolean,
  tolerated: number,
): (number | null)[] {
  const axes = rows.map((each, axis) => ({ axis, rows: each }));
  const result = interpolateAxes(array, axes, { takes, tolerated });
  const together = interpolateTogether(
    { ...array, shape: [...array.shape].reverse(), ...turned(array) },
    [1, 0],
    [pairRows(rows[0], rows[1], array.shape[1])],
    result.shape,
    { takes, tolerated },
  );
  assert.deepEqual([together.shape, together.mask], [result.shape, result.mask]);
  const isClose = (value: number, i: number) =>
    Math.abs(value - (result.values[i] as number)) <= 1e-12 * (1 + Math.abs(value)) || result.mask?.[i] === 1;
  assert.ok((together.values as Float64Array).every(isClose));
  return Array.from(result.values as Float64Array, (value, i) => (result.mask?.[i] ? null : value));
}

/** Values and mask of a plane with its axes changed. */
function turned({ shape: [rows, columns], values, mask }: MaskedArray): Pick<MaskedArray, 'values' | 'mask'> {
  const from = (_: unknown, i: number) => (i % rows) * columns + Math.floor(i / rows);
  const order = Array.from({ length: rows * columns }, from);
  return {
    values: Float64Array.from(order, (i) => values[i] as number),
    mask: mask && Uint8Array.from(order, (i) => mask[i]),
  };
}

function compare(what: string, actual: (number | null)[], expected: (number | null)[]): void {
  assert.equal(actual.length, expected.length, what);
  expected.forEach((value, i) => {
    const found = actual[i];
    const isSame =
      value === null || found === null
        ? value === found
        : Math.abs(found - value) <= 1e-9 * (1 + Math.abs(value));
    assert.ok(isSame, `${what} at ${i}: ${found}, expected ${value}`);
  });
}

describe('regridding between rectilinear grids', () => {
  it('makes of random grids what xarray and Iris make of them', async function () {
    if (!hasPython('xarray', 'iris', 'scipy')) skip(this, 'no xarray or Iris; "npm test" installs them');
    this.timeout(120_000);
    await withRandomSeed((seed) => {
      for (const each of runPython<Case>(script, seed, 60)) {
        const [latitude, longitude] = [axisOf(each.latitude), axisOf(each.longitude, 360)];
        const [north, east] = [axisOf(each.targetLatitude), axisOf(each.targetLongitude)];
        assert.equal(longitude.isClosed, each.global);
        const array: MaskedArray = {
          dtype: 'float64',
          shape: [latitude.points.length, longitude.points.length],
          values: Float64Array.from(each.data, (value) => value ?? 1e30),
          mask: Uint8Array.from(each.data, (value) => (value === null ? 1 : 0)),
        };
        const linear = onGrid(
          array,
          [linearRows(latitude, north.points), linearRows(longitude, east.points)],
          false,
          0,
        );
        compare('bilinear of Iris', linear, each.iris.bilinear);
        const overlaps: [SparseRows, SparseRows] = [
          overlapRows(latitude, north, sine),
          overlapRows(longitude, east),
        ];
        compare(
          `area-weighted of Iris, mdtol ${each.tolerance}`,
          onGrid(array, overlaps, false, each.tolerance),
          each.iris.conservative,
        );
        if (each.xarray === null) continue;
        compare('linear of xarray', linear, each.xarray.linear);
        const nearest: [SparseRows, SparseRows] = [
          nearestRows(latitude, north.points),
          nearestRows(longitude, east.points),
        ];
        const within = (axis: Axis, at: number) =>
          at >= Math.min(...axis.points) && at <= Math.max(...axis.points);
        const found = onGrid(array, nearest, true, 0);
        // xarray has none in the outer halves of the outermost cells.
        const inside = found.map((value, i) =>
          within(latitude, north.points[Math.floor(i / east.points.length)]) &&
          within(longitude, east.points[i % east.points.length])
            ? value
            : null,
        );
        compare('nearest of xarray', inside, each.xarray.nearest);
      }
    });
  });

  const cells = (low: number, high: number) =>
    fc
      .record({
        parts: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 12 }),
        back: fc.boolean(),
      })
      .map(({ parts, back }): Ends => {
        const all = parts.reduce((sum, part) => sum + part, 0);
        const ends = [low];
        let sum = 0;
        for (const part of parts) {
          sum += part;
          ends.push(low + ((high - low) * sum) / all);
        }
        const bounds = parts.map((_, i) => [ends[i], ends[i + 1]]);
        if (back) bounds.reverse();
        return [bounds.map(([a, b]) => (a + b) / 2), bounds.flat()];
      });

  it('conserves the integral over the globe, and keeps a constant field to the last bits', () => {
    fc.assert(
      fc.property(cells(-90, 90), cells(-180, 180), cells(-90, 90), cells(10, 370), (a, b, c, d) => {
        const [latitude, longitude, north, east] = [axisOf(a), axisOf(b, 360), axisOf(c), axisOf(d)];
        const rows: [SparseRows, SparseRows] = [
          overlapRows(latitude, north, sine),
          overlapRows(longitude, east),
        ];
        const shape = [latitude.points.length, longitude.points.length];
        const values = Float64Array.from({ length: shape[0] * shape[1] }, (_, i) => Math.sin(i * 1.7) + 2);
        const result = onGrid({ dtype: 'float64', shape, values }, rows, false, 0) as number[];
        const [before, after] = [integral(values, latitude, longitude), integral(result, north, east)];
        assert.ok(Math.abs(before - after) <= 1e-12 * before, `${before} became ${after}`);
        const constant = onGrid({ dtype: 'float64', shape, values: values.map(() => 7) }, rows, false, 0);
        for (const value of constant) assert.ok(Math.abs(value! - 7) < 1e-14);
      }),
    );
  });

  it('is exact for what is linear in latitude and longitude, across the seam and up to the last latitude', () => {
    fc.assert(
      fc.property(cells(-90, 90), cells(-180, 180), cells(-170, 170), (a, b, c) => {
        const [latitude, longitude, east] = [axisOf(a), axisOf(b), axisOf(c)];
        const rows: [SparseRows, SparseRows] = [
          linearRows(latitude, latitude.points),
          linearRows(longitude, east.points),
        ];
        const field = (phi: number, lambda: number) => 3 + 2 * phi - lambda / 5;
        const shape = [latitude.points.length, longitude.points.length];
        const values = Float64Array.from({ length: shape[0] * shape[1] }, (_, i) =>
          field(latitude.points[Math.floor(i / shape[1])], longitude.points[i % shape[1]]),
        );
        onGrid({ dtype: 'float64', shape, values }, rows, false, 0).forEach((value, i) => {
          const expected = field(
            latitude.points[Math.floor(i / east.points.length)],
            east.points[i % east.points.length],
          );
          const lambda = east.points[i % east.points.length];
          const isOutside = lambda < Math.min(...longitude.points) || lambda > Math.max(...longitude.points);
          if (value === null) assert.ok(isOutside, `nothing at ${lambda}`);
          else assert.ok(Math.abs(value - expected) < 1e-10, `${value}, expected ${expected}`);
        });
      }),
    );
    const closed = createAxis(Float64Array.of(0, 90, 180, 270), { period: 360, rounding: 2 ** -23 });
    const seam = linearRows(closed, Float64Array.of(315, -45, 1035, -0.00000001));
    assert.deepEqual([...seam.indices], [3, 0, 3, 0, 3, 0, 0]);
    assert.deepEqual([...seam.weights], [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 1]);
  });

  it('is a point where rounding alone is between, and no part of a step', () => {
    // Numbers of float32, as they are there, as they are written, and a step away.
    const latitudes = createAxis(Float32Array.of(51.1, 51.2, 51.3) as ArrayLike<number> as Float64Array, {
      rounding: 2 ** -23,
    });
    const rounded = linearRows(latitudes, Float64Array.of(51.2, 51.3, 51.25));
    assert.deepEqual([...rounded.indices], [1, 2, 1, 2]);
    assert.ok(Math.abs(rounded.weights[2] - 0.5) < 1e-4);
    // Of hours since 1900 a millionth is one; here a target is 3.6 s and 36 ms away from a point.
    for (const [rounding, near] of [
      [2 ** -23, 0],
      [undefined, 1e-5],
    ] as const) {
      const hours = createAxis(Float64Array.of(1_108_392, 1_108_395), { rounding });
      const { weights } = linearRows(hours, Float64Array.of(1_108_392.003, 1_108_392.00003, 1_108_394));
      const expected = [0.999, 0.001, 1 - near, near, 1 / 3, 2 / 3].filter((weight) => weight > 0);
      assert.equal(weights.length, expected.length);
      weights.forEach((weight, i) => {
        assert.ok(Math.abs(weight - expected[i]) < 1e-9, `${weight}, expected ${expected[i]}`);
      });
    }
    assert.equal(
      linearRows(createAxis(Float64Array.of(1_108_392)), Float64Array.of(1_108_392.1)).indices.length,
      0,
    );
  });

  it('has no value outside of the points, but the last one up to a pole when asked', () => {
    const axis = createAxis(Float64Array.of(80, 60, 40), { limits: [-90, 90] });
    const targets = Float64Array.of(90, 85, 80, 30.5, Number.NaN);
    assert.deepEqual([...linearRows(axis, targets).offsets], [0, 0, 0, 1, 1, 1]);
    const held = linearRows(axis, targets, { holdsAtLimits: true });
    assert.deepEqual([...held.offsets], [0, 1, 2, 3, 3, 3]);
    assert.deepEqual([...held.indices], [0, 0, 0]);
  });

  it('takes no longer for each cell of a long axis that goes around', () => {
    const around = (count: number) =>
      createAxis(
        Float64Array.from({ length: count }, (_, i) => (360 * (i + 0.5)) / count),
        { period: 360 },
      );
    const { offsets } = withinLimits(() => overlapRows(around(2 ** 16), around(2 ** 15)), { ms: 5000 });
    assert.ok(offsets.every((offset, row) => offset >= 2 * row));
  });

  function integral(values: ArrayLike<number>, latitude: Axis, longitude: Axis): number {
    let sum = 0;
    const width = longitude.points.length;
    for (let i = 0; i < values.length; i++) {
      const [row, column] = [Math.floor(i / width), i % width];
      const height = Math.abs(sine(latitude.bounds[2 * row]) - sine(latitude.bounds[2 * row + 1]));
      sum += values[i] * height * Math.abs(longitude.bounds[2 * column + 1] - longitude.bounds[2 * column]);
    }
    return sum;
  }
});
