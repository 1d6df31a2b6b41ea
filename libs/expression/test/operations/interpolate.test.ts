import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type MaskedArray, regularRuns } from '@hyperslab/array';
import { isHyperslabError } from '@hyperslab/errors';
import { hasPython, runPython, skip, withRandomSeed } from '@hyperslab/testing';
import { compute, planText } from '../run-plan.ts';
import { numbers, type SampleVariable, sampleDataset } from '../sample-dataset.ts';

interface Case {
  dtype: 'float64' | 'float32' | 'int32';
  shape: [number, number, number];
  level: number[];
  latitude: number[];
  data: number[];
  missing: number[];
  levels: number[];
  latitudes: number[] | null;
  method: 'linear' | 'log' | 'nearest';
  expected: (number | null)[];
}

const script = join(import.meta.dirname, '../foreign/interpolations.py');
const small = { targetBlockBytes: 400, tileBytes: 100 };

function plain({ values, mask }: MaskedArray): (number | null)[] {
  return Array.from(values as Float64Array, (value, i) => (mask?.[i] ? null : value));
}

const axis = (name: string, points: number[], attributes: Record<string, string>): SampleVariable => ({
  name,
  dimensions: [name],
  array: numbers('float64', [points.length], points),
  attributes,
});

/** Hybrid levels: the pressure of each point is twice its number, counted from the top. */
const columns: SampleVariable[] = [
  {
    name: 't',
    dimensions: ['time', 'level', 'x'],
    array: numbers('float32', [2, 4, 3], Array(24).keys()),
    chunks: [regularRuns(2, 1), regularRuns(4, 2), regularRuns(3, 2)],
    attributes: { units: 'K', standard_name: 'air_temperature' },
  },
  {
    name: 'p',
    dimensions: ['time', 'level', 'x'],
    array: numbers(
      'float64',
      [2, 4, 3],
      Array.from({ length: 24 }, (_, i) => 2 * i),
    ),
    chunks: [regularRuns(2, 2), regularRuns(4, 3), regularRuns(3, 3)],
    attributes: { units: 'Pa', standard_name: 'air_pressure' },
  },
  axis('time', [0, 6], { units: 'hours since 2026-01-01', standard_name: 'time' }),
  axis('level', [1, 2, 3, 4], { units: '1' }),
];
const coordinates = [
  { variable: 'time', dimensions: ['time'], axis: 'T' },
  { variable: 'level', dimensions: ['level'], axis: 'Z' },
];
const dataset = sampleDataset(columns, { t: coordinates, p: coordinates });

const refused = (text: string, message: RegExp) =>
  assert.rejects(
    planText(text, dataset),
    (error) => isHyperslabError(error, 'EXPRESSION_INVALID') && message.test(error.message),
    text,
  );

describe('interpolate', () => {
  it('makes of random arrays what xarray makes of them, however they are cut', async function () {
    if (!hasPython('xarray', 'scipy')) skip(this, 'no xarray; "npm test" installs it');
    this.timeout(120_000);
    await withRandomSeed(async (seed) => {
      for (const { dtype, shape, data, missing, ...each } of runPython<Case>(script, seed, 60)) {
        const variables: SampleVariable[] = [
          {
            name: 't',
            dimensions: ['level', 'time', 'latitude'],
            array: { ...numbers(dtype, shape, data), mask: Uint8Array.from(missing) },
            chunks: shape.map((extent) => regularRuns(extent, 2)),
          },
          axis('level', each.level, { units: 'hPa' }),
          axis('latitude', each.latitude, { units: 'degrees_north' }),
        ];
        const cubes = {
          t: [
            { variable: 'level', dimensions: ['level'] },
            { variable: 'latitude', dimensions: ['latitude'] },
          ],
        };
        const options = [`level=[${each.levels}]`, each.latitudes && `latitude=[${each.latitudes}]`];
        const text = `interpolate(t, ${[...options, `method=${each.method}`].filter(Boolean).join(', ')})`;
        const result = await compute(text, sampleDataset(variables, cubes), variables, small);
        const type = each.method === 'nearest' || dtype !== 'int32' ? dtype : 'float64';
        assert.equal(result.dtype, type);
        const relative = dtype === 'float32' ? 1e-6 : 1e-9;
        plain(result).forEach((value, i) => {
          const expected = each.expected[i];
          const isSame =
            value === null || expected === null
              ? value === expected
              : Math.abs(value - expected) <= relative * 200;
          assert.ok(isSame, `${text} at ${i}: ${value}, xarray has ${expected}`);
        });
      }
    });
  });

  it('takes dates, drops the dimension of one value, and knows no values outside', async () => {
    const at = (text: string) => compute(text, dataset, columns, small);
    assert.deepEqual(plain(await at('interpolate(t, time="2026-01-01T03:00")[level=1]')), [6, 7, 8]);
    assert.deepEqual((await at('interpolate(t, time=3, level=[1, 4])')).shape, [2, 3]);
    assert.deepEqual(plain(await at('interpolate(t, time=[3, 9])[level=#0, x=#0]')), [6, null]);
    const { result } = await planText('interpolate(t, time=3)', dataset);
    assert.deepEqual([result!.name, result!.units, result!.dimensions], ['t', 'K', ['level', 'x']]);
    assert.equal(result!.coordinates.find(({ name }) => name === 'time')?.dimensions.length, 0);
  });

  it('finds the values at heights that another array has', async () => {
    const text = 'interpolate(t, level=[3, 10, 40], onto=p)';
    const result = await compute(text, dataset, columns, small);
    assert.deepEqual(result.shape, [2, 3, 3]);
    const [no] = [null];
    const first = [1.5, 1.5, no, 5, 5, 5, no, no, no];
    assert.deepEqual(plain(result), [...first, no, no, no, no, no, no, 20, 20, 20]);
    assert.deepEqual(plain(await compute(`${text}[time=6, x=#1]`, dataset, columns, small)), [no, no, 20]);
    assert.deepEqual(plain(await compute(`${text}[level=10, time=0]`, dataset, columns, small)), [5, 5, 5]);
    const { dimensions, coordinates: made } = (await planText(text, dataset)).result!;
    assert.deepEqual(dimensions, ['time', 'level', 'x']);
    const { name, standardName, units } = made.find((each) => each.dimensions.join() === 'level')!;
    assert.deepEqual([name, standardName, units], ['p', 'air_pressure', 'Pa']);
    const broadcast = 'interpolate(t, level=[10], onto=p[time=#0, x=#0])';
    assert.deepEqual(plain(await compute(broadcast, dataset, columns, small)), [5, 6, 7, 17, 18, 19]);
  });

  it('says what does not fit', async () => {
    await refused('interpolate(t)', /lacks a dimension; expected its name with values/);
    await refused('interpolate(t, x=[1])', /along "x": the dimension has no coordinate/);
    await refused('interpolate(t, level=[1], Z=[2])', /interpolated twice/);
    await refused('interpolate(t, level=[])', /"level" has no values/);
    await refused('interpolate(t, level=[0, 1], method=log)', /not above 0/);
    await refused('interpolate(t, levle=[1])', /"levle" is no dimension or coordinate of "t"/);
    await refused('interpolate(t, level=[1], time=[1], onto=p)', /takes one dimension/);
    await refused(
      'interpolate(t[time=#0], level=[1], onto=p)',
      /has time=2, level=4, x=3; expected "level" and none/,
    );
  });
});
