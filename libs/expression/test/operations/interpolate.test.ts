import assert from 'node:assert/strict';
import { regularRuns } from '@hyperslab/array';
import { isHyperslabError } from '@hyperslab/errors';
import { hasPython, skip, withRandomSeed } from '@hyperslab/testing';
import { compute, planText } from '../run-plan.ts';
import { numbers, type SampleVariable, sampleDataset } from '../sample-dataset.ts';
import { assertNear, axis, datasetOf, interpolationCases } from './interpolation-cases.ts';
import { plainValues } from './plain-values.ts';

const small = { targetBlockBytes: 400, tileBytes: 100 };

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
      for (const each of interpolationCases(seed)) {
        const { dataset, variables } = datasetOf(each);
        const options = [`level=[${each.levels}]`, each.latitudes && `latitude=[${each.latitudes}]`];
        const text = `interpolate(t, ${[...options, `method=${each.method}`].filter(Boolean).join(', ')})`;
        const result = await compute(text, dataset, variables, small);
        const type = each.method === 'nearest' || each.dtype !== 'int32' ? each.dtype : 'float64';
        assert.equal(result.dtype, type);
        assertNear(result, each.expected, each, text);
      }
    });
  });

  it('takes dates, drops the dimension of one value, and knows no values outside', async () => {
    const at = (text: string) => compute(text, dataset, columns, small);
    assert.deepEqual(plainValues(await at('interpolate(t, time="2026-01-01T03:00")[level=1]')), [6, 7, 8]);
    assert.deepEqual((await at('interpolate(t, time=3, level=[1, 4])')).shape, [2, 3]);
    assert.deepEqual(plainValues(await at('interpolate(t, time=[3, 9])[level=#0, x=#0]')), [6, null]);
    const { result } = await planText('interpolate(t, time=3)', dataset);
    assert.deepEqual([result!.name, result!.units, result!.dimensions], ['t', 'K', ['level', 'x']]);
    assert.equal(result!.coordinates.find(({ name }) => name === 'time')?.dimensions.length, 0);
  });

  it('is linear between times, however far from their reference they are', async () => {
    for (const [units, times, target, part] of [
      ['seconds since 1970-01-01', [1_763_000_000, 1_763_000_300], 1_763_000_075, 0.25],
      ['hours since 1900-01-01', [1_108_392, 1_108_393], 1_108_392.05, 0.05],
      ['days since 0001-01-01', [739_000, 739_000.125], 739_000.0625, 0.5],
    ] as const) {
      const variables: SampleVariable[] = [
        { name: 't', dimensions: ['time'], array: numbers('float64', [2], [10, 20]) },
        axis('time', [...times], { units, standard_name: 'time' }),
      ];
      const series = sampleDataset(variables, {
        t: [{ variable: 'time', dimensions: ['time'], axis: 'T' }],
      });
      for (const text of [`interpolate(t, time=${target})`, `points(t, time=[${target}])`]) {
        const { values } = await compute(text, series, variables);
        assert.ok(Math.abs(Number(values[0]) - (10 + 10 * part)) < 1e-6, `${text}, ${units}: ${values[0]}`);
      }
    }
  });

  it('finds the values at heights that another array has', async () => {
    const text = 'interpolate(t, level=[3, 10, 40], onto=p)';
    const result = await compute(text, dataset, columns, small);
    assert.deepEqual(result.shape, [2, 3, 3]);
    const [no] = [null];
    const first = [1.5, 1.5, no, 5, 5, 5, no, no, no];
    assert.deepEqual(plainValues(result), [...first, no, no, no, no, no, no, 20, 20, 20]);
    assert.deepEqual(plainValues(await compute(`${text}[time=6, x=#1]`, dataset, columns, small)), [
      no,
      no,
      20,
    ]);
    assert.deepEqual(
      plainValues(await compute(`${text}[level=10, time=0]`, dataset, columns, small)),
      [5, 5, 5],
    );
    const { dimensions, coordinates: made } = (await planText(text, dataset)).result!;
    assert.deepEqual(dimensions, ['time', 'level', 'x']);
    const { name, standardName, units } = made.find((each) => each.dimensions.join() === 'level')!;
    assert.deepEqual([name, standardName, units], ['p', 'air_pressure', 'Pa']);
    const broadcast = 'interpolate(t, level=[10], onto=p[time=#0, x=#0])';
    assert.deepEqual(plainValues(await compute(broadcast, dataset, columns, small)), [5, 6, 7, 17, 18, 19]);
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
