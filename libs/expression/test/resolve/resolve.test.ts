import assert from 'node:assert/strict';
import { decodeArray, type MaskedArray, regularRuns } from '@hyperslab/array';
import { isHyperslabError, type Reason } from '@hyperslab/errors';
import type { ResultDescription } from '@hyperslab/proto/expression';
import { parseExpression, resolve } from '../../src/index.ts';
import { compute, planText } from '../run-plan.ts';
import { numbers, type SampleVariable, sampleDataset } from '../sample-dataset.ts';
import { axes, dataset, longitudes, variables } from './gridded-sample.ts';

const describe_ = async (text: string): Promise<ResultDescription> => (await planText(text, dataset)).result!;
const valuesOf = async (text: string): Promise<number[]> =>
  Array.from(
    (await compute(text, dataset, variables, { targetBlockBytes: 300, tileBytes: 100 }))
      .values as Float64Array,
  );
const coordinate = (
  result: ResultDescription,
  name: string,
  which: 'values' | 'bounds' = 'values',
): number[] | undefined => {
  const where = result.coordinates.find((each) => each.name === name)?.[which]?.where;
  return where?.$case === 'inlineValues'
    ? Array.from(decodeArray(where.value).values as Float64Array)
    : undefined;
};
const fails = async (text: string, reason: Reason, message: RegExp): Promise<void> => {
  await assert.rejects(planText(text, dataset), (error) => {
    assert.ok(isHyperslabError(error, reason), String(error));
    assert.match(error.message, message);
    return true;
  });
};
const cell = (time: number, latitude: number, longitude: number) => time * 48 + latitude * 12 + longitude;

describe('resolve', () => {
  it('selects by value, which drops the dimension, and by range on a descending axis', async () => {
    assert.deepEqual(await valuesOf('t[latitude=50, longitude=90, time=#0]'), [cell(0, 1, 3)]);
    assert.deepEqual(await valuesOf('t[latitude=35:50, longitude=90, time=#0]'), [
      cell(0, 1, 3),
      cell(0, 2, 3),
    ]);
    assert.deepEqual(await valuesOf('t[latitude=50:35, longitude=90, time=#0]'), [
      cell(0, 1, 3),
      cell(0, 2, 3),
    ]);
    const result = await describe_('t[latitude=40:, time=#1:#5:#2]');
    assert.deepEqual(
      [result.name, result.dimensions, result.shape],
      ['t', ['time', 'latitude', 'longitude'], [2, 3, 12]],
    );
    assert.deepEqual(coordinate(result, 'time'), [6, 18]);
    assert.deepEqual(coordinate(result, 'latitude', 'bounds'), [65, 55, 55, 45, 45, 35]);
  });

  it('accepts standard names and axes for coordinates', async () => {
    assert.deepEqual(await valuesOf('air_temperature[Y=30, X=0, T=#0]'), [cell(0, 3, 0)]);
    assert.deepEqual(await valuesOf('air_temperature[Y=30.00001, X=0, time=#0]'), [cell(0, 3, 0)]);
    await fails('t[Y=30.1]', 'EXPRESSION_INVALID', /nearest are 50, 40, 30/);
  });

  it("reads dates in the coordinate's calendar, and a bare end date with its day", async () => {
    // 360_day: 30 February exists, and the day after is 1 March.
    assert.deepEqual(await valuesOf('t[time=2026-02-29, latitude=#0, longitude=#0]'), [cell(4, 0, 0)]);
    const day = await describe_('t[time=2026-02-28:2026-02-28]');
    assert.deepEqual(coordinate(day, 'time'), [0, 6, 12, 18]);
    const clock = await describe_('t[time="2026-02-28T06:00":"2026-02-28T12:00"]');
    assert.deepEqual(coordinate(clock, 'time'), [6, 12]);
    assert.deepEqual(coordinate(await describe_('t[time=2026-02-29:]'), 'time'), [24, 30, 36]);
    assert.deepEqual(coordinate(await describe_('t[time=12:30]'), 'time'), [12, 18, 24, 30]);
    await fails('t[time=2026-02-31]', 'EXPRESSION_INVALID', /date of the calendar 360_day/);
    await fails('t[time=2026-02-28T01]', 'EXPRESSION_INVALID', /nearest are 2026-02-28T00:00:00/);
  });

  it('wraps longitudes across the seam, and keeps the axis going', async () => {
    const text = 't[longitude=-30:30, latitude=#0, time=#0]';
    assert.deepEqual(await valuesOf(text), [cell(0, 0, 11), cell(0, 0, 0), cell(0, 0, 1)]);
    const result = await describe_(text);
    assert.deepEqual(coordinate(result, 'longitude'), [-30, 0, 30]);
    assert.deepEqual(await valuesOf('t[longitude=330:30, latitude=#0, time=#0]'), [
      cell(0, 0, 11),
      cell(0, 0, 0),
      cell(0, 0, 1),
    ]);
    assert.deepEqual(await valuesOf('t[longitude=-30, latitude=#0, time=#0]'), [cell(0, 0, 11)]);
    assert.deepEqual((await describe_('t[longitude=-180:180]')).shape, [7, 4, 12]);
    assert.deepEqual((await describe_('t[longitude=0:360]')).shape, [7, 4, 12]);
    assert.deepEqual(coordinate(await describe_('t[longitude=-90:-60]'), 'longitude'), [-90, -60]);
    // A join is selected from, reduced and computed with like any other.
    assert.deepEqual(await valuesOf(`(t[longitude=-30:30] * 2)[longitude=#1:, latitude=#0, time=#0]`), [
      cell(0, 0, 0) * 2,
      cell(0, 0, 1) * 2,
    ]);
    assert.deepEqual(await valuesOf(`t[longitude=-30:30][longitude=#0, latitude=#0, time=#0]`), [
      cell(0, 0, 11),
    ]);
    assert.deepEqual(await valuesOf(`mean(t[longitude=-30:30, latitude=#0], longitude)[time=#0]`), [4]);
    const labels = (await describe_(text)).coordinates.find((each) => each.name === 'station')?.values?.where;
    assert.ok(labels?.$case === 'inlineValues');
    assert.equal(Buffer.from(labels.value.data).toString().replaceAll('\0', ''), 'LAB');
  });

  it('wraps longitudes of integer types, which could not hold them', async () => {
    const stored: MaskedArray[] = [
      { dtype: 'uint16', shape: [12], values: Uint16Array.from(longitudes) },
      { dtype: 'int64', shape: [12], values: BigInt64Array.from(longitudes, BigInt) },
    ];
    for (const array of stored) {
      const others = variables.map((each) => (each.name === 'longitude' ? { ...each, array } : each));
      const whole = sampleDataset(others, { t: axes });
      const result = (await planText('t[longitude=-90:30]', whole)).result!;
      assert.deepEqual(coordinate(result, 'longitude'), [-90, -60, -30, 0, 30], array.dtype);
    }
  });

  it('selects by labels, by auxiliary coordinates and by scalar ones that match', async () => {
    assert.deepEqual(await valuesOf('t[station=C, latitude=#0, time=#0]'), [cell(0, 0, 2)]);
    assert.deepEqual(await valuesOf('q[level=2]'), [30]);
    assert.deepEqual(await valuesOf('q[names=b]'), [20]);
    assert.deepEqual(await valuesOf('unordered[m=5]'), [2]);
    assert.deepEqual(await valuesOf('t[height=2, time=#0, latitude=#0, longitude=#0]'), [0]);
    await fails('t[height=10]', 'EXPRESSION_INVALID', /nearest are 2/);
    await fails('q[level=3]', 'EXPRESSION_INVALID', /at 2 indices/);
    await fails('q[level=3:9]', 'EXPRESSION_INVALID', /no run of indices/);
    await fails('q[n=1]', 'EXPRESSION_INVALID', /no coordinate; select by index/);
    await fails('t[area=1]', 'EXPRESSION_INVALID', /has dimensions latitude, longitude/);
    await fails('t[station=Z]', 'EXPRESSION_INVALID', /is not there; it has A, B/);
  });

  it('refuses names, indices and ranges that are not there', async () => {
    await fails('t[lattitude=1]', 'EXPRESSION_INVALID', /did you mean latitude/);
    await fails('t[time=#7]', 'EXPRESSION_INVALID', /indices go from 0 to 6/);
    await fails('t[time=#5:#5]', 'EXPRESSION_INVALID', /holds no index/);
    await fails('t[time=#0:#5:#0]', 'EXPRESSION_INVALID', /step 0/);
    await fails('t[latitude=41:49]', 'EXPRESSION_INVALID', /holds no value; it goes from 60 to 30/);
    await fails('t[latitude=abc]', 'EXPRESSION_INVALID', /expected a number in degrees_north/);
    await fails('t[latitude=40, Y=#1]', 'EXPRESSION_INVALID', /both select from dimension "latitude"/);
    await fails('temperature', 'VARIABLE_NOT_FOUND', /did you mean air_temperature/);
    await fails('wind', 'EXPRESSION_INVALID', /that of u, v/);
    await fails('"nobody:t"', 'DATASET_NOT_FOUND', /"nobody" is not published/);
    await fails('names + 1', 'NOT_COMPUTABLE', /text of type string/);
    const long = 'x'.repeat(60_000);
    for (const text of [`"${long}"`, `"${long}:t"`, `t["${long}"=1]`, `mean(t, "${long}")`]) {
      await assert.rejects(planText(text, dataset), (error) => {
        assert.ok(isHyperslabError(error) && error.message.length < 300, 'a short message');
        return JSON.stringify(error.details).length < 300;
      });
    }
    await fails('mean(t, height)', 'EXPRESSION_INVALID', /no dimension to reduce over/);
  });

  it('collapses coordinates over what is reduced, with bounds and cell methods', async () => {
    const result = await describe_('mean(t, time, latitude)');
    assert.deepEqual(
      [result.name, result.units, result.dimensions],
      ['mean(t, time, latitude)', 'K', ['longitude']],
    );
    assert.deepEqual(
      result.coordinates.map((each) => each.name),
      ['longitude', 'station', 'time', 'latitude', 'height'],
    );
    assert.deepEqual([coordinate(result, 'time'), coordinate(result, 'time', 'bounds')], [[18], [0, 36]]);
    assert.deepEqual(
      [coordinate(result, 'latitude'), coordinate(result, 'latitude', 'bounds')],
      [[45], [25, 65]],
    );
    const text = (name: string) => result.attributes.find((each) => each.name === name)?.strings[0];
    assert.equal(text('cell_methods'), 'area: mean time: latitude: mean');
    assert.equal(text('standard_name'), 'air_temperature');
    assert.equal((await describe_('count(t)')).dtype, 'int64');
  });

  it('keeps attributes of a variable that still hold', async () => {
    const names = (await describe_('t')).attributes.map((each) => each.name);
    assert.deepEqual(names, ['standard_name', 'cell_methods']);
  });

  it('aligns operands by dimension name and refuses those that do not fit', async () => {
    const result = await describe_('w * t');
    assert.deepEqual(result.dimensions, ['time', 'latitude', 'longitude']);
    assert.equal((await valuesOf('(w * t)[time=#1, latitude=#2, longitude=#3]'))[0], 6 * cell(1, 2, 3));
    await fails('t - t[time=#0:#3]', 'EXPRESSION_INVALID', /7 and 3 along dimension "time"/);
    await fails(
      't[time=#0:#3] - t[time=#1:#4]',
      'EXPRESSION_INVALID',
      /different values of "time" along dimension "time"/,
    );
    await fails('w + shifted', 'EXPRESSION_INVALID', /"w" and "shifted" have different values of "latitude"/);
    const anomaly = await describe_('t - mean(t, time)');
    assert.equal(coordinate(anomaly, 'time')?.length, 7);
    const difference = await describe_('t[time=#1] - t[time=#0]');
    assert.equal(coordinate(difference, 'time'), undefined);
  });

  it('works out units, and refuses to add different ones', async () => {
    const units = async (text: string) => (await describe_(text)).units;
    assert.equal(await units('u + v'), 'm s-1');
    assert.equal(await units('sqrt(u^2 + v^2)'), 'm s-1');
    assert.equal(await units('t * u'), 'K m s-1');
    assert.equal(await units('u / v'), '1');
    assert.equal(await units('1 / u'), 'm-1 s');
    assert.equal(await units('t - 273.15'), 'K');
    assert.equal(await units('var(u)'), 'm2 s-2');
    assert.equal(await units('t > 5'), '1');
    assert.equal(await units('where(u > 5, t)'), 'K');
    assert.equal(await units('is_missing(t)'), '1');
    assert.equal(await units('fill_missing(u, v)'), 'm s-1');
    assert.equal(await units('fill_missing(t, 273.15)'), 'K');
    assert.equal(await units('fill_missing(t, w)'), '');
    assert.equal(await units('w + t'), '');
    assert.equal(await units('time - time[time=#0]'), 'hours');
    assert.equal(await units('time + (time - time[time=#0])'), 'hours since 2026-02-28');
    assert.equal(await units('time - 6'), 'hours since 2026-02-28');
    assert.equal(await units('time + time'), '');
    assert.equal(await units('6 - time'), '');
    assert.equal(await units('std(time)'), 'hours');
    assert.equal(await units('anomaly(time, time=hour)'), 'hours');
    for (const text of [
      '-time',
      'time * 2',
      'time / 2',
      'sum(time)',
      'cumsum(time, time)',
      'rolling(time, sum, time=2)',
    ])
      assert.equal(await units(text), '', text);
    assert.equal(await units('cummax(time, time)'), 'hours since 2026-02-28');
    assert.equal(await units('convert(time - time[time=#0], "days")'), 'days');
    await fails('time - t', 'EXPRESSION_INVALID', /units "hours" \(time\) and "K" \(t\)/);
    await fails('t + u', 'EXPRESSION_INVALID', /units "K" \(t\) and "m s-1" \(u\)/);
    await fails('where(t > 1, t, u)', 'EXPRESSION_INVALID', /have units/);
    await fails('fill_missing(t, u)', 'EXPRESSION_INVALID', /have units/);
    await fails('t * where(0, 1)', 'EXPRESSION_INVALID', /"where" of 0 and 1 is missing/);
    await fails('is_missing(station)', 'NOT_COMPUTABLE', /"is_missing" of text/);
    await fails('where(station, t)', 'NOT_COMPUTABLE', /"where" of text/);
    await fails('fill_missing(station, 0)', 'NOT_COMPUTABLE', /"fill_missing" of text/);
  });

  it('refuses results that no machine could number', async () => {
    const huge = (name: string, dimension: string): SampleVariable => ({
      name,
      dimensions: [dimension],
      array: { dtype: 'float32', shape: [1e9], values: new Float32Array(0) },
      chunks: [regularRuns(1e9, 1000)],
    });
    const large = sampleDataset([huge('a', 'x'), huge('b', 'y')]);
    await assert.rejects(planText('a * b', large), (error) => isHyperslabError(error, 'TOO_LARGE'));
    const started = performance.now();
    assert.deepEqual((await planText('mean(a)', large)).result?.shape, []);
    assert.ok(performance.now() - started < 1000);
  });

  it('points to large coordinates instead of carrying them, and reads them when they are searched', async () => {
    const long = 20_000;
    const values = numbers(
      'float64',
      [long],
      Array.from({ length: long }, (_, i) => i / 4),
    );
    const parts: SampleVariable[] = [
      { name: 's', dimensions: ['x'], array: values, chunks: [regularRuns(long, 100)] },
      { name: 'x', dimensions: ['x'], array: values, chunks: [regularRuns(long, 100)] },
    ];
    const set = sampleDataset(parts, { s: [{ variable: 'x', dimensions: ['x'] }] });
    const catalog = { datasets: new Map([['sample', set]]), readCoordinate: async () => values };
    const { result } = await resolve(parseExpression('s[x=100:200]'), 'sample', catalog);
    assert.deepEqual(result.shape, [401]);
    const where = result.coordinates[0].values?.where;
    assert.deepEqual(where, {
      $case: 'selection',
      value: {
        dataset: 'sample@1',
        variable: 'x',
        ranges: [{ start: 400, count: 401, step: 1 }],
        droppedDimensions: [],
      },
    });
    await assert.rejects(planText('s[x=100]', set), /not at hand; select by index/);
  });

  it('computes texts and constants as they are', async () => {
    assert.deepEqual((await compute('names[n=#1:#3]', dataset, variables)).values, ['b', 'c']);
    assert.deepEqual((await compute('names[n=#[2, 0]]', dataset, variables)).values, ['c', 'a']);
    assert.deepEqual(await valuesOf('2 ^ 3 + 1'), [9n]);
    assert.deepEqual(await valuesOf('2 ^ 3 + 1.0'), [9]);
  });

  it('types integers with literals as numpy 2, and refuses one that does not fit', async () => {
    const bytes: SampleVariable = {
      name: 'u1',
      dimensions: ['n'],
      array: { dtype: 'uint8', shape: [3], values: Uint8Array.of(1, 200, 254) },
      chunks: [regularRuns(3, 2)],
    };
    const set = sampleDataset([bytes]);
    const computed = (text: string) => compute(text, set, [bytes]);
    assert.deepEqual((await computed('u1*2.0')).values, Float64Array.of(2, 400, 508));
    assert.deepEqual((await computed('u1*1e6')).values, Float64Array.of(1e6, 200e6, 254e6));
    assert.deepEqual((await computed('u1*2')).values, Uint8Array.of(2, 144, 252));
    assert.deepEqual((await computed('u1 < 300')).values, Int8Array.of(1, 1, 1));
    await assert.rejects(planText('u1 + 300', set), (error) => {
      assert.ok(isHyperslabError(error, 'EXPRESSION_INVALID'));
      assert.match(error.message, /300 does not fit uint8.*write 300\.0/);
      return true;
    });
  });
});
