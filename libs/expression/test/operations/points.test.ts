import assert from 'node:assert/strict';
import { join } from 'node:path';
import { regularRuns } from '@hyperslab/array';
import { isHyperslabError } from '@hyperslab/errors';
import { hasPython, runPython, skip, withRandomSeed } from '@hyperslab/testing';
import { compute, planText } from '../run-plan.ts';
import { numbers, type SampleVariable, sampleDataset } from '../sample-dataset.ts';
import { fieldsDataset, griddedDataset, type SampleGrid } from './grids.ts';
import { assertNear, axis, datasetOf, interpolationCases } from './interpolation-cases.ts';
import { plainValues } from './plain-values.ts';

/** A random grid, places, and the values of both steps at them. */
interface PlacesCase {
  source: SampleGrid;
  data: (number | null)[];
  latitude: number[];
  longitude: number[];
  expected: Record<'axes' | 'fields', Record<'linear' | 'nearest', (number | null)[]>>;
}

const small = { targetBlockBytes: 500, tileBytes: 200, random: Math.random };

/** t is 10,000 times the hour, and the level, and a thousandth of the latitude and a millionth of the longitude. */
const [times, levels, latitudes, longitudes] = [
  [0, 6, 12],
  [1000, 500],
  [60, 50, 40],
  [0, 90, 180, 270],
];
const values = times.flatMap((time) =>
  levels.flatMap((level) =>
    latitudes.flatMap((north) => longitudes.map((east) => 1e4 * time + level + north / 1e3 + east / 1e6)),
  ),
);
const variables: SampleVariable[] = [
  {
    name: 't',
    dimensions: ['time', 'level', 'latitude', 'longitude'],
    array: numbers('float64', [3, 2, 3, 4], values),
    chunks: [regularRuns(3, 2), regularRuns(2, 1), regularRuns(3, 2), regularRuns(4, 3)],
    attributes: { units: 'K' },
  },
  axis('time', times, { units: 'hours since 2026-01-01', standard_name: 'time' }),
  axis('level', levels, { units: 'hPa' }),
  axis('latitude', latitudes, { units: 'degrees_north', standard_name: 'latitude' }),
  axis('longitude', longitudes, { units: 'degrees_east', standard_name: 'longitude' }),
];
const dataset = sampleDataset(variables, {
  t: ['time', 'level', 'latitude', 'longitude'].map((name) => ({ variable: name, dimensions: [name] })),
});

describe('points', () => {
  it('are what xarray makes of lists of equal length', async function () {
    if (!hasPython('xarray', 'scipy')) skip(this, 'no xarray; "npm test" installs it');
    this.timeout(120_000);
    await withRandomSeed(async (seed) => {
      const cases = interpolationCases(seed).filter(({ points }) => points !== null);
      assert.ok(cases.length > 10, `${cases.length} cases have points`);
      for (const each of cases) {
        const { dataset: own, variables: ofCase } = datasetOf(each);
        const count = each.points!.length / each.shape[1];
        const lists = `level=[${each.levels.slice(0, count)}], latitude=[${each.latitudes!.slice(0, count)}]`;
        const text = `points(t, ${lists}, method=${each.method})`;
        const result = await compute(text, own, ofCase, small);
        assert.deepEqual(result.shape, [count, each.shape[1]]);
        assertNear(result, each.points!, each, text);
      }
    });
  });

  it('lie along a trajectory, across the seam of longitudes, in the order that is asked for', async () => {
    const text =
      'points(t, latitude=[55, 45, 60], longitude=[315, -90, 45], time=["2026-01-01T03:00", "2026-01-01T12:00", 2026-01-01], level=750)';
    const { values: found, shape } = await compute(text, dataset, variables, small);
    assert.deepEqual(shape, [3]);
    // Between 270 and 360 the field goes back to that of 0.
    const expected = [3e4 + 750 + 0.055 + 0.000135, 12e4 + 750 + 0.045 + 0.00027, 750 + 0.06 + 0.000045];
    expected.forEach((value, i) => {
      assert.ok(Math.abs((found[i] as number) - value) < 1e-9, `${found[i]}, expected ${value}`);
    });
    const { dimensions, coordinates } = (await planText(text, dataset)).result!;
    assert.deepEqual(dimensions, ['points']);
    assert.deepEqual(
      coordinates.map(({ name, dimensions: along }) => [name, along.join()]),
      ['latitude', 'longitude', 'time', 'level'].map((name) => [name, 'points']),
    );
  });

  it('keep other dimensions, whatever is selected of them afterwards', async () => {
    const text = 'points(t, latitude=[50, 20, 60], longitude=[90, 90, 0], method=nearest)';
    const { dimensions } = (await planText(text, dataset)).result!;
    assert.deepEqual(dimensions, ['time', 'level', 'points']);
    const one = await compute(`${text}[time=#1, level=500]`, dataset, variables, small);
    assert.deepEqual(plainValues(one), [6e4 + 500 + 50 / 1e3 + 90 / 1e6, null, 6e4 + 500 + 60 / 1e3]);
    const last = await compute(`${text}[points=#2, level=500]`, dataset, variables, small);
    assert.deepEqual(
      plainValues(last),
      [0, 6e4, 12e4].map((time) => time + 500 + 60 / 1e3),
    );
  });

  it('are found on rotated grids and on fields of places', async () => {
    const grid = { latitude: [-2, -1, 0, 1, 2], longitude: [-2, -1, 0, 1, 2], pole: [40, -170] as const };
    const ends = { latitudeBounds: [-2.5, -1.5, -1.5, -0.5, -0.5, 0.5, 0.5, 1.5, 1.5, 2.5] };
    const source = { ...grid, ...ends, longitudeBounds: ends.latitudeBounds };
    const data = numbers('float64', [1, 5, 5], Array(25).keys());
    for (const make of [griddedDataset, fieldsDataset]) {
      const { dataset: rotated, variables: own } = make(data, source, source);
      for (const method of ['nearest', 'linear']) {
        // The middle of the rotated grid is at 50 north and 10 east.
        const text = `points(t, latitude=[50, 0], longitude=[370, 0], method=${method})`;
        const result = await compute(text, rotated, own, small);
        assert.equal(plainValues(result)[1], null);
        assert.ok(Math.abs((result.values[0] as number) - 12) < 1e-9, `${method}: ${result.values[0]}`);
      }
    }
  });

  it('are on rotated grids and on fields of places what SciPy makes of them', async function () {
    if (!hasPython('scipy', 'cartopy')) skip(this, 'no SciPy; "npm test" installs it');
    this.timeout(120_000);
    await withRandomSeed(async (seed) => {
      const script = join(import.meta.dirname, '../foreign/points.py');
      for (const { source, data, latitude, longitude, expected } of runPython<PlacesCase>(script, seed, 20)) {
        const shape = [2, source.latitude.length, source.longitude.length];
        const array = {
          ...numbers(
            'float64',
            shape,
            data.map((value) => value ?? 1e30),
          ),
          mask: Uint8Array.from(data, (value) => (value === null ? 1 : 0)),
        };
        const made = {
          axes: griddedDataset(array, source, source),
          fields: fieldsDataset(array, source, source),
        };
        for (const kind of ['axes', 'fields'] as const)
          for (const method of ['linear', 'nearest'] as const) {
            const { dataset: own, variables: ofCase } = made[kind];
            const text = `points(t, latitude=[${latitude}], longitude=[${longitude}], method=${method})`;
            const result = await compute(text, own, ofCase, small);
            assert.deepEqual(result.shape, [2, latitude.length]);
            plainValues(result).forEach((value, i) => {
              const wanted = expected[kind][method][i];
              const isSame =
                value === null || wanted === null ? value === wanted : Math.abs(value - wanted) < 1e-7;
              assert.ok(isSame, `${kind}, ${text} at ${i}: ${value}, SciPy has ${wanted}`);
            });
          }
      }
    });
  });

  it('say what does not fit', async () => {
    const refused = (text: string, message: RegExp) =>
      assert.rejects(
        planText(text, dataset),
        (error) => isHyperslabError(error, 'EXPRESSION_INVALID') && message.test(error.message),
        text,
      );
    await refused('points(t)', /lacks places/);
    await refused(
      'points(t, latitude=[1, 2, 3], longitude=[1, 2])',
      /have 3, 2 values; expected as many of each/,
    );
    await refused('points(t, latitude=[], longitude=[])', /have 0, 0 values/);
    await refused('points(t, latitude=[91], longitude=[0])', /from -90 to 90/);
    await refused(
      'points(t, latitude=[1], longitude=[0], Y=[2])',
      /"Y" is no dimension or coordinate of "t"/,
    );
    await refused('points(t, level=[600], time=[abc])', /time="abc": expected a date/);
  });
});
