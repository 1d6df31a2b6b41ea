import assert from 'node:assert/strict';
import { isHyperslabError } from '@hyperslab/errors';
import { planText } from '../run-plan.ts';
import { numbers, type SampleVariable, sampleDataset } from '../sample-dataset.ts';

const times = [0, 6, 12, 18, 24, 30, 36];
const variables: SampleVariable[] = [
  { name: 't', dimensions: ['time'], array: numbers('float64', [7], times), attributes: { units: 'K' } },
  {
    name: 'time',
    dimensions: ['time'],
    array: numbers('int32', [7], times),
    attributes: { units: 'hours since 2026-02-28', calendar: '360_day', standard_name: 'time' },
  },
  ...['standard', 'gregorian', ''].map((calendar) => ({
    name: `${calendar || 'silent'}_time`,
    dimensions: ['time'],
    array: numbers('int32', [7], times),
    attributes: { units: 'hours since 2026-02-28', ...(calendar && { calendar }) },
  })),
  { name: 'time_bnds', dimensions: ['time', 'nv'], array: numbers('float64', [7, 2], new Array(14).fill(0)) },
];
const dataset = sampleDataset(variables, {
  t: [{ variable: 'time', dimensions: ['time'], bounds: 'time_bnds' }],
});

async function refuses(text: string, message: RegExp): Promise<void> {
  await assert.rejects(
    planText(text, dataset),
    (error) => isHyperslabError(error, 'EXPRESSION_INVALID') && message.test(error.message),
    text,
  );
}

describe('times of unlike calendars', () => {
  it('are refused, as their numbers are those of other dates', async () => {
    const unlike =
      /times of the calendars 360_day \(time\) and standard \(silent_time\).* one calendar: compare parts of them, as year\(time\), or multiply/;
    for (const text of [
      'time - silent_time',
      'time >= silent_time',
      'maximum(time, silent_time)',
      'where(t > 1, time, silent_time)',
    ])
      await refuses(text, unlike);
    await refuses('standard_time - time', /standard \(standard_time\) and 360_day \(time\)/);
    const units = async (text: string) => (await planText(text, dataset)).result!.units;
    for (const text of [
      'silent_time - gregorian_time',
      'standard_time - silent_time',
      'time - (silent_time + 6)',
    ])
      assert.equal(await units(text), 'hours', text);
    assert.equal(await units('year(time) - year(silent_time)'), '1');
    // Bounds that say nothing are of the calendar and the units of their coordinate.
    await refuses('silent_time - time_bnds', /standard \(silent_time\) and 360_day \(time_bnds\)/);
    assert.equal(await units('time - time_bnds'), 'hours');
    assert.equal(await units('time * 1 - silent_time * 1'), '');
  });
});
