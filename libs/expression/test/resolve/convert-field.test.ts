import assert from 'node:assert/strict';
import { regularRuns } from '@hyperslab/array';
import { isHyperslabError } from '@hyperslab/errors';
import { compute, planText } from '../run-plan.ts';
import { numbers, type SampleVariable, sampleDataset } from '../sample-dataset.ts';

const parameter = (
  name: string,
  dtype: 'float64' | 'float32' | 'int32',
  attributes: Record<string, string>,
): SampleVariable => ({
  name,
  dimensions: ['x'],
  array: numbers(dtype, [4], [250, 273, 300, 310]),
  chunks: [regularRuns(4, 3)],
  attributes,
});
const variables = [
  parameter('t', 'float64', { units: 'K', standard_name: 'air_temperature', long_name: 'Temperature' }),
  parameter('single', 'float32', { units: 'K' }),
  parameter('whole', 'int32', { units: 'hPa' }),
  parameter('wind', 'float64', { units: 'm s-1' }),
  parameter('anomaly', 'float64', { units: 'K', standard_name: 'air_temperature_anomaly' }),
  parameter('deviation', 'float64', { units: 'K', cell_methods: 'time: standard_deviation' }),
  parameter('bare', 'float64', {}),
  parameter('dbz', 'float64', { units: 'dBZ' }),
];
const dataset = sampleDataset(variables, Object.fromEntries(variables.map(({ name }) => [name, []])));
const values = async (text: string) => [
  ...((await compute(text, dataset, variables)).values as Float64Array),
];
const close = (found: number[], expected: number[], within = 1e-12) => {
  assert.equal(found.length, expected.length);
  for (const [i, value] of expected.entries())
    assert.ok(
      Math.abs(found[i] - value) <= within * Math.max(1, Math.abs(value)),
      `${found} is not ${expected}`,
    );
};
const refused = (text: string, message: RegExp) =>
  assert.rejects(planText(text, dataset), (error) => {
    assert.ok(isHyperslabError(error, 'EXPRESSION_INVALID'), String(error));
    assert.match(error.message, message);
    return true;
  });

describe('convert', () => {
  it('gives values in other units, and keeps what they are', async () => {
    close(await values('convert(t, "degC")'), [-23.15, -0.15, 26.85, 36.85]);
    close(await values('convert(t, "degF")'), [-9.67, 31.73, 80.33, 98.33]);
    close(await values('convert(wind, "km/h")'), [900, 982.8, 1080, 1116]);
    const { result } = await planText('convert(t, "degC")', dataset);
    assert.equal(result?.name, 't');
    assert.equal(result?.units, 'degC');
    assert.equal(result?.dtype, 'float64');
    assert.deepEqual(result?.attributes.map(({ name }) => name).sort(), ['long_name', 'standard_name']);
  });

  it('keeps floating types, and makes integers float64', async () => {
    close(await values('convert(single, "degC")'), [-23.15, -0.15, 26.85, 36.85], 1e-5);
    assert.equal((await planText('convert(single, "degC")', dataset)).result?.dtype, 'float32');
    close(await values('convert(whole, "Pa")'), [25000, 27300, 30000, 31000]);
    assert.equal((await planText('convert(whole, "Pa")', dataset)).result?.dtype, 'float64');
    assert.equal((await planText('convert(whole, "mbar")', dataset)).result?.dtype, 'int32');
  });

  it('may be used within expressions and after selections, choices and means', async () => {
    close(await values('mean(convert(t, "degC"))'), [10.1]);
    close(await values('convert(mean(t), "degC")'), [10.1]);
    close(await values('convert(convert(t, "degF")[x=#2], "K")'), [300]);
    close(
      await values('convert(where(t > 280, t, minimum(t, single)), "degC")'),
      [-23.15, -0.15, 26.85, 36.85],
    );
    close(
      await values('convert(fill_missing(where(t > 280, t), minimum(t, single)), "degC")'),
      [-23.15, -0.15, 26.85, 36.85],
    );
  });

  it('refuses another zero for what may be a difference; scales it otherwise', async () => {
    for (const text of [
      't - 273.15',
      't - mean(t)',
      'std(t)',
      'sum(t)',
      '2 * t',
      'anomaly',
      'deviation',
      'where(t > 280, t, 0)',
    ])
      await refused(`convert(${text}, "degC")`, /may be a difference or an anomaly/);
    close(await values('convert(anomaly, "mK")'), [250e3, 273e3, 300e3, 310e3]);
    close(await values('convert(std(t), "degR")'), [
      1.8 * Math.sqrt((33.25 ** 2 + 10.25 ** 2 + 16.75 ** 2 + 26.75 ** 2) / 4),
    ]);
  });

  it('names both units where it can do nothing', async () => {
    await refused('convert(t, "m")', /"t" is in "K", which can't be "m"/);
    await refused('convert(dbz, "m")', /"dbz" is in "dBZ", which can't be "m"/);
    await refused('convert(t, "smoots")', /"smoots" is no unit that is known/);
    await refused('convert(bare, "m")', /the units of "bare" are not known/);
    await refused('convert(t, degC)', /units in quotes/);
    await refused('convert(t)', /"," and units/);
  });
});
