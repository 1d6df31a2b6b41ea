import assert from 'node:assert/strict';
import { decodeArray } from '@hyperslab/array';
import type { Dataset } from '@hyperslab/proto/cube';
import { compute, planText } from '../run-plan.ts';
import { numbers, type SampleVariable, sampleDataset } from '../sample-dataset.ts';
import { axis } from './interpolation-cases.ts';

const latitudes = [-30, 0, 30];
const longitudes = [0, 60, 120, -180, -120, -60];

/** The same field as longitudes are written: from 0 to 180 and on from -180, or ascending. */
function dataset(along: number[], auxiliary: boolean, ends?: number[]) {
  const values = latitudes.flatMap((latitude) =>
    along.map((longitude) => latitude + ((longitude + 360) % 360)),
  );
  const variables: SampleVariable[] = [
    { name: 't', dimensions: ['lat', 'lon'], array: numbers('float64', [3, along.length], values) },
    axis('lat', latitudes, { units: 'degrees_north', standard_name: 'latitude' }),
    axis('lon', along, { units: 'degrees_east', standard_name: 'longitude' }),
  ];
  if (ends)
    variables.push({
      name: 'lon_bnds',
      dimensions: ['lon', 'bnds'],
      array: numbers('float64', [along.length, 2], ends),
    });
  const t = [
    { variable: 'lat', dimensions: ['lat'] },
    { variable: 'lon', dimensions: ['lon'], auxiliary, ...(ends && { bounds: 'lon_bnds' }) },
  ];
  return [sampleDataset(variables, { t }), variables] as const;
}

/** The longitudes of what an expression makes, with their bounds. */
async function longitudesOf(text: string, of: Dataset) {
  const { coordinates } = (await planText(text, of)).result!;
  const { values, bounds } = coordinates.find(({ name }) => name === 'lon')!;
  const [points, ends] = [values, bounds].map((each) => {
    assert.ok(each?.where?.$case === 'inlineValues');
    return Array.from(decodeArray(each.where.value).values, Number);
  });
  return { values: points, bounds: ends };
}

describe('longitudes that start again in the middle', () => {
  const [wrapped, ofWrapped] = dataset(longitudes, true);
  const [plain, ofPlain] = dataset([0, 60, 120, 180, 240, 300], false);

  for (const text of [
    'interpolate(t, lon=[30, 150, 190, -30])',
    'points(t, lat=[10, -12, 0], lon=[15, -33, 179])',
    'points(t, latitude=[10, -12, 0], longitude=[15, -33, 179])',
    'regrid(t, latitude=[-10, 10], longitude=[-170, 0, 170])',
    'regrid(t, latitude=[-10, 10], longitude=[-170, 0, 170], method=conservative)',
    'regrid(t, latitude=[-10, 10], longitude=[-170, 0, 170], method=nearest)',
    'mean(t, weights=area)',
    'sum(t, lon, weights=area)',
  ])
    it(`have the places that ascending ones have: ${text}`, async () => {
      const [found, expected] = [
        await compute(text, wrapped, ofWrapped),
        await compute(text, plain, ofPlain),
      ];
      assert.deepEqual(found.mask, expected.mask);
      assert.deepEqual(found.values, expected.values);
    });

  const seam = [175, -180, -175, -170];
  const counted = [175, 180, 185, 190];
  const cells = (points: number[]) => points.flatMap((point) => [point - 2.5, point + 2.5]);
  for (const [how, wrappedEnds, plainEnds] of [
    ['without bounds', undefined, undefined],
    ['with bounds', [172.5, 177.5, 177.5, -177.5, -177.5, -172.5, -172.5, -167.5], cells(counted)],
  ] as const) {
    const [across, ofAcross] = dataset(seam, true, wrappedEnds?.slice());
    const [even, ofEven] = dataset(counted, false, plainEnds?.slice());

    for (const text of ['mean(coarsen(t, mean, lon=2), weights=area)', 'sum(mean(t, lon), weights=area)'])
      it(`have cells of the same size when they are collapsed, ${how}: ${text}`, async () => {
        const found = await compute(text, across, ofAcross);
        assert.deepEqual(found.values, (await compute(text, even, ofEven)).values);
      });

    it(`are counted on to the middle of what they cover, ${how}`, async () => {
      const end = wrappedEnds ? 2.5 : 0;
      assert.deepEqual(await longitudesOf('coarsen(t, mean, lon=2)', across), {
        values: [177.5, 187.5],
        bounds: [175 - end, 180 + end, 185 - end, 190 + end],
      });
      assert.deepEqual(await longitudesOf('mean(t, lon)', across), {
        values: [182.5],
        bounds: [175 - end, 190 + end],
      });
    });
  }

  it('are selected across the seam in the order that they have, either way', async () => {
    for (const along of [seam, seam.toReversed()]) {
      const [across, ofAcross] = dataset(along, true);
      const { values } = await compute('t[lat=#0, lon=174:186]', across, ofAcross);
      assert.deepEqual([...values], along === seam ? [145, 150, 155] : [155, 150, 145]);
      const [even, ofEven] = dataset([175, 180, 185], false);
      const [found, expected] = [
        await compute('sum(t[lon=174:186], weights=area)', across, ofAcross),
        await compute('sum(t, weights=area)', even, ofEven),
      ];
      const [one, other] = [Number(found.values[0]), Number(expected.values[0])];
      assert.ok(Math.abs(one - other) <= 1e-12 * Math.abs(other), `${one}, not ${other}`);
    }
  });

  it('are collapsed as they are stored where they go around more than once', async () => {
    const [track] = dataset([0, 120, 240, 0, 120], true);
    assert.deepEqual(await longitudesOf('mean(t, lon)', track), { values: [120], bounds: [0, 240] });
    const [closed] = dataset([0, 120, 240, 0], true);
    assert.deepEqual(await longitudesOf('mean(t, lon)', closed), { values: [180], bounds: [0, 360] });
  });

  it('are neighbours where two are left of them', async () => {
    const [across, ofAcross] = dataset(seam, true);
    const between = await compute('interpolate(t[lon=174:181], lon=178)', across, ofAcross);
    assert.deepEqual([...between.values], [148, 178, 208]);
    const [global, ofGlobal] = dataset([0, 60, 120, 180, 240, 300], false);
    const [beyond, ofBeyond] = dataset([60, 120, 180, 240, 300, 360], false);
    for (const text of ['interpolate(t[lon=[300, 0]], lon=[0, 330])', 'sum(t[lon=[300, 0]], weights=area)']) {
      const found = await compute(text, global, ofGlobal);
      const expected = await compute(text, beyond, ofBeyond);
      assert.deepEqual(found.values, expected.values);
      assert.deepEqual(found.mask, expected.mask);
    }
  });

  it('are a coordinate of their dimension where what is wanted ascends', async () => {
    const { coordinates } = (await planText('interpolate(t, lon=[30, 150])', wrapped)).result!;
    assert.equal(coordinates.find(({ name }) => name === 'lon')?.isDimension, true);
  });

  it('are refused of stations, which have no cells', async () => {
    const variables: SampleVariable[] = [
      { name: 't', dimensions: ['station'], array: numbers('float64', [3], [1, 2, 3]) },
      { ...axis('lat', latitudes, { units: 'degrees_north' }), dimensions: ['station'] },
      { ...axis('lon', [0, 60, 120], { units: 'degrees_east' }), dimensions: ['station'] },
    ];
    const t = ['lat', 'lon'].map((variable) => ({ variable, dimensions: ['station'], auxiliary: true }));
    await assert.rejects(
      planText('mean(t, weights=area)', sampleDataset(variables, { t })),
      /"t" has its "lat" over station and its "lon" over station; expected latitude and longitude along a dimension each/,
    );
  });
});
