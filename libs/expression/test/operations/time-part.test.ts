import assert from 'node:assert/strict';
import { hasPython, skip } from '@hyperslab/testing';
import fc from 'fast-check';
import { compute, planText } from '../run-plan.ts';
import { numbers, type SampleVariable, sampleDataset } from '../sample-dataset.ts';
import { assertAgreesWithXarray } from './agree-with-xarray.ts';
import { randomCube } from './random-cube.ts';

/** What xarray calls them; its seasons are texts. */
const inXarray: Record<string, string> = {
  year: 'time.dt.year',
  month: 'time.dt.month',
  season: '(time.dt.month % 12) // 3 + 1',
  day: 'time.dt.day',
  dayofyear: 'time.dt.dayofyear',
  weekday: 'time.dt.dayofweek',
  hour: 'time.dt.hour',
};
const calendars = ['standard', 'proleptic_gregorian', 'noleap', 'all_leap', '360_day', 'julian'];

const variables: SampleVariable[] = [
  {
    name: 'valid',
    dimensions: ['run', 'lead'],
    array: {
      ...numbers('float64', [2, 2], [0, Number.NaN, 30, 1e300]),
      mask: Uint8Array.of(0, 0, 1, 0),
    },
    attributes: { units: 'hours since 2026-02-28 23:00', calendar: 'noleap' },
  },
  { name: 'count', dimensions: ['run'], array: numbers('int32', [2], [1, 2]) },
];
const dataset = sampleDataset(variables);

describe('parts of times as arrays', () => {
  it('agree with xarray, in every calendar', async function () {
    this.timeout(120_000);
    if (!hasPython('xarray')) skip(this, 'no xarray; "npm test" installs it');
    const cases = fc
      .record({
        cube: randomCube({ dimensions: ['time'], calendars }),
        part: fc.constantFrom(...Object.keys(inXarray)),
        selects: fc.boolean(),
      })
      .map(({ cube, part, selects }) => {
        const python = inXarray[part];
        if (!selects) return { cube, text: `${part}(time)`, python };
        // By a part that the last time has, so that something is left.
        return {
          cube,
          text: `t[time=mask(${part}(time) <= ${part}(time[time=#-1]))]`,
          python: `dataset.t.isel(time=np.flatnonzero(${python} <= (${python})[-1]))`,
        };
      });
    await assertAgreesWithXarray(cases, { anyType: true });
  });

  it('are missing where there is no date', async () => {
    const { values, mask } = await compute('hour(valid)', dataset, variables);
    assert.deepEqual([(values as Int32Array)[0], ...mask!], [23, 0, 1, 1, 1]);
  });

  it('have the calendar of their times, which reductions of times keep', async () => {
    for (const text of [
      'max(valid)',
      'first(valid, lead)',
      'percentile(valid, 50)',
      'coarsen(valid, mean, lead=2)',
    ]) {
      const { units, attributes } = (await planText(text, dataset)).result!;
      const { strings } = attributes.find(({ name }) => name === 'calendar') ?? {};
      assert.deepEqual([units, strings], ['hours since 2026-02-28 23:00', ['noleap']], text);
    }
  });

  it('are of times alone', async () => {
    await assert.rejects(
      planText('month(count)', dataset),
      /"month": "count" has unknown units; expected a variable of times or a part of it, in units as "hours since/,
    );
    await assert.rejects(
      planText('month(valid - valid)', dataset),
      /"month": what is computed has no calendar/,
    );
  });
});
