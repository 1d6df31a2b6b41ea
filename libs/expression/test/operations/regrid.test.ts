import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type MaskedArray, regularRuns } from '@hyperslab/array';
import { isHyperslabError } from '@hyperslab/errors';
import { hasPython, runPython, skip, withRandomSeed } from '@hyperslab/testing';
import { compute, planText } from '../run-plan.ts';
import { numbers, type SampleVariable, sampleDataset } from '../sample-dataset.ts';
import { fieldsDataset, griddedDataset, type SampleGrid } from './grids.ts';
import { plainValues } from './plain-values.ts';

interface Case {
  source: SampleGrid;
  target: SampleGrid;
  data: (number | null)[];
  method: 'bilinear' | 'nearest' | 'conservative';
  mdtol: number;
  expected: (number | null)[];
}

const script = join(import.meta.dirname, '../foreign/regriddings.py');
const small = { targetBlockBytes: 1500, tileBytes: 500, random: Math.random };

describe('regrid', () => {
  it('makes of random fields on plain and rotated grids what Iris makes of them', async function () {
    if (!hasPython('iris')) skip(this, 'no Iris; "npm test" installs it');
    this.timeout(120_000);
    await withRandomSeed(async (seed) => {
      for (const { source, target, data, method, mdtol, expected } of runPython<Case>(script, seed, 40)) {
        const shape = [3, source.latitude.length, source.longitude.length];
        const array: MaskedArray = {
          ...numbers(
            'float64',
            shape,
            data.map((value) => value ?? 1e30),
          ),
          mask: Uint8Array.from(data, (value) => (value === null ? 1 : 0)),
        };
        const { dataset, variables } = griddedDataset(array, source, target);
        const option = method === 'conservative' ? `, mdtol=${mdtol}` : '';
        const text = `regrid(t, like=like, method=${method}${option})`;
        const result = await compute(text, dataset, variables, small);
        assert.deepEqual(result.shape, [3, target.latitude.length, target.longitude.length]);
        plainValues(result).forEach((value, i) => {
          const wanted = expected[i];
          // Iris knows nothing in the outer halves of the outermost cells, where the nearest point is a point still.
          if (method === 'nearest' && wanted === null) return;
          const isSame =
            value === null || wanted === null ? value === wanted : Math.abs(value - wanted) < 1e-9;
          const grids = [source, target].map(({ pole }) => (pole ? 'rotated' : 'plain'));
          assert.ok(isSame, `${text}, ${grids.join(' to ')}, at ${i}: ${value}, Iris has ${wanted}`);
        });
        const { values } = await compute(`${text}[time=#1, row=#2]`, dataset, variables, small);
        const [rows, columns] = [target.latitude.length, target.longitude.length];
        const row = (rows + 2) * columns;
        assert.deepEqual([...(values as Float64Array)], [...result.values.slice(row, row + columns)]);
      }
    });
  });

  const cells = (low: number, high: number, count: number) => {
    const ends = Array.from({ length: count + 1 }, (_, i) => low + ((high - low) * i) / count);
    return {
      points: ends.slice(1).map((end, i) => (end + ends[i]) / 2),
      bounds: ends.slice(1).flatMap((end, i) => [ends[i], end]),
    };
  };
  const gridOf = (
    latitude: ReturnType<typeof cells>,
    longitude: ReturnType<typeof cells>,
    pole?: [number, number],
  ) => ({
    pole,
    latitude: latitude.points,
    latitudeBounds: latitude.bounds,
    longitude: longitude.points,
    longitudeBounds: longitude.bounds,
  });
  const rotated = gridOf(cells(-15, 15, 10), cells(-15, 15, 10), [38, -175]);
  const around = gridOf(cells(-90, 90, 12), cells(0, 360, 18));
  const inside = gridOf(cells(46, 58, 6), cells(-5, 15, 7));
  const field = (count: number) =>
    numbers(
      'float64',
      [2, count, count],
      Array.from({ length: 2 * count * count }, (_, i) => Math.sin(i)),
    );

  for (const method of ['bilinear', 'conservative'] as const) {
    it(`is as between axes where axes are written as fields: ${method}`, async () => {
      const text = `regrid(t, like=like, method=${method})`;
      const data = field(10);
      // Great circles are no parallels: only where both ways take the edges of cells so are parts of areas the same.
      const source = method === 'conservative' ? rotated : gridOf(cells(40, 64, 10), cells(-15, 25, 10));
      const axes = griddedDataset(data, source, inside);
      const fields = fieldsDataset(data, source, inside);
      const [one, other] = [
        await compute(text, axes.dataset, axes.variables, small),
        await compute(text, fields.dataset, fields.variables, small),
      ];
      assert.deepEqual(one.shape, [2, 6, 7]);
      assert.deepEqual(other.shape, one.shape);
      plainValues(other).forEach((value, i) => {
        const expected = plainValues(one)[i];
        const isSame =
          value === null || expected === null ? value === expected : Math.abs(value - expected) < 1e-9;
        assert.ok(isSame, `at ${i}: ${value}, between axes ${expected}`);
      });
    });
  }

  it('takes the point that is nearest on the globe where points have fields of places', async () => {
    const { dataset, variables } = fieldsDataset(field(10), rotated, inside);
    const result = await compute('regrid(t[time=#0], like=like, method=nearest)', dataset, variables, small);
    const values = (name: string) =>
      variables.find((each) => each.name === name)!.array.values as Float64Array;
    const vector = (latitude: number, longitude: number) => {
      const [phi, lambda] = [(latitude * Math.PI) / 180, (longitude * Math.PI) / 180];
      return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
    };
    const sources = Array.from(values('lat'), (latitude, i) => vector(latitude, values('lon')[i]));
    plainValues(result).forEach((value, i) => {
      const target = vector(values('like_lat')[i], values('like_lon')[i]);
      const cosines = sources.map((source) =>
        source.reduce((sum, each, axis) => sum + each * target[axis], 0),
      );
      const found = values('t').indexOf(value!);
      assert.ok(cosines[found] > Math.max(...cosines) - 1e-12, `at ${i}: point ${found}`);
    });
  });

  it('takes the nearest of points along one dimension, and refuses what needs neighbours', async () => {
    const place = (name: string, values: number[]): SampleVariable => ({
      name,
      dimensions: ['cell'],
      array: numbers('float64', [values.length], values),
      attributes: { standard_name: name, units: 'radian' },
    });
    const radians = (...degrees: number[]) => degrees.map((each) => (each * Math.PI) / 180);
    const variables: SampleVariable[] = [
      {
        name: 't',
        dimensions: ['cell', 'time'],
        array: numbers('int32', [4, 2], Array(8).keys()),
        chunks: [regularRuns(4, 2), regularRuns(2, 1)],
      },
      place('latitude', radians(0, 80, -80, 0)),
      place('longitude', radians(10, 0, 0, 190)),
    ];
    const coordinates = ['latitude', 'longitude'].map((variable) => ({
      variable,
      dimensions: ['cell'],
      auxiliary: true,
    }));
    const dataset = sampleDataset(variables, { t: coordinates });
    const text = 'regrid(t, latitude=[85, 5, -70], longitude=[0, 180], method=nearest)';
    const result = await compute(text, dataset, variables, small);
    assert.deepEqual([result.dtype, result.shape], ['int32', [3, 2, 2]]);
    assert.deepEqual(plainValues(result), [2, 3, 2, 3, 0, 1, 6, 7, 4, 5, 4, 5]);
    const refused = { message: /points along one dimension have no neighbours/ };
    await assert.rejects(planText('regrid(t, step=90)', dataset), refused);
    await assert.rejects(planText('points(t, latitude=[1], longitude=[1])', dataset), refused);
  });

  it('keeps a constant field between any grids, and knows nothing outside', async () => {
    const ones = numbers('float32', [2, 10, 10], new Array(200).fill(1));
    for (const method of ['bilinear', 'nearest', 'conservative']) {
      for (const make of [griddedDataset, fieldsDataset]) {
        const within = make(ones, rotated, inside);
        const text = `regrid(t, like=like, method=${method})`;
        const { dtype, values, mask } = await compute(text, within.dataset, within.variables, small);
        assert.equal(dtype, 'float32');
        assert.ok(values.every((value) => Math.abs((value as number) - 1) < 1e-6) && !mask?.includes(1));
        const beyond = make(ones, rotated, around);
        const everywhere = await compute(text, beyond.dataset, beyond.variables, small);
        const there = plainValues(everywhere).filter((value) => value !== null);
        assert.ok(
          there.length > 0 && there.length < everywhere.values.length / 8,
          `${method}: ${there.length}`,
        );
        assert.ok(there.every((value) => Math.abs(value! - 1) < 1e-6));
      }
    }
  });

  it('knows places that are rounded to float32 for points of a source that is not', async () => {
    const degrees = { latitude: [59.7, 59.8, 59.9], longitude: [10.1, 10.2, 10.3] };
    const data = numbers('float64', [1, 3, 3], Array(9).keys());
    assert.ok(Math.fround(59.9) > 59.9 && Math.fround(10.1) > 10.1);
    // Of another pole by its name only.
    const axes = griddedDataset(data, degrees, { ...degrees, dtype: 'float32', pole: [90, 180] });
    const field = (standardName: string, of: (i: number) => number): SampleVariable => ({
      name: standardName,
      dimensions: ['row', 'column'],
      array: numbers(
        'float32',
        [3, 3],
        Array.from({ length: 9 }, (_, i) => of(i)),
      ),
      attributes: { units: 'degrees', standard_name: standardName },
    });
    const variables = [
      ...axes.variables.filter(({ name }) => ['t', 'y', 'x', 'like'].includes(name)),
      field('latitude', (i) => degrees.latitude[Math.floor(i / 3)]),
      field('longitude', (i) => degrees.longitude[i % 3]),
    ];
    const of = (name: string, dimensions: string[]) => ({ variable: name, dimensions });
    const fields = sampleDataset(variables, {
      t: [of('y', ['y']), of('x', ['x'])],
      like: ['latitude', 'longitude'].map((name) => ({ ...of(name, ['row', 'column']), auxiliary: true })),
    });
    for (const method of ['bilinear', 'nearest']) {
      const text = `regrid(t, like=like, method=${method})`;
      const places = [axes, { dataset: fields, variables }];
      for (const { dataset, variables } of places)
        assert.deepEqual(plainValues(await compute(text, dataset, variables)), [...Array(9).keys()]);
    }
  });

  it('goes to lists of degrees and to even cells, up to the poles and around', async () => {
    const data = numbers(
      'float32',
      [2, 12, 18],
      Array.from({ length: 432 }, (_, i) => Math.floor((i % 216) / 18)),
    );
    const { dataset, variables } = griddedDataset(data, around, inside);
    const at = (text: string) => compute(text, dataset, variables, small);
    const rows = await at('regrid(t, latitude=[-90, -75, 0, 89], longitude=[-5, 365])[time=#0]');
    assert.deepEqual(plainValues(rows), [0, 0, 0.5, 0.5, 5.5, 5.5, 11, 11]);
    const coarse = await at('regrid(t, step=[90, 180], method=conservative)[time=#1]');
    assert.deepEqual(coarse.shape, [2, 2]);
    const sine = (degrees: number) => Math.sin((degrees * Math.PI) / 180);
    const south = [0, 1, 2, 3, 4, 5].reduce(
      (sum, row) => sum + row * (sine(15 * row - 75) - sine(15 * row - 90)),
      0,
    );
    assert.ok(
      Math.abs((coarse.values[0] as number) - south) < 1e-6,
      `${coarse.values[0]}, expected ${south}`,
    );
    const { result } = await planText('regrid(t, step=30)', dataset);
    assert.deepEqual([result!.name, result!.units, result!.dimensions], ['t', 'K', ['time', 'y', 'x']]);
    const names = result!.coordinates.map(({ name, standardName, bounds }) => [
      name,
      standardName,
      bounds !== undefined,
    ]);
    assert.deepEqual(names, [
      ['y', 'latitude', true],
      ['x', 'longitude', true],
    ]);
  });

  it('says where rotated points are on the globe', async () => {
    const { dataset } = griddedDataset(field(12), gridOf(cells(40, 64, 12), cells(-15, 25, 12)), rotated);
    const { coordinates } = (await planText('regrid(t, like=like)', dataset)).result!;
    assert.deepEqual(
      coordinates.map(({ name, standardName, dimensions }) => [name, standardName, dimensions.join()]),
      [
        ['row', 'grid_latitude', 'row'],
        ['column', 'grid_longitude', 'column'],
        ['latitude', 'latitude', 'row,column'],
        ['longitude', 'longitude', 'row,column'],
      ],
    );
  });

  it('says what does not fit', async () => {
    const { dataset } = griddedDataset(field(10), gridOf(cells(40, 64, 10), cells(-15, 25, 10)), rotated);
    const refused = (text: string, message: RegExp) =>
      assert.rejects(
        planText(text, dataset),
        (error) => isHyperslabError(error, 'EXPRESSION_INVALID') && message.test(error.message),
        text,
      );
    await refused('regrid(t)', /takes one of like=array/);
    await refused('regrid(t, like=like, step=1)', /name one grid/);
    await refused('regrid(t, latitude=[1, 2])', /latitude= and longitude= together/);
    await refused('regrid(t, latitude=[1, 1], longitude=[1, 2])', /ascend or descend throughout/);
    await refused('regrid(t, step=7)', /divide 180 and 360, found 7/);
    await refused('regrid(t, step=1e-9)', /makes 180000000000 cells along one axis; expected at most 65536/);
    await refused('regrid(t, step=0)', /divide 180 and 360/);
    await refused('regrid(t, step=1, mdtol=0.5)', /only method=conservative/);
    await refused('regrid(t, step=1, method=conservative, mdtol=2)', /from 0 to 1/);
    await refused('regrid(mean(t, y), step=1)', /has no grid that is known/);
    await refused('regrid(t, latitude=[50], longitude=[1, 2], method=conservative)', /no cell/);
  });
});
