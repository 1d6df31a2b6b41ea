import assert from 'node:assert/strict';
import { decodeArray, type MaskedArray, regularRuns } from '@hyperslab/array';
import { formatTime, parseTimeUnits } from '@hyperslab/cube';
import type { CoordinateValues, Plan } from '@hyperslab/proto/expression';
import { compute, planText } from '../run-plan.ts';
import { numbers, type SampleVariable, sampleDataset } from '../sample-dataset.ts';

const units = 'hours since 2025-11-15';
const length = 150;
/** Every 18 hours, from 15 November 2025 to 6 March 2026. */
const hours = Array.from({ length }, (_, i) => 18 * i);
const variables: SampleVariable[] = [
  {
    name: 't',
    dimensions: ['time', 'station'],
    array: numbers('float64', [length, 3], Array(3 * length).keys()),
    chunks: [regularRuns(length, 10), regularRuns(3, 3)],
    attributes: { units: 'K', standard_name: 'air_temperature' },
  },
  {
    name: 'time',
    dimensions: ['time'],
    array: numbers('float64', [length], hours),
    attributes: { units, calendar: 'standard', standard_name: 'time' },
  },
  { name: 'period', dimensions: ['time'], array: numbers('float64', [length], hours) },
  { name: 'station', dimensions: ['station'], array: numbers('float64', [3], [10, 20, 40]) },
  {
    name: 'region',
    dimensions: ['station'],
    array: { dtype: 'string', shape: [3], values: ['north', 'south', 'north'] },
  },
  {
    name: 'height',
    dimensions: ['station'],
    array: { ...numbers('float64', [3], [5, 7, 5]), mask: Uint8Array.of(0, 1, 0) },
  },
];
const dataset = sampleDataset(variables, {
  t: [
    { variable: 'time', dimensions: ['time'], axis: 'T' },
    { variable: 'station', dimensions: ['station'] },
    { variable: 'period', dimensions: ['time'], auxiliary: true },
    { variable: 'region', dimensions: ['station'], auxiliary: true },
    { variable: 'height', dimensions: ['station'], auxiliary: true },
  ],
});

function arrayOf(values: CoordinateValues | undefined): MaskedArray {
  assert.ok(values?.where?.$case === 'inlineValues');
  return decodeArray(values.where.value);
}

function coordinateOf({ result }: Plan, name: string) {
  const coordinate = result!.coordinates.find((each) => each.name === name);
  return coordinate === undefined
    ? undefined
    : {
        ...coordinate,
        values: [...arrayOf(coordinate.values).values],
        bounds: coordinate.bounds && [...arrayOf(coordinate.bounds).values],
      };
}

describe('fields in groups', () => {
  it('have the stretches of time that they were resampled to as bounds', async () => {
    const plan = await planText('resample(t, mean, time=1M)', dataset);
    const { values, bounds, axis, calendar } = coordinateOf(plan, 'time')!;
    const dates = (list: unknown[]) =>
      list.map((value) => formatTime(Number(value), parseTimeUnits(units)!).slice(0, 10));
    const months = ['2025-11-01', '2025-12-01', '2026-01-01', '2026-02-01', '2026-03-01'];
    assert.deepEqual(dates(values), months);
    assert.deepEqual(dates(bounds!), [...months.flatMap((each) => [each, each]).slice(1), '2026-04-01']);
    assert.deepEqual([axis, calendar], ['T', 'standard']);
    assert.deepEqual(
      plan.result!.attributes.map(({ name, strings }) => [name, strings[0]]),
      [
        ['standard_name', 'air_temperature'],
        ['cell_methods', 'time: mean'],
      ],
    );
  });

  it('have no coordinate where there is none of a stretch', async () => {
    const plan = await planText('resample(t[time=#:#2], mean, time=6h)', dataset);
    const { values, bounds } = coordinateOf(plan, 'period')!;
    assert.deepEqual(values, [0, Number.NaN, Number.NaN, 18]);
    assert.deepEqual(bounds, [0, 0, Number.NaN, Number.NaN, Number.NaN, Number.NaN, 18, 18]);
  });

  it('have the mean of neighbours as coordinates, and what they cover as bounds', async () => {
    const plan = await planText('coarsen(t, max, station=2, boundary=pad)', dataset);
    const { values, bounds } = coordinateOf(plan, 'station')!;
    assert.deepEqual(values, [15, 40]);
    assert.deepEqual(bounds, [10, 20, 40, 40]);
    assert.equal(coordinateOf(plan, 'region'), undefined);
    assert.deepEqual(plan.result!.shape, [length, 2]);
  });

  it('have seasons by their names, and a time that covers all', async () => {
    const plan = await planText('group(t, mean, time=season)', dataset);
    assert.deepEqual(plan.result!.dimensions, ['season', 'station']);
    assert.deepEqual(coordinateOf(plan, 'season')!.values, ['DJF', 'MAM', 'SON']);
    assert.deepEqual(coordinateOf(plan, 'time')!.bounds, [0, 18 * (length - 1)]);
    const one = await compute('group(t, mean, time=season)[season=SON]', dataset, variables);
    const november = hours.filter((hour) => hour < 16 * 24).length;
    assert.deepEqual(
      [...one.values],
      [0, 1, 2].map((each) => (3 * (november - 1)) / 2 + each),
    );
  });

  it('are by values of a coordinate, where it has some', async () => {
    const byRegion = await planText('group(t, sum, station=region)', dataset);
    assert.deepEqual(coordinateOf(byRegion, 'region')!.values, ['north', 'south']);
    const sums = await compute('group(t, sum, station=region)[time=#1]', dataset, variables);
    assert.deepEqual([...sums.values], [8, 4]);
    const byHeight = await compute('group(t, sum, station=height)[time=#1]', dataset, variables);
    assert.deepEqual([...byHeight.values], [8]);
  });

  it('are put together before they are reduced when all would be too much at once', async () => {
    const big: SampleVariable[] = [
      {
        ...variables[0],
        dimensions: ['time', 'x'],
        array: { dtype: 'float32', shape: [length, 2 ** 20], values: new Float32Array(0) },
        chunks: [regularRuns(length, 1), regularRuns(2 ** 20, 2 ** 20)],
      },
      variables[1],
    ];
    const cubes = { t: [{ variable: 'time', dimensions: ['time'] }] };
    const together = await planText('group(t, mean, time=hour)', sampleDataset(big, cubes));
    const kinds = (plan: Plan) => plan.nodes.map(({ kind }) => kind?.$case);
    assert.deepEqual(kinds(together), ['read', 'operation', 'reduce']);
    assert.deepEqual(kinds(await planText('group(t, mean, time=hour)', dataset)), ['read', 'reduce']);
    assert.deepEqual(together.result!.shape, [4, 2 ** 20]);
    const { groupings } = together.nodes[2].kind!.value as { groupings: { members: number[] }[] };
    assert.deepEqual(groupings[0].members, [0, 1, 2, 3]);
  });

  it('are no more blocks than a plan holds', async () => {
    const many = 1_000_001;
    const chunks = [regularRuns(many, many)];
    const x: SampleVariable = {
      name: 'x',
      dimensions: ['n'],
      array: numbers('int32', [many], Array(many).keys()),
      chunks,
    };
    await assert.rejects(
      planText('coarsen(x, mean, n=1)', sampleDataset([x])),
      /"n" has 1000001, in 1000001 blocks of 1/,
    );
    const { result } = await planText('coarsen(x, mean, n=2, boundary=pad)', sampleDataset([x]));
    assert.deepEqual(result!.shape, [500_001]);
  });

  it('refuse what there are no groups of', async () => {
    for (const [text, message] of [
      [
        'coarsen(t, mean, station=2)',
        /"station" has 3, which is no multiple of 2; boundary=trim leaves the last 1 out/,
      ],
      ['coarsen(t, mean, station=4, boundary=trim)', /"station" has 3, not one block of 4/],
      ['coarsen(t, mean, station=0)', /expected at least 1/],
      ['coarsen(t, mean)', /expected how many neighbours of which dimension/],
      ['coarsen(t, mean, T=2, time=2)', /dimension "time" is named twice/],
      ['coarsen(t, diff, station=3)', /"diff" does not reduce groups; expected one of mean sum/],
      [
        'coarsen(t, men, station=3)',
        /"reduction" of "coarsen": expected the name of a reduction, found "men"/,
      ],
      ['resample(t, mean, time=1X)', /"1X" is no stretch of time; expected one as 6h/],
      ['resample(t, mean, station=1D)', /"station" has no times/],
      ['resample(t, mean, time="1s")', /more than 1000000 stretches/],
      [
        'group(t, mean, time=moth)',
        /"moth" is no part of times and no coordinate along "time"; did you mean month\?/,
      ],
      ['group(t, mean, station=month)', /"station" has no times/],
      ['group(t, mean)', /expected one dimension, as time=month, found 0/],
      ['group(t, mean, time=station)', /would be along "station"/],
      ['anomaly(t, station=height)', /index 1 along "station" is in no group/],
    ] as const)
      await assert.rejects(planText(text, dataset), message, text);
  });
});
