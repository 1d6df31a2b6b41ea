import assert from 'node:assert/strict';
import { decodeArray, regularRuns } from '@hyperslab/array';
import { calendars } from '@hyperslab/cube';
import type { ArrayBlock } from '@hyperslab/proto/array';
import type { CoordinateValues } from '@hyperslab/proto/expression';
import { hasPython, skip } from '@hyperslab/testing';
import fc from 'fast-check';
import { compute, planText } from '../run-plan.ts';
import { numbers, type SampleVariable, sampleDataset } from '../sample-dataset.ts';
import { assertAgreesWithXarray, type OperationCase } from './agree-with-xarray.ts';
import { type RandomCube, randomCube } from './random-cube.ts';

const dated = calendars.filter((calendar) => calendar !== 'none');
const reductions = ['mean', 'min', 'max', 'std', 'var', 'median', 'count'];
const inTime = [...reductions, 'first', 'last'];

function inOrder({ variables }: RandomCube, python: string): string {
  return `${python}.transpose(*${JSON.stringify(variables[0].dimensions)})`;
}

const coarsened: fc.Arbitrary<OperationCase> = fc
  .record({
    cube: randomCube({ dimensions: ['lat'], longest: 11 }),
    operation: fc.constantFrom(...reductions),
    sizes: fc.tuple(...['time', 'level', 'lat', 'lon'].map(() => fc.integer({ min: 1, max: 4 }))),
    boundary: fc.constantFrom('trim', 'pad'),
  })
  .map(({ cube, operation, sizes, boundary }) => {
    const names = Object.keys(cube.lengths).filter((_, i) => i < 3);
    const windows = names.map((name, i) => [name, Math.min(sizes[i], cube.lengths[name])] as const);
    const written = windows.map(([name, size]) => `${name}=${size}`).join(', ');
    return {
      cube,
      text: `coarsen(t, ${operation}, ${written}, boundary=${boundary})`,
      python: `t.drop_vars("time", errors="ignore").astype("float64").coarsen(${written}, boundary="${boundary}").${operation}()`,
    };
  });

const resampled: fc.Arbitrary<OperationCase> = fc
  .record({
    cube: randomCube({ dimensions: ['time'], longest: 16, calendars: dated }),
    operation: fc.constantFrom(...inTime.filter((name) => name !== 'count')),
    frequency: fc.constantFrom('6h', '5h', '1D', '5D', 'MS', '2MS', 'QS', 'QS-DEC', 'YS', '90min'),
  })
  .map(({ cube, operation, frequency }) => ({
    cube,
    text: `resample(t, ${operation}, time="${frequency}")`,
    python: inOrder(cube, `t.astype("float64").resample(time="${frequency}").${operation}()`),
  }));

/** What xarray calls parts of times that it has another name for, or in another order, and what mends that. */
const inXarray: Record<string, [string, string]> = {
  season: [
    'season',
    '.pipe(lambda g: g.isel(season=np.argsort(["DJF MAM JJA SON".find(name) for name in g.season.values])))',
  ],
  weekday: ['dayofweek', '.rename(dayofweek="weekday")'],
};

const grouped: fc.Arbitrary<OperationCase> = fc
  .record({
    cube: randomCube({ dimensions: ['time'], longest: 16, calendars: dated }),
    operation: fc.constantFrom(...inTime),
    by: fc.constantFrom('month', 'hour', 'dayofyear', 'year', 'day', 'season', 'weekday'),
    form: fc.nat({ max: 3 }),
  })
  .map(({ cube, operation, by, form }) => {
    const [part, inOurOrder] = inXarray[by] ?? [by, ''];
    const groups = `t.astype("float64").groupby("time.${part}")`;
    const dimensions = cube.variables[0].dimensions.map((name) => (name === 'time' ? by : name));
    if (form === 0) {
      const mean = `(${groups} - ${groups}.mean()).transpose(*${JSON.stringify(cube.variables[0].dimensions)})`;
      return { cube, text: `anomaly(t, time=${by})`, python: mean };
    }
    const ofGroups = (name: string) =>
      `${groups}.${name}()${inOurOrder}.transpose(*${JSON.stringify(dimensions)})`;
    if (form === 3) return { cube, text: `climatology(t, time=${by})`, python: ofGroups('mean') };
    const python = ofGroups(operation);
    if (form === 1) return { cube, text: `group(t, ${operation}, time=${by})`, python };
    return { cube, text: `group(t, ${operation}, time=${by})[${by}=#0]`, python: `${python}.isel(${by}=0)` };
  });

/** By numbers along a dimension that is no time, as members of a family are; what has none is in no group, and has no anomaly. */
const byCoordinate: fc.Arbitrary<OperationCase> = fc
  .record({
    cube: randomCube({ dimensions: ['lat'], longest: 12 }),
    operation: fc.constantFrom(...inTime),
    members: fc.array(fc.nat({ max: 4 }), { minLength: 12, maxLength: 12 }),
    form: fc.constantFrom('group', 'climatology', 'anomaly', 'part'),
  })
  .map(({ cube, operation, members, form }) => {
    const { lat } = cube.lengths;
    const own = [1, ...members.slice(1, lat)];
    const array = {
      ...numbers('int32', [lat], own),
      mask: Uint8Array.from(own, (each) => (each === 0 && form !== 'anomaly' ? 1 : 0)),
    };
    const variables = [...cube.variables, { name: 'member', dimensions: ['lat'], array }];
    const t = [...cube.cubes.t, { variable: 'member', dimensions: ['lat'], auxiliary: true }];
    const withMembers = { ...cube, variables, cubes: { t } };
    const groups = 't.astype("float64").groupby("member")';
    const dimensions = cube.variables[0].dimensions.map((name) => (name === 'lat' ? 'member' : name));
    const ofGroups = (name: string) => `${groups}.${name}().transpose(*${JSON.stringify(dimensions)})`;
    const [text, python] = {
      group: [`group(t, ${operation}, lat=member)`, ofGroups(operation)],
      part: [`group(t, ${operation}, lat=member)[member=#-1]`, `${ofGroups(operation)}.isel(member=-1)`],
      climatology: ['climatology(t, lat=member)', ofGroups('mean')],
      anomaly: ['anomaly(t, lat=member)', inOrder(cube, `(${groups} - ${groups}.mean())`)],
    }[form];
    return { cube: withMembers, text, python };
  });

const weighted: fc.Arbitrary<OperationCase> = fc
  .record({
    cube: randomCube({ dimensions: ['time', 'lat'], longest: 12, calendars: dated }),
    operation: fc.constantFrom('mean', 'sum'),
    form: fc.constantFrom('month', 'climatology', 'anomaly', 'resample', 'coarsen'),
    size: fc.integer({ min: 1, max: 4 }),
    boundary: fc.constantFrom('trim', 'pad'),
  })
  .map(({ cube, operation, form, size, boundary }) => {
    const lat = 'np.cos(np.deg2rad(t.lat))';
    const day = 't.time.dt.dayofyear';
    /** The sum of products, and of the weights of what is there. */
    const of = (groups: string, weights: string) => {
      const part = (array: string, least = '') => `(${array}).astype("float64").${groups}.sum(${least})`;
      const sum = part(`t * ${weights}`, groups.startsWith('coarsen') ? '' : 'min_count=1');
      return operation === 'sum' ? sum : `(${sum} / ${part(`(${weights}).where(t.notnull())`)})`;
    };
    if (form === 'coarsen') {
      const length = Math.min(size, cube.lengths.lat);
      const groups = `coarsen(lat=${length}, boundary="${boundary}")`;
      const python = `t.drop_vars("time").pipe(lambda t: ${of(groups, lat)})`;
      const counted = `${python}.where(t.drop_vars("time").notnull().${groups}.sum() > 0)`;
      const text = `coarsen(t, ${operation}, lat=${length}, boundary=${boundary}, weights=cos(convert(lat, "radian")))`;
      return { cube, text, python: inOrder(cube, counted) };
    }
    if (form === 'resample') {
      const text = `resample(t, ${operation}, time="5D", weights=dayofyear(time))`;
      return { cube, text, python: inOrder(cube, of('resample(time="5D")', day)) };
    }
    const dimensions = cube.variables[0].dimensions.map((name) => (name === 'time' ? 'month' : name));
    const groups = 'groupby("time.month")';
    const grouped = (python: string) => `${python}.transpose(*${JSON.stringify(dimensions)})`;
    if (form === 'month') {
      const text = `group(t, ${operation}, time=month, weights=dayofyear(time))`;
      return { cube, text, python: grouped(of(groups, day)) };
    }
    operation = 'mean';
    if (form === 'climatology') {
      const text = 'climatology(t, time=month, weights=dayofyear(time))';
      return { cube, text, python: grouped(of(groups, day)) };
    }
    const text = 'anomaly(t, time=month, weights=dayofyear(time))';
    return { cube, text, python: inOrder(cube, `(t.astype("float64").${groups} - ${of(groups, day)})`) };
  });

const percentiles: fc.Arbitrary<OperationCase> = fc
  .record({
    cube: randomCube({ dimensions: ['time', 'lat'], longest: 10, calendars: dated }),
    form: fc.constantFrom('group', 'resample', 'coarsen'),
    list: fc.boolean(),
    method: fc.constantFrom('exact', 'tdigest'),
  })
  .map(({ cube, form, list, method }) => {
    const [asked, quantile] = list ? ['[10, 37.5]', '[0.1, 0.375]'] : ['37.5', '0.375'];
    const last = list ? '.rename(quantile="percentile").transpose(..., "percentile")' : '';
    const options = `percentile=${asked}, method=${method}`;
    if (form === 'coarsen') {
      const each = `coarsen(lat=2, boundary="pad").reduce(lambda v, axis: np.nanquantile(v, 0.375, axis=axis))`;
      const text = `coarsen(t, percentile, lat=2, boundary=pad, percentile=37.5, method=${method})`;
      return { cube, text, python: `t.drop_vars("time").astype("float64").${each}` };
    }
    if (form === 'resample') {
      const python = `t.astype("float64").resample(time="5D").quantile(${quantile})`;
      const dimensions = [...cube.variables[0].dimensions, ...(list ? ['percentile'] : [])];
      const ordered = `${python}${last}.transpose(*${JSON.stringify(dimensions)})`;
      return { cube, text: `resample(t, percentile, time="5D", ${options})`, python: ordered };
    }
    const named = cube.variables[0].dimensions.map((name) => (name === 'time' ? 'month' : name));
    const dimensions = [...named, ...(list ? ['percentile'] : [])];
    const python = `t.astype("float64").groupby("time.month").quantile(${quantile})${last}`;
    const text = `group(t, percentile, time=month, ${options})`;
    return { cube, text, python: `${python}.transpose(*${JSON.stringify(dimensions)})` };
  });

const places: fc.Arbitrary<OperationCase> = fc
  .record({
    cube: randomCube({ dimensions: ['time', 'lat'], longest: 12, calendars: dated }),
    which: fc.constantFrom('min', 'max'),
    form: fc.constantFrom('index', 'coordinate', 'coarsen', 'first part'),
    size: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ cube, which, form, size }) => {
    const filled = which === 'min' ? '1e9' : '-1e9';
    const { dimensions } = cube.variables[0];
    if (form === 'coarsen') {
      // Two dimensions: the place is that of all of both.
      const along = dimensions.filter((name) => name === 'time' || name === 'lat');
      const sizes = along.map((name) => `${name}=${Math.min(size, cube.lengths[name])}`).join(', ');
      const all = `xr.DataArray(np.arange(t.sizes["${along[0]}"] * t.sizes["${along[1]}"]).reshape(t.sizes["${along[0]}"], -1), dims=${JSON.stringify(along)})`;
      const windows = along.map((name) => `${name}=("${name}", "${name}_")`).join(', ');
      const cut = (array: string) =>
        `${array}.coarsen(${sizes}, boundary="pad").construct(${windows}).stack(z=${JSON.stringify(along.map((name) => `${name}_`))})`;
      const python = `t.reset_coords(drop=True).drop_vars(t.coords).astype("float64").pipe(lambda v: ${cut(`xr.broadcast(v, ${all})[1].transpose(*v.dims).astype("float64")`)}.isel(z=${cut('v')}.fillna(${filled}).arg${which}("z")).where(${cut('v')}.notnull().any("z")))`;
      return { cube, text: `coarsen(t, arg${which}, ${sizes}, boundary=pad)`, python: inOrder(cube, python) };
    }
    const value = form === 'coordinate' ? 'encoded["time"]' : 'np.arange(t.sizes["time"])';
    const named = dimensions.map((name) => (name === 'time' ? 'month' : name));
    const found = `g.i.isel(time=g.fillna(${filled}).arg${which}("time")).reset_coords(drop=True).where(g.notnull().any("time"))`;
    const python = `t.astype("float64").assign_coords(i=("time", ${value})).groupby("time.month").map(lambda g: ${found})`;
    const ordered = `${python}.transpose(*${JSON.stringify(named)})`;
    if (form === 'first part')
      return {
        cube,
        text: `group(t, arg${which}, time=month)[month=#0]`,
        python: `${ordered}.isel(month=0)`,
      };
    const name = form === 'coordinate' ? `idx${which}` : `arg${which}`;
    return { cube, text: `group(t, ${name}, time=month)`, python: ordered };
  });

describe('groups', () => {
  for (const [name, cases] of Object.entries({
    coarsened,
    resampled,
    grouped,
    byCoordinate,
    weighted,
    percentiles,
    places,
  })) {
    it(`agree with xarray: ${name}`, async function () {
      this.timeout(120_000);
      if (!hasPython('xarray', 'cftime')) skip(this, 'no xarray; "npm test" installs it');
      await assertAgreesWithXarray(cases, { anyType: true, tolerance: 1e-5 });
    });
  }

  it('answer places in stored order where groups are put together first', async function () {
    this.timeout(60_000);
    // So many cells of 366 groups that a task does not hold them all: two years from July on.
    const [days, cells] = [700, 8192];
    const values = Float32Array.from({ length: days * cells }, (_, i) => (i * 7919) % 1009);
    const variables: SampleVariable[] = [
      {
        name: 't',
        dimensions: ['time', 'x'],
        array: { dtype: 'float32', shape: [days, cells], values },
        chunks: [regularRuns(days, days), regularRuns(cells, cells)],
      },
      {
        name: 'time',
        dimensions: ['time'],
        array: numbers(
          'float64',
          [days],
          Array.from({ length: days }, (_, i) => i),
        ),
        attributes: { units: 'days since 2001-07-01', standard_name: 'time' },
      },
    ];
    const dataset = sampleDataset(variables, { t: [{ variable: 'time', dimensions: ['time'] }] });
    const places = await compute('group(t, argmax, time=dayofyear)', dataset, variables);
    const plan = await planText('group(t, argmax, time=dayofyear)', dataset);
    assert.ok(JSON.stringify(plan.nodes).includes('"take"'), 'groups are put together');
    const times = await compute('group(t, idxmax, time=dayofyear)', dataset, variables);
    for (const [group, cell] of [
      [0, 0],
      [180, 5],
      [364, 8191],
    ]) {
      // 1 July 2001 is day 182, and the years have 365 days.
      const first = (group + 1 - 182 + 365) % 365;
      const second = first + 365 < days ? first + 365 : first;
      const greater = values[second * cells + cell] > values[first * cells + cell] ? second : first;
      assert.equal(Number(places.values[group * cells + cell]), greater, `group ${group}`);
      assert.equal(times.values[group * cells + cell], greater);
    }
  });

  it('answer places in all of x where boundary=trim leaves some of it out', async () => {
    const values = [0, 1, 2, 9, 4, 5, 6, 7, 3, 9, 0, 0, 9, 9, 9];
    const t = { name: 't', dimensions: ['y', 'x'], array: numbers('float64', [3, 5], values) };
    const greatest = 'coarsen(t, argmax, y=2, x=2, boundary=trim)';
    const { values: places } = await compute(greatest, sampleDataset([t]), [t]);
    assert.deepEqual(places, BigInt64Array.of(6n, 3n));
  });

  it('take no options that are not of their reduction', async () => {
    const variables: SampleVariable[] = [
      { name: 't', dimensions: ['x'], array: numbers('float64', [4], [1, 2, 3, 4]) },
      { name: 'w', dimensions: ['x'], array: numbers('float64', [4], [1, 1, 1, 3]) },
    ];
    const dataset = sampleDataset(variables, { t: [], w: [] });
    for (const [text, refusal] of [
      ['coarsen(t, max, x=2, weights=w)', /"max" takes no weights/],
      ['coarsen(t, mean, x=2, ddof=1)', /"mean" has no option "ddof"/],
      ['coarsen(t, mean, x=2, percentile=50)', /"mean" has no option "percentile"/],
      ['coarsen(t, percentile, x=2)', /expected percentile=90, or a list/],
      ['coarsen(t, percentile, x=2, percentile=101)', /percentile 101: expected a number from 0 to 100/],
      ['coarsen(t, std, x=2, ddof=1, weights=w)', /with weights has no ddof/],
      ['coarsen(t, trend, x=2)', /"trend" does not reduce groups/],
    ] as const)
      await assert.rejects(planText(text, dataset), refusal, text);
    const { values } = await compute('coarsen(t, std, x=2, ddof=1)', dataset, variables);
    assert.deepEqual([...(values as Float64Array)], [Math.SQRT1_2, Math.SQRT1_2]);
    const { result } = await planText('coarsen(t, mean, x=2, weights=w)', dataset);
    assert.deepEqual(
      result!.attributes.map(({ name, strings }) => [name, strings[0]]),
      [['cell_methods', 'x: mean (weighted)']],
    );
  });

  it('of a climatology have times with climatological bounds, and methods that say so', async () => {
    // The first of January, February, March of three years of 360 days, each for its month.
    const starts = [0, 30, 60, 360, 390, 420, 720, 750, 780];
    const variables: SampleVariable[] = [
      {
        name: 't',
        dimensions: ['time'],
        array: numbers('float64', [9], starts),
        attributes: { cell_methods: 'area: mean', standard_name: 'air_temperature', units: 'K' },
      },
      {
        name: 'time',
        dimensions: ['time'],
        array: numbers('float64', [9], starts),
        attributes: { units: 'days since 2001-01-01', calendar: '360_day', standard_name: 'time' },
      },
      {
        name: 'bounds',
        dimensions: ['time', 'bnds'],
        array: numbers(
          'float64',
          [9, 2],
          starts.flatMap((start) => [start, start + 30]),
        ),
      },
    ];
    const coordinates = [{ variable: 'time', dimensions: ['time'], bounds: 'bounds' }];
    const dataset = sampleDataset(variables, { t: coordinates });
    const { result } = await planText('climatology(t, time=month)', dataset);
    const time = result!.coordinates.find(({ name }) => name === 'time')!;
    const valuesOf = (where: CoordinateValues['where']) => {
      assert.equal(where?.$case, 'inlineValues');
      return [...(decodeArray((where as { value: ArrayBlock }).value).values as Float64Array)];
    };
    assert.deepEqual([time.dimensions, time.climatology, time.isDimension], [['month'], true, false]);
    assert.deepEqual(valuesOf(time.values!.where), [0, 30, 60]);
    assert.deepEqual(valuesOf(time.bounds!.where), [0, 750, 30, 780, 60, 810]);
    const methods = result!.attributes.find(({ name }) => name === 'cell_methods')!.strings[0];
    assert.equal(methods, 'area: mean time: mean within years time: mean over years');
    const plain = (await planText('group(t, mean, time=month)', dataset)).result!.coordinates;
    assert.ok(plain.every(({ climatology }) => !climatology));
    const yearly = (await planText('climatology(t, time=year)', dataset)).result!.coordinates;
    assert.ok(yearly.every(({ climatology }) => !climatology));
  });

  it('by a coordinate that is called as a part of times, along what is no time, are no climatology', async () => {
    const names = { dtype: 'string' as const, shape: [4], values: ['a', 'b', 'c', 'd'] };
    for (const station of [names, numbers('float64', [4], [10, 20, 30, 40])]) {
      const variables: SampleVariable[] = [
        { name: 't', dimensions: ['station'], array: numbers('float64', [4], [1, 2, 3, 4]) },
        { name: 'station', dimensions: ['station'], array: station },
        { name: 'month', dimensions: ['station'], array: numbers('float64', [4], [1, 1, 2, 2]) },
      ];
      const dataset = sampleDataset(variables, {
        t: ['station', 'month'].map((variable) => ({
          ...{ variable, dimensions: ['station'], auxiliary: variable === 'month' },
        })),
      });
      const { result } = await planText('climatology(t, station=month)', dataset);
      assert.ok(result!.coordinates.every(({ climatology }) => !climatology));
      const methods = result!.attributes.find(({ name }) => name === 'cell_methods')!.strings[0];
      assert.equal(methods, 'station: mean');
    }
  });
});
