import assert from 'node:assert/strict';
import { decodeArray, type MaskedArray, regularRuns } from '@hyperslab/array';
import { isHyperslabError } from '@hyperslab/errors';
import type { CoordinateValues, ResultCoordinate } from '@hyperslab/proto/expression';
import { compute, planText } from '../run-plan.ts';
import { numbers, type SampleVariable, sampleDataset } from '../sample-dataset.ts';

const variables: SampleVariable[] = [
  {
    name: 't',
    dimensions: ['time', 'lat'],
    array: numbers('float32', [3, 2], [1, 5, 2, Number.NaN, 6, 3]),
    chunks: [regularRuns(3, 1), regularRuns(2, 2)],
    attributes: { units: 'degC', standard_name: 'air_temperature' },
  },
  {
    name: 'time',
    dimensions: ['time'],
    array: numbers('int32', [3], [0, 6, 12]),
    attributes: { units: 'hours since 2000-01-01', calendar: '360_day', standard_name: 'time' },
  },
  {
    name: 'lat',
    dimensions: ['lat'],
    array: numbers('float64', [2], [50, 60]),
    attributes: { units: 'degrees_north' },
  },
  {
    name: 'q',
    dimensions: ['lat', 'time'],
    array: numbers('float64', [2, 3], [1, 2, 3, 4, 5, 7]),
    attributes: { units: 'kg' },
  },
  { name: 'w', dimensions: ['level'], array: numbers('float64', [2], [1, 3]) },
];
const coordinates = [
  { variable: 'time', dimensions: ['time'] },
  { variable: 'lat', dimensions: ['lat'] },
];
const dataset = sampleDataset(variables, { t: coordinates, q: coordinates });
const plan = async (text: string) => (await planText(text, dataset)).result!;
const values = async (text: string) => (await compute(text, dataset, variables)).values;

function attributes(result: Awaited<ReturnType<typeof plan>>): Record<string, string> {
  return Object.fromEntries(result.attributes.map(({ name, strings }) => [name, strings[0]]));
}

function coordinate(
  list: readonly ResultCoordinate[],
  name: string,
): ResultCoordinate & { array: MaskedArray } {
  const found = list.find((each) => each.name === name)!;
  return { ...found, array: inline(found.values) };
}

function inline(values: CoordinateValues | undefined): MaskedArray {
  assert.equal(values?.where?.$case, 'inlineValues');
  return decodeArray(values.where.value);
}

describe('the meaning of reductions', () => {
  it('keeps units and names where values stay values of the quantity', async () => {
    for (const text of ['median(t, time)', 'first(t, time)', 'last(t, time)', 'percentile(t, 90, time)']) {
      const result = await plan(text);
      assert.equal(result.units, 'degC', text);
      assert.equal(attributes(result).standard_name, 'air_temperature', text);
      assert.equal((await plan(`convert(${text}, "K")`)).units, 'K');
    }
    assert.equal(attributes(await plan('median(t, time)')).cell_methods, 'time: median');
  });

  it('is a number without units for places, truth, counts and correlations', async () => {
    const texts = [
      'argmax(t, time)',
      'any(t, time)',
      'all(t, time)',
      'histogram(t, [0, 9], time)',
      'correlation(t, q, time)',
    ];
    for (const text of texts) {
      const result = await plan(text);
      assert.equal(result.units, '1', text);
      assert.deepEqual(result.attributes, [], text);
    }
  });

  it('has percentiles as a coordinate, of a dimension for a list', async () => {
    const one = await plan('percentile(t, 90, time)');
    const scalar = coordinate(one.coordinates, 'percentile');
    assert.deepEqual([scalar.dimensions, scalar.units, scalar.array.values], [[], '%', Float64Array.of(90)]);
    const two = await plan('percentile(percentile(t, [10, 90], time), [50], lat)');
    assert.deepEqual(
      [two.dimensions, two.shape],
      [
        ['percentile', 'percentile__2'],
        [2, 1],
      ],
    );
  });

  it('has bins with bounds and the units of the array', async () => {
    const { dimensions, shape, coordinates } = await plan('histogram(t, [0, 2, 6], time)');
    assert.deepEqual(
      [dimensions, shape],
      [
        ['lat', 't_bin'],
        [2, 2],
      ],
    );
    const bins = coordinate(coordinates, 't_bin');
    assert.deepEqual(
      [bins.units, bins.standardName, bins.array.values],
      ['degC', 'air_temperature', Float64Array.of(1, 4)],
    );
    const bounds = inline(bins.bounds);
    assert.deepEqual([bounds.shape, bounds.values], [[2, 2], Float64Array.of(0, 2, 2, 6)]);
    assert.deepEqual(await values('histogram(t, [0, 2, 6], time)'), BigInt64Array.of(1n, 2n, 0n, 2n));
    assert.deepEqual(await values('histogram(t, [0, 2, 6], time)[t_bin=#1, lat=60]'), BigInt64Array.of(2n));
  });

  it('has the slope in units for one of the coordinate, and the time of an extreme in its calendar', async () => {
    const slope = await plan('trend(t, time)');
    assert.equal(slope.units, 'degC h-1');
    assert.equal((await plan('trend(t, time, output=intercept)')).units, 'degC');
    const when = await plan('idxmax(t, time)');
    assert.equal(when.units, 'hours since 2000-01-01');
    assert.deepEqual(attributes(when), { standard_name: 'time', calendar: '360_day' });
    assert.deepEqual(await values('idxmax(t, time)'), Int32Array.of(12, 0));
    assert.deepEqual(await values('idxmin(t, lat)'), Float64Array.of(50, 50, 60));
  });

  it('reduces pairs by name of dimension, whichever lacks some', async () => {
    assert.equal((await plan('covariance(t, q, time)')).units, 'degC kg');
    const over = await values('covariance(q, t, time)');
    assert.ok(Math.abs((over[0] as number) - 5 / 3) < 1e-12);
    assert.equal(over[1], -1.5);
    // Each value of t comes with each of w.
    const outer = await compute('covariance(t, w, time, level)', dataset, variables);
    assert.deepEqual(outer.shape, [2]);
    assert.ok(outer.values.every((value) => Math.abs(Number(value)) < 1e-12));
  });

  it('refuses pairs of which one has more than the other along a dimension, even if that has no coordinate', async () => {
    for (const text of ['covariance(w, w[level=#0:#1], level)', 'correlation(w[level=#0:#1], w, level)'])
      await assert.rejects(
        plan(text),
        (error) =>
          isHyperslabError(error, 'EXPRESSION_INVALID') && /along dimension "level"/.test(error.message),
        text,
      );
  });

  it('is the first and last of windows of several dimensions, however they are cut', async () => {
    const cube: SampleVariable = {
      name: 'x',
      dimensions: ['a', 'b'],
      array: numbers(
        'float64',
        [4, 4],
        [Number.NaN, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, Number.NaN],
      ),
      chunks: [regularRuns(4, 3), regularRuns(4, 1)],
    };
    for (const options of [{}, { targetBlockBytes: 64, tileBytes: 32 }]) {
      const take = async (text: string) =>
        (await compute(text, sampleDataset([cube]), [cube], options)).values;
      assert.deepEqual(await take('coarsen(x, first, a=2, b=2)'), Float64Array.of(1, 2, 8, 10));
      assert.deepEqual(await take('coarsen(x, last, a=2, b=2)'), Float64Array.of(5, 7, 13, 14));
    }
  });

  it('is refused with what would do', async () => {
    const refused: Record<string, RegExp> = {
      'percentile(t, 101, time)': /percentile 101: expected a number from 0 to 100/,
      'percentile(t, [], time)': /"percentile" has 0 percentiles; expected 1 to 1000/,
      'percentile(t, 50, time, method=exakt)':
        /"method" of "percentile": expected exact or tdigest, found "exakt"/,
      'histogram(t, [3, 2], time)': /edges of "histogram": expected 2 to 10000 ascending numbers/,
      'histogram(t, [cold, warm], time)': /edges of "histogram"/,
      'std(t, time, ddof=-1)': /ddof=-1 of "std": expected a whole number from 0/,
      'trend(w, level)': /dimension "level" has no coordinate, whose values "trend" takes/,
      'idxmax(t)': /"idxmax" lacks "dimension"; expected idxmax\(x, dimension\)/,
    };
    for (const [text, message] of Object.entries(refused))
      await assert.rejects(planText(text, dataset), message, text);
  });

  it('is refused where all values of a cell would be held and are too many, but for digests of them', async () => {
    const large = sampleDataset([
      {
        name: 'x',
        dimensions: ['a', 'b'],
        array: { dtype: 'float32', shape: [0, 0], values: new Float32Array(0) },
        chunks: [regularRuns(2 ** 16, 2 ** 8), regularRuns(2 ** 10, 2 ** 10)],
      },
    ]);
    Object.assign(large.variables[0], { shape: [2 ** 16, 2 ** 10] });
    await assert.rejects(
      planText('median(x)', large),
      /"median" would hold 67108864 values .* method=tdigest/,
    );
    await planText('percentile(x, 50, method=tdigest)', large);
    for (const reduction of ['median', 'percentile, percentile=50'])
      await assert.rejects(
        planText(`coarsen(x, ${reduction}, a=65536, b=1024)`, large),
        /would hold 67108864 values .* method=tdigest/,
      );
    await planText('coarsen(x, percentile, percentile=50, method=tdigest, a=65536, b=1024)', large);
    await planText('coarsen(x, median, a=65536, b=4)', large);
    const { stages } = await planText('median(x, a)', large);
    // Chunks lie across the blocks of few cells: they are exchanged.
    assert.equal(stages.length, 2);
    assert.ok(stages[1].tasks >= 8, `${stages[1].tasks} tasks`);
    // A thousand results of each of 65,536 cells are 500 MB.
    const many = Array.from({ length: 1000 }, (_, i) => i / 10).join(', ');
    const wide = await planText(`percentile(x[b=#0:#2], [${many}], b)`, large);
    assert.equal(wide.stages.length, 1);
    assert.ok(wide.stages[0].tasks >= 8, `${wide.stages[0].tasks} tasks`);
  });
});
