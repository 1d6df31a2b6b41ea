import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { MaskedArray } from '@hyperslab/array';
import { placeOnGlobe } from '@hyperslab/cube';
import { hasPython, runPython, skip, withRandomSeed } from '@hyperslab/testing';
import { compute, planText } from '../run-plan.ts';
import { numbers } from '../sample-dataset.ts';
import { fieldsDataset, griddedDataset, type SampleGrid } from './grids.ts';
import { plainValues } from './plain-values.ts';

interface Case {
  source: SampleGrid;
  target: SampleGrid;
  data: (number | null)[];
  mdtol: number;
  expected: (number | null)[];
}

const script = join(import.meta.dirname, '../foreign/second-order.py');
const small = { targetBlockBytes: 1500, tileBytes: 500, random: Math.random };
const radians = Math.PI / 180;

function masked(shape: number[], data: readonly (number | null)[]): MaskedArray {
  const values = numbers(
    'float64',
    shape,
    data.map((value) => value ?? 1e30),
  );
  return { ...values, mask: Uint8Array.from(data, (value) => (value === null ? 1 : 0)) };
}

function assertClose(what: string, found: (number | null)[], expected: (number | null)[], tolerance = 1e-9) {
  assert.equal(found.length, expected.length, what);
  found.forEach((value, i) => {
    const wanted = expected[i];
    const isSame =
      value === null || wanted === null ? value === wanted : Math.abs(value - wanted) < tolerance;
    assert.ok(isSame, `${what}, at ${i}: ${value}, expected ${wanted}`);
  });
}

function cells(low: number, high: number, count: number) {
  const ends = Array.from({ length: count + 1 }, (_, i) => low + ((high - low) * i) / count);
  return { ends, points: ends.slice(1).map((end, i) => (end + ends[i]) / 2) };
}

type Range = [low: number, high: number, count: number];

function gridOf(north: Range, east: Range, pole?: [number, number]): SampleGrid {
  const [latitude, longitude] = [cells(...north), cells(...east)];
  const pairs = (ends: number[]) => ends.slice(1).flatMap((end, i) => [ends[i], end]);
  return {
    pole,
    latitude: latitude.points,
    latitudeBounds: pairs(latitude.ends),
    longitude: longitude.points,
    longitudeBounds: pairs(longitude.ends),
  };
}

/** Areas of the cells of a grid, to a factor. */
function areasOf({ latitudeBounds = [], longitudeBounds = [] }: SampleGrid): number[] {
  const heights = latitudeBounds.map((end) => Math.sin(end * radians));
  const rows = Array.from({ length: heights.length / 2 }, (_, i) => heights[2 * i + 1] - heights[2 * i]);
  const columns = Array.from(
    { length: longitudeBounds.length / 2 },
    (_, i) => longitudeBounds[2 * i + 1] - longitudeBounds[2 * i],
  );
  return rows.flatMap((row) => columns.map((column) => row * column));
}

const sumOf = (values: (number | null)[], areas: number[]) =>
  values.reduce<number>((sum, value, i) => sum + value! * areas[i % areas.length], 0);

describe('regrid by method=conservative2', () => {
  it('makes of random fields what the definition says, with what is missing and in any cut', async function () {
    if (!hasPython('numpy')) skip(this, 'no numpy; "npm test" installs it');
    this.timeout(120_000);
    await withRandomSeed(async (seed) => {
      for (const { source, target, data, mdtol, expected } of runPython<Case>(script, seed, 8)) {
        const array = masked([2, source.latitude.length, source.longitude.length], data);
        const grids = [source, target].map(({ pole }) => (pole ? 'rotated' : 'plain')).join(' to ');
        const text = `regrid(t, like=like, method=conservative2, mdtol=${mdtol})`;
        const axes = griddedDataset(array, source, target);
        const result = await compute(text, axes.dataset, axes.variables, small);
        assertClose(`${text}, ${grids}`, plainValues(result), expected);
        const row = await compute(`${text}[time=#1, row=#2]`, axes.dataset, axes.variables, small);
        const [rows, columns] = [target.latitude.length, target.longitude.length];
        const from = (rows + 2) * columns;
        assertClose('a row', plainValues(row), plainValues(result).slice(from, from + columns), 1e-12);
        // Fields have edges along great circles: the same where poles differ.
        if (source.pole?.join() === target.pole?.join()) continue;
        const fields = fieldsDataset(array, source, target);
        const other = await compute(text, fields.dataset, fields.variables, small);
        assertClose(`${text}, fields, ${grids}`, plainValues(other), expected);
      }
    });
  });

  const around = gridOf([-90, 90, 12], [0, 360, 18]);
  const finer = gridOf([-90, 90, 31], [-20, 340, 50]);
  const field = (latitude: number, longitude: number) =>
    2 + Math.sin(latitude * radians) + Math.cos(latitude * radians) * Math.cos((longitude - 20) * radians);
  const fieldOn = ({ latitude, longitude, pole }: SampleGrid) =>
    latitude.flatMap((north) =>
      longitude.map((east) => {
        if (!pole) return field(north, east);
        const own = { latitude: pole[0], longitude: pole[1], northPoleGridLongitude: 0 };
        const place = placeOnGlobe(own, north, east);
        return field(place.latitude, place.longitude);
      }),
    );
  const twice = (values: readonly number[]) => [...values, ...values.map((value) => -3 * value)];

  it('conserves integrals over the globe, to finer grids and to coarser ones', async () => {
    for (const [source, target] of [
      [around, finer],
      [finer, around],
    ]) {
      const shape = [2, source.latitude.length, source.longitude.length];
      const data = twice(fieldOn(source).map((value, i) => value + Math.sin(i * i)));
      const { dataset, variables } = griddedDataset(numbers('float64', shape, data), source, target);
      const result = plainValues(
        await compute('regrid(t, like=like, method=conservative2)', dataset, variables, small),
      );
      const [given, received] = [areasOf(source), areasOf(target)];
      for (const step of [0, 1]) {
        const before = sumOf(data.slice(step * given.length, (step + 1) * given.length), given);
        const after = sumOf(result.slice(step * received.length, (step + 1) * received.length), received);
        assert.ok(Math.abs(after - before) < 1e-9 * Math.abs(before), `${after}, not ${before}`);
      }
    }
  });

  it('keeps constants, and is much nearer to a smooth field than first order', async () => {
    const source = gridOf([-90, 90, 18], [0, 360, 36]);
    const rotated = gridOf([-10, 10, 33], [-12, 12, 41], [38, -175]);
    for (const target of [finer, gridOf([40, 65, 27], [-10, 25, 29]), rotated]) {
      const shape = [2, source.latitude.length, source.longitude.length];
      const ones = griddedDataset(numbers('float64', shape, new Array(1296).fill(285.3)), source, target);
      const text = (method: string) => `regrid(t, like=like, method=${method})`;
      const even = await compute(text('conservative2'), ones.dataset, ones.variables, small);
      assertClose('constant', plainValues(even), new Array(even.values.length).fill(285.3));
      const smooth = griddedDataset(numbers('float64', shape, twice(fieldOn(source))), source, target);
      const errorOf = async (method: string) => {
        const result = await compute(`${text(method)}[time=#0]`, smooth.dataset, smooth.variables, small);
        const wanted = fieldOn(target);
        const errors = plainValues(result).map((value, i) => Math.abs(value! - wanted[i]));
        return errors.reduce((sum, error) => sum + error) / errors.length;
      };
      const [first, second] = [await errorOf('conservative'), await errorOf('conservative2')];
      assert.ok(second < first / 3, `errors are ${first} and ${second}`);
    }
  });

  it('keeps constants of a field with a cyclic column, as first order does', async () => {
    // 0 and 360 degrees: the column is there twice.
    const source = gridOf([-90, 90, 18], [-5, 365, 37]);
    const shape = [2, source.latitude.length, source.longitude.length];
    const sevens = numbers('float64', shape, new Array(2 * 18 * 37).fill(7));
    for (const target of [finer, gridOf([-90, 90, 4], [0, 360, 4])]) {
      const { dataset, variables } = griddedDataset(sevens, source, target);
      for (const method of ['conservative', 'conservative2']) {
        const result = await compute(`regrid(t, like=like, method=${method})`, dataset, variables, small);
        assertClose(method, plainValues(result), new Array(result.values.length).fill(7));
      }
    }
  });

  it('has no gradient next to what is missing, and says what it can not take', async () => {
    const source = gridOf([0, 4, 4], [0, 5, 5]);
    const target = gridOf([0, 4, 8], [0, 5, 10]);
    const data = Array.from({ length: 40 }, (_, i) => (i === 7 ? null : i % 20));
    const { dataset, variables } = griddedDataset(masked([2, 4, 5], data), source, target);
    const result = plainValues(
      await compute('regrid(t, like=like, method=conservative2)', dataset, variables, small),
    );
    const quarters = (j: number, i: number) => [0, 1, 10, 11].map((at) => result[20 * j + 2 * i + at]);
    assert.deepEqual(quarters(1, 2), [null, null, null, null]);
    for (const [j, i] of [
      [0, 2],
      [1, 1],
      [1, 3],
      [2, 2],
    ])
      assertClose(`beside (${j}, ${i})`, quarters(j, i), new Array(4).fill(5 * j + i));
    assert.ok(new Set(quarters(2, 1)).size === 4);
    await assert.rejects(
      planText('regrid(t, latitude=[50], longitude=[1, 2], method=conservative2)', dataset),
      /no cell for method=conservative2/,
    );
  });
});
