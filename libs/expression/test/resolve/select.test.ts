import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { regularRuns } from '@hyperslab/array';
import { isHyperslabError } from '@hyperslab/errors';
import {
  hasPython,
  runPython,
  skip,
  withinLimits,
  withRandomSeed,
  withTemporaryDirectory,
} from '@hyperslab/testing';
import fc from 'fast-check';
import { chooseIndices } from '../../src/resolve/choose-indices.ts';
import { coordinateAxis } from '../../src/resolve/coordinate-axis.ts';
import { compute, planText } from '../run-plan.ts';
import { numbers, type SampleVariable, sampleDataset } from '../sample-dataset.ts';

const hours = Array.from({ length: 120 }, (_, i) => 73 * i);
const variables: SampleVariable[] = [
  {
    name: 't',
    dimensions: ['time', 'lat', 'lon'],
    array: numbers('float64', [120, 5, 4], Array(2400).keys()),
    chunks: [regularRuns(120, 7), regularRuns(5, 2), regularRuns(4, 3)],
  },
  {
    name: 'time',
    dimensions: ['time'],
    array: numbers('int32', [120], hours),
    attributes: { units: 'hours since 2026-01-01', calendar: '360_day', standard_name: 'time' },
  },
  {
    name: 'lat',
    dimensions: ['lat'],
    array: numbers('float32', [5], [60, 50, 40, 30, 10]),
    attributes: { units: 'degrees_north' },
  },
  {
    name: 'lon',
    dimensions: ['lon'],
    array: numbers('float64', [4], [0, 90, 180, 270]),
    attributes: { units: 'degrees_east' },
  },
  {
    name: 'name',
    dimensions: ['lon'],
    array: { dtype: 'string', shape: [4], values: ['a', 'b', 'c', 'd'] },
  },
  { name: 'height', dimensions: [], array: numbers('float64', [], [2]) },
];
const dataset = sampleDataset(variables, {
  t: [
    { variable: 'time', dimensions: ['time'], axis: 'T' },
    { variable: 'lat', dimensions: ['lat'] },
    { variable: 'lon', dimensions: ['lon'] },
    { variable: 'name', dimensions: ['lon'], auxiliary: true },
    { variable: 'height', dimensions: [] },
  ],
});
const all = { time: '#0', lat: '#0', lon: '#0' };

/** Values of t where everything but one dimension is at its first index, which tell the indices along it. */
async function along(dimension: keyof typeof all, selector: string): Promise<number[]> {
  const rest = Object.entries(all)
    .filter(([name]) => name !== dimension)
    .map(([name, at]) => `${name}=${at}`);
  const { values } = await compute(`t[${[selector, ...rest].join(', ')}]`, dataset, variables, {
    targetBlockBytes: 200,
    tileBytes: 100,
  });
  return Array.from(values as Float64Array, (value) => value / { time: 20, lat: 4, lon: 1 }[dimension]);
}

const refused = (text: string, message: RegExp) =>
  assert.rejects(
    planText(text, dataset),
    (error) => isHyperslabError(error, 'EXPRESSION_INVALID') && message.test(error.message),
    text,
  );

/** Indices by an axis of these values; null for a refusal. */
async function chosen(
  values: number[],
  by: Parameters<typeof chooseIndices>[1]['by'],
): Promise<number[] | null> {
  const axis = coordinateAxis(
    {
      name: 'x',
      standardName: '',
      units: '',
      calendar: '',
      axis: '',
      dimensions: ['x'],
      isDimension: true,
      values: { dimensions: ['x'], from: { array: numbers('float64', [values.length], values) } },
    },
    numbers('float64', [values.length], values),
  );
  try {
    const choice = await chooseIndices(
      { length: values.length, axis: async () => axis, condition: async () => new Uint8Array() },
      { name: 'x', by },
    );
    if ('indices' in choice) return choice.indices;
    return choice.ranges.flatMap(({ range }) =>
      Array.from({ length: range.count }, (_, i) => range.start + i * range.step),
    );
  } catch (error) {
    assert.ok(isHyperslabError(error, 'EXPRESSION_INVALID'), String(error));
    return null;
  }
}

describe('selections', () => {
  it('take lists in their order, of values, labels, dates and indices', async () => {
    assert.deepEqual(await along('lat', 'lat=[40, 60, 40]'), [2, 0, 2]);
    assert.deepEqual(
      await along(
        'time',
        'time=[2026-01-04T01:00, "2026-01-01"]'.replace('2026-01-04T01:00', '"2026-01-04T01:00"'),
      ),
      [1, 0],
    );
    assert.deepEqual(await along('lon', 'lon=[-90, 0]'), [3, 0]);
    assert.deepEqual(await along('lon', 'name=[d, a]'), [3, 0]);
    assert.deepEqual(await along('time', 'time=#[3, -1, 0]'), [3, 119, 0]);
    assert.deepEqual(await along('lat', 'lat=[50]'), [1]);
    assert.deepEqual((await planText('t[lat=[50]]', dataset)).result!.shape, [120, 1, 4]);
    await refused('t[lat=[40, 41]]', /lat=41 is none of its values; nearest are/);
    await refused(
      't[time=#[0, 120]]',
      /time=#120 is past the end; indices go from 0 to 119, or from -1 back to -120/,
    );
  });

  it('count from the end and backwards, as Python', async () => {
    assert.deepEqual(await along('lat', 'lat=#-1'), [4]);
    assert.deepEqual(await along('lat', 'lat=#-2:'), [3, 4]);
    assert.deepEqual(await along('lat', 'lat=#::#-2'), [4, 2, 0]);
    await refused('t[lat=#-6]', /lat=#-6 is past the end/);
    await refused('t[lat=#::#0]', /has the step 0/);
  });

  it('take the nearest values, round the globe and not from far away', async () => {
    assert.deepEqual(await along('lat', 'lat~51.5'), [1]);
    assert.deepEqual(await along('lat', 'lat~[68, 21, 45, 0]'), [0, 3, 1, 4]);
    assert.deepEqual(await along('lon', 'lon~-1'), [0]);
    assert.deepEqual(await along('lon', 'lon~[340, 200, 45]'), [0, 2, 1]);
    assert.deepEqual(await along('time', 'time~2026-01-03'), [1]);
    assert.deepEqual((await planText('t[lat~51.5]', dataset)).result!.dimensions, ['time', 'lon']);
    await refused(
      't[lat~75]',
      /lat~75 is 15 away from the nearest value, 60; expected at most 10, the step there/,
    );
    await refused(
      't[lat~51.5 within 1]',
      /lat~51.5 is 1.5 away from the nearest value, 50; expected at most 1/,
    );
    await refused('t[name~a]', /a text, which has nothing near/);
    assert.deepEqual(await along('lat', 'lat~75 within 20'), [0]);
  });

  it('go by parts of times, in the calendar, over the end of a year too', async () => {
    const date = (i: number) => {
      const day = Math.floor(hours[i] / 24);
      return { month: Math.floor((day % 360) / 30) + 1, hour: hours[i] % 24 };
    };
    const where = (holds: (parts: ReturnType<typeof date>) => boolean) =>
      [...hours.keys()].filter((i) => holds(date(i)));
    assert.deepEqual(
      await along('time', 'month(time)=2'),
      where(({ month }) => month === 2),
    );
    assert.deepEqual(
      await along('time', 'month(time)=11:2'),
      where(({ month }) => month > 10 || month < 3),
    );
    assert.deepEqual(
      await along('time', 'season(T)=MAM'),
      where(({ month }) => month > 2 && month < 6),
    );
    await refused('t[month(lat)=3]', /lat is no time/);
    await refused('t[year(time)=2030]', /year\(time\)=2030 is that of no time; year is 2026, 2027/);
    await refused('t[month(time)=june]', /expected a whole number/);
    await refused('t[season(time)=XYZ]', /expected initials of two or more months/);
  });

  it('go by conditions on coordinates, and refuse those on what must be computed', async () => {
    assert.deepEqual(await along('lat', 'lat=mask(abs(lat - 45) < 10 || lat == 10)'), [1, 2, 4]);
    assert.deepEqual(await along('lon', 'lon=mask(lon >= 90)'), [1, 2, 3]);
    assert.deepEqual(
      await along('time', 'time=mask(month(time) == 3 && hour(time) < 12 || year(time[time=#:]) > 2026)'),
      [...hours.keys()].filter((i) => {
        const day = Math.floor(hours[i] / 24);
        return day >= 360 || (Math.floor(day / 30) === 2 && hours[i] % 24 < 12);
      }),
    );
    await refused('t[lat=mask(t[time=#0, lon=#0] > 3)]', /depends on "t", whose values are not known/);
    await refused('t[lat=mask(lon > 3)]', /has the dimensions lon; expected lat alone/);
    await refused('t[lat=mask(lat > 90)]', /holds nowhere along its 5 indices/);
    await refused('t[height=mask(height > 0)]', /has one value and no dimension/);
    await refused('t[lat=mask(lat[lat=#1:] > 0)]', /has 4 values; expected 5/);
  });

  it('take no more indices out of order than a plan holds', async () => {
    const far: SampleVariable = {
      name: 'far',
      dimensions: ['i'],
      array: { ...numbers('float64', [2 ** 40], []) },
      chunks: [regularRuns(2 ** 40, 2 ** 20)],
    };
    const wide = sampleDataset([far]);
    assert.deepEqual((await planText('far[i=#-3:]', wide)).result!.shape, [3]);
    assert.deepEqual((await planText('far[i=#-1:#-4:#-1]', wide)).result!.shape, [3]);
    await assert.rejects(
      planText('far[i=#::#-1]', wide),
      (error) => isHyperslabError(error, 'TOO_LARGE') && /takes 1099511627776 indices/.test(error.message),
    );
  });

  it('end in a plan or a typed error, whatever is selected', async function () {
    this.timeout(60_000);
    const token = fc.constantFrom(
      ...['lat', 'lon', 'time', 'name', 'height', '=', '=', '=', '~', '#', '#', '[', ']', ',', ':', '(', ')'],
      ...['-1', '3', '0', '50', '1e300', '"', 'DJF', '2026-02', ' within ', 'mask(', 'month(', 'season('],
      ...['lat > 30', 't', ')=', '#[', '=[', '~['],
    );
    await withinLimits(async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(token, { maxLength: 14 }), async (tokens) => {
          try {
            await planText(`t[${tokens.join('')}]`, dataset);
          } catch (error) {
            assert.ok(isHyperslabError(error, 'EXPRESSION_INVALID'), String(error));
          }
        }),
        { numRuns: 2000 },
      );
    });
  });

  it('take scalar coordinates that match', async () => {
    for (const selector of ['height~2.5', 'height=[2, 2]', 'height=#-1', 'height=#[0]'])
      assert.equal((await planText(`t[${selector}]`, dataset)).result!.shape.length, 3, selector);
    await refused('t[height=[3]]', /height=3 is none of its values/);
    await refused('t[height=#-2]', /past the end/);
  });

  it('choose what Python and pandas choose', async function () {
    this.timeout(60_000);
    if (!hasPython('pandas')) skip(this, 'no pandas; "npm test" installs it');
    const end = fc.option(fc.integer({ min: -12, max: 12 }), { nil: null });
    const slice = fc.record({
      kind: fc.constant('slice' as const),
      length: fc.nat({ max: 8 }),
      start: end,
      end,
      step: fc.option(
        fc.integer({ min: -4, max: 4 }).filter((step) => step !== 0),
        { nil: null },
      ),
    });
    const nearest = fc
      .record({
        kind: fc.constant('nearest' as const),
        values: fc
          .uniqueArray(
            fc.integer({ min: -40, max: 40 }).map((n) => n / 4),
            { minLength: 1, maxLength: 9 },
          )
          .map((list) => list.sort((a, b) => a - b)),
        wanted: fc.array(
          fc.integer({ min: -50, max: 50 }).map((n) => n / 4),
          { minLength: 1, maxLength: 4 },
        ),
        within: fc.nat({ max: 40 }).map((n) => n / 4),
        descends: fc.boolean(),
      })
      .map(({ descends, ...each }) => ({ ...each, values: descends ? each.values.reverse() : each.values }));
    await withRandomSeed((seed) =>
      withTemporaryDirectory(async (folder) => {
        const cases = fc.sample(fc.oneof(slice, nearest), { seed, numRuns: 1000 });
        const file = join(folder, 'cases.json');
        await writeFile(file, JSON.stringify(cases));
        const expected = runPython<number[] | null>(
          join(import.meta.dirname, '../foreign/selections.py'),
          file,
        );
        assert.equal(expected.length, cases.length);
        for (const [i, each] of cases.entries()) {
          const found =
            each.kind === 'slice'
              ? await chosen([...Array(each.length).keys()], {
                  $case: 'indices',
                  value: {
                    start: each.start ?? undefined,
                    end: each.end ?? undefined,
                    step: each.step ?? undefined,
                  },
                })
              : await chosen(each.values, {
                  $case: 'nearest',
                  value: { values: each.wanted.map(String), within: each.within, keepsDimension: true },
                });
          assert.deepEqual(found, expected[i], JSON.stringify(each));
        }
      }),
    );
  });
});
