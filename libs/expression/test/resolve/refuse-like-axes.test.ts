import assert from 'node:assert/strict';
import { isHyperslabError } from '@hyperslab/errors';
import { planText } from '../run-plan.ts';
import { numbers, type SampleVariable, sampleDataset } from '../sample-dataset.ts';

const along = (name: string, ...dimensions: string[]): SampleVariable => ({
  name,
  dimensions,
  array: numbers(
    'float64',
    dimensions.map(() => 2),
    new Array(2 ** dimensions.length).fill(1),
  ),
});
const axis = (name: string, standardName: string): SampleVariable => ({
  ...along(name, name),
  attributes: { standard_name: standardName },
});
const dimension = (variable: string, letter = '') => ({ variable, dimensions: [variable], axis: letter });

const dataset = sampleDataset(
  [
    along('t', 'time', 'latitude'),
    along('q', 'time__2', 'latitude'),
    along('r', 'run'),
    along('g', 'forecast/time'),
    along('h', 'hour'),
    along('s', 'station'),
    along('covariance', 'station', 'station__2'),
    axis('time', 'time'),
    axis('run', 'time'),
    axis('latitude', 'latitude'),
    axis('hour', ''),
  ],
  {
    t: [dimension('time', 'T'), dimension('latitude', 'Y')],
    q: [dimension('latitude', 'Y')],
    r: [dimension('run')],
    h: [dimension('hour', 'T')],
  },
);
const refuses = (text: string, ...parts: string[]) =>
  assert.rejects(planText(text, dataset), (error) => {
    assert.ok(isHyperslabError(error, 'EXPRESSION_INVALID'), String(error));
    for (const part of [...parts, 'select one step of each by index'])
      assert.ok(error.message.includes(part), error.message);
    return true;
  });
const dimensionsOf = async (text: string) => (await planText(text, dataset)).result?.dimensions;

describe('operands along two axes of one kind', () => {
  it('are refused by name, also where a merge gave one a number or a group', async () => {
    await refuses('t - q', '"t" "time"', '"q" "time__2"', 'time__2=#0');
    await refuses('where(t > 0, t, q)', '"time"', '"time__2"');
    await refuses('mean(t, latitude) - g', 'an operand "time"', '"g" "forecast/time"');
  });

  it('are refused by standard name and by CF axis', async () => {
    await refuses('t * r', '"time"', '"r" "run"');
    await refuses('t * h', '"time"', '"h" "hour"');
  });

  it('are computed when one lacks the axis, or the axes are different ones', async () => {
    assert.deepEqual(await dimensionsOf('t - q[time__2=#0]'), ['time', 'latitude']);
    assert.deepEqual(await dimensionsOf('cos(latitude) * t'), ['time', 'latitude']);
    assert.deepEqual(await dimensionsOf('covariance * s'), ['station', 'station__2']);
    assert.deepEqual(await dimensionsOf('mean(t, latitude) * s'), ['time', 'station']);
    assert.deepEqual(await dimensionsOf('mean(t, time) * r'), ['latitude', 'run']);
  });
});
