import assert from 'node:assert/strict';
import { decodeArray } from '@hyperslab/array';
import { hasPython, skip } from '@hyperslab/testing';
import fc from 'fast-check';
import { textOf } from '../../src/resolve/attributes.ts';
import { compute, planText } from '../run-plan.ts';
import { numbers, type SampleVariable, sampleDataset } from '../sample-dataset.ts';
import { assertAgreesWithXarray } from './agree-with-xarray.ts';
import { randomCube } from './random-cube.ts';

const bounds = [90, 45, 45, 0, 0, -90];
const variables: SampleVariable[] = [
  {
    name: 't',
    dimensions: ['lat', 'lon'],
    array: numbers('float64', [3, 2], [1, 2, 3, 4, 5, 6]),
    attributes: { units: 'W m-2', standard_name: 'surface_upwelling_longwave_flux_in_air' },
  },
  {
    name: 'lat',
    dimensions: ['lat'],
    array: numbers('float64', [3], [60, 30, -30]),
    attributes: { units: 'degrees_north', standard_name: 'latitude' },
  },
  { name: 'lat_bnds', dimensions: ['lat', 'bnds'], array: numbers('float64', [3, 2], bounds) },
  {
    name: 'lon',
    dimensions: ['lon'],
    array: numbers('float64', [2], [90, 270]),
    attributes: { units: 'degrees_east', standard_name: 'longitude' },
  },
  { name: 'w', dimensions: ['lon'], array: numbers('float64', [2], [3, 1]), attributes: { units: 'kg' } },
  { name: 'west', dimensions: ['lon'], array: numbers('float64', [2], [1, 3]) },
  { name: 'west_lon', dimensions: ['lon'], array: numbers('float64', [2], [270, 90]) },
  { name: 'height', dimensions: ['z'], array: numbers('float64', [2], [3, 1]) },
];
const dataset = sampleDataset(variables, {
  t: [
    { variable: 'lat', dimensions: ['lat'], bounds: 'lat_bnds' },
    { variable: 'lon', dimensions: ['lon'] },
  ],
  west: [{ variable: 'west_lon', dimensions: ['lon'] }],
});

describe('weights', () => {
  it('have the coordinates of what they weigh', async () => {
    await assert.rejects(
      planText('mean(t, lon, weights=west)', dataset),
      /"t" and "west" have different values of "lon"/,
    );
  });

  it('agree with xarray', async function () {
    this.timeout(120_000);
    if (!hasPython('xarray')) skip(this, 'no xarray; "npm test" installs it');
    const cases = fc
      .record({
        cube: randomCube({ dimensions: ['lat'] }),
        operation: fc.constantFrom('mean', 'std', 'var'),
        over: fc.subarray(['time', 'level', 'lon']),
      })
      .map(({ cube, operation, over }) => {
        const dimensions = ['lat', ...over.filter((name) => name in cube.lengths)];
        const weights = 'cos(convert(lat, "radian"))';
        return {
          cube,
          text: `${operation}(t, ${dimensions.join(', ')}, weights=${weights})`,
          python: `t.astype("float64").weighted(np.cos(np.deg2rad(lat))).${operation}(${JSON.stringify(dimensions)})`,
        };
      });
    await assertAgreesWithXarray(cases, { anyType: true, tolerance: 1e-5 });
  });

  it('of area are those of cells between bounds, or half-way to neighbours, on a sphere', async () => {
    const radius = 6_371_229;
    const heights = [1 - Math.SQRT1_2, Math.SQRT1_2, 1];
    const total = heights.reduce((sum, height, row) => sum + height * (2 * row + 1 + (2 * row + 2)), 0);
    const { values } = await compute('sum(t, lat, lon, weights=area)', dataset, variables);
    assert.ok(Math.abs(Number(values[0]) / (radius * radius * Math.PI * total) - 1) < 1e-14);
    const mean = await compute('mean(t, weights=area)', dataset, variables);
    assert.ok(Math.abs(Number(mean.values[0]) - total / 4) < 1e-14);
    const part = await compute('mean(t[lat=#0:#2], lat, weights=area)[lon=#1]', dataset, variables);
    assert.ok(Math.abs(Number(part.values[0]) - (2 * (1 - Math.SQRT1_2) + 4 * Math.SQRT1_2)) < 1e-14);
  });

  it('of area know the cells of longitudes that are written across the seam, and all around', async () => {
    const degrees = (units: string, name: string) => ({ units, standard_name: name });
    const across: SampleVariable[] = [
      { name: 'a', dimensions: ['lat', 'lon'], array: numbers('float64', [1, 4], [1, 2, 3, 4]) },
      { name: 'zonal', dimensions: ['lat', 'lon'], array: numbers('float64', [1, 1], [7]) },
      {
        name: 'lat',
        dimensions: ['lat'],
        array: numbers('float64', [1], [0]),
        attributes: degrees('degrees_north', 'latitude'),
      },
      { name: 'lat_bnds', dimensions: ['lat', 'bnds'], array: numbers('float64', [1, 2], [-90, 90]) },
      {
        name: 'lon',
        dimensions: ['lon'],
        array: numbers('float64', [4], [0, 90, 180, 270]),
        attributes: degrees('degrees_east', 'longitude'),
      },
      {
        name: 'lon_bnds',
        dimensions: ['lon', 'bnds'],
        array: numbers('float64', [4, 2], [315, 45, 45, 135, 135, 225, 225, 315]),
      },
      {
        name: 'all',
        dimensions: ['lon'],
        array: numbers('float64', [1], [180]),
        attributes: degrees('degrees_east', 'longitude'),
      },
      { name: 'all_bnds', dimensions: ['lon', 'bnds'], array: numbers('float64', [1, 2], [0, 360]) },
    ];
    const lat = { variable: 'lat', dimensions: ['lat'], bounds: 'lat_bnds' };
    const earth = sampleDataset(across, {
      a: [lat, { variable: 'lon', dimensions: ['lon'], bounds: 'lon_bnds' }],
      zonal: [lat, { variable: 'all', dimensions: ['lon'], bounds: 'all_bnds' }],
    });
    const first = async (text: string) => Number((await compute(text, earth, across)).values[0]);
    assert.ok(Math.abs((await first('mean(a, weights=area)')) - 2.5) < 1e-14);
    const surface = 4 * Math.PI * 6_371_229 ** 2;
    assert.ok(Math.abs((await first('sum(a / a, weights=area)')) / surface - 1) < 1e-14);
    assert.equal(
      await first('regrid(zonal, latitude=[-45, 45], longitude=[10, 100], method=conservative)[lon=#1]'),
      7,
    );
    const { result } = await planText('mean(a, lon)', earth);
    const { bounds } = result!.coordinates.find(({ name }) => name === 'lon')!;
    assert.ok(bounds?.where?.$case === 'inlineValues');
    assert.deepEqual([...decodeArray(bounds.where.value).values], [-45, 315]);
  });

  it('of area count longitudes on that start again, and know no cells between points in any order', async () => {
    const globe = (latitudes: number[], longitudes: number[]) => {
      const [rows, columns] = [latitudes.length, longitudes.length];
      const variables: SampleVariable[] = [
        {
          name: 'a',
          dimensions: ['lat', 'lon'],
          array: numbers('float64', [rows, columns], Array(rows * columns).keys()),
        },
        {
          name: 'lat',
          dimensions: ['lat'],
          array: numbers('float64', [rows], latitudes),
          attributes: { units: 'degrees_north', standard_name: 'latitude' },
        },
        {
          name: 'lon',
          dimensions: ['lon'],
          array: numbers('float64', [columns], longitudes),
          attributes: { units: 'degrees_east', standard_name: 'longitude' },
        },
      ];
      const along = ['lat', 'lon'].map((name) => ({ variable: name, dimensions: [name] }));
      return compute('mean(a, weights=area)', sampleDataset(variables, { a: along }), variables);
    };
    for (const longitudes of [
      [350, 0, 10],
      [0, 10, -340],
      [170, -180, -170],
      [190, 180, 170],
    ]) {
      const { values } = await globe([-10, 10], longitudes);
      assert.ok(Math.abs(Number(values[0]) - 2.5) < 1e-12, `${longitudes}: ${values[0]}`);
    }
    for (const [latitudes, longitudes] of [
      [
        [60, 40, 50],
        [0, 10],
      ],
      [
        [60, 40],
        [0, 20, 10],
      ],
    ])
      await assert.rejects(globe(latitudes, longitudes), /is not known: .* neither ascend nor descend/);
  });

  it('give units, cell methods, and the name of the quantity where it is the same', async () => {
    const described = async (text: string) => {
      const { units, attributes } = (await planText(text, dataset)).result!;
      const name = attributes.some((each) => each.name === 'standard_name');
      return { units, methods: textOf(attributes, 'cell_methods'), name };
    };
    const sum = { units: 'W', methods: 'lat: lon: sum (area-weighted)', name: false };
    assert.deepEqual(await described('sum(t, lat, lon, weights=area)'), sum);
    const plain = { units: 'W m-2', methods: 'lon: sum (weighted)', name: true };
    assert.deepEqual(await described('sum(t, lon, weights=w / w)'), plain);
    const mean = { units: 'W m-2', methods: 'lon: mean (weighted)', name: true };
    assert.deepEqual(await described('mean(t, lon, weights=w)'), mean);
    const variance = { units: 'W2 m-4', methods: 'lat: lon: variance (weighted)', name: true };
    assert.deepEqual(await described('var(t, weights=w)'), variance);
  });

  it('refuse what has no areas, and weights along other dimensions', async () => {
    await assert.rejects(
      planText('mean(w, weights=area)', dataset),
      /weights=area: "w" has no latitude; expected/,
    );
    await assert.rejects(planText('mean(t, weights=height)', dataset), /dimension "z" the operand lacks/);
    await assert.rejects(
      planText('mean(t, weights=w[lon=#0:#1])', dataset),
      /"lon" has 2 in the operand, 1 in the weights/,
    );
    await assert.rejects(
      planText('mean(t[lat=60, lon=#0:#1], weights=area)', dataset),
      /extent of the cells of "lon" is not known/,
    );
    await assert.rejects(planText('min(t, weights=area)', dataset), /"min" has no option "weights"/);
  });
});
