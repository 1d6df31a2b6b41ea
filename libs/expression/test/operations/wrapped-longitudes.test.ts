import assert from 'node:assert/strict';
import { compute, planText } from '../run-plan.ts';
import { numbers, type SampleVariable, sampleDataset } from '../sample-dataset.ts';
import { axis } from './interpolation-cases.ts';

const latitudes = [-30, 0, 30];
const longitudes = [0, 60, 120, -180, -120, -60];

/** The same field as longitudes are written: from 0 to 180 and on from -180, or ascending. */
function dataset(along: number[], auxiliary: boolean) {
  const values = latitudes.flatMap((latitude) =>
    along.map((longitude) => latitude + ((longitude + 360) % 360)),
  );
  const variables: SampleVariable[] = [
    { name: 't', dimensions: ['lat', 'lon'], array: numbers('float64', [3, 6], values) },
    axis('lat', latitudes, { units: 'degrees_north', standard_name: 'latitude' }),
    axis('lon', along, { units: 'degrees_east', standard_name: 'longitude' }),
  ];
  const t = [
    { variable: 'lat', dimensions: ['lat'] },
    { variable: 'lon', dimensions: ['lon'], auxiliary },
  ];
  return [sampleDataset(variables, { t }), variables] as const;
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
