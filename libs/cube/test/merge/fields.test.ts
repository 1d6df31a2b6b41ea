import assert from 'node:assert/strict';
import { decodeArray } from '@hyperslab/array';
import { isHyperslabError } from '@hyperslab/errors';
import type { Attribute } from '@hyperslab/proto/array';
import { CoordinateRole, type Dataset } from '@hyperslab/proto/cube';
import type { FieldSet, FileIndex, Group, IndexedVariable } from '@hyperslab/proto/index';
import { memorySource } from '@hyperslab/storage';
import { aggregate, arrayBlock, openManifest } from '../../src/index.ts';

type Row = Record<string, number | string | [number, number, number]>;

const text = (name: string, value: string): Attribute => ({
  name,
  dtype: 'char',
  strings: [value],
  numbers: [],
  integers: [],
});

const about: Record<string, Attribute[]> = {
  time: [text('standard_name', 'time'), text('units', 'hours since 2000-01-01')],
  forecast_reference_time: [
    text('standard_name', 'forecast_reference_time'),
    text('units', 'hours since 2000-01-01'),
  ],
  forecast_period: [text('standard_name', 'forecast_period'), text('units', 'hours')],
  isobaricInhPa: [
    text('standard_name', 'air_pressure'),
    text('units', 'hPa'),
    text('positive', 'down'),
    text('stored_direction', 'decreasing'),
  ],
  realization: [text('standard_name', 'realization')],
  expver: [],
};

function described(name: string, dtype: string, dimensions: string[], shape: number[]): IndexedVariable {
  const attributes = about[name] ?? [];
  return { name, dtype, dimensions, shape, attributes, notComputable: '', contentSha256: '' };
}

/** A set of fields of 2 × 3 points, the n-th at byte 1000 n: a value, or a value with two bounds, in each column. */
function fieldSet(name: string, rows: Row[], first = 0): FieldSet {
  const layout = { storedDtype: 'float32', chunkShape: [2, 3], codecs: [], edgeChunksPadded: true };
  return {
    variable: described(name, 'float32', ['/@grid/latitude', '/@grid/longitude'], [2, 3]),
    offsets: rows.map((_, row) => 1000 * (first + row)),
    lengths: rows.map(() => 900),
    layouts: [layout],
    layoutOf: [],
    coordinates: Object.keys(rows[0]).map((column) => {
      const cells = rows.map((row) => row[column]);
      const isText = typeof cells[0] === 'string';
      return {
        variable: described(column, isText ? 'string' : 'float64', [], []),
        values: isText ? [] : cells.map((cell) => Number([cell].flat()[0])),
        texts: isText ? cells.map(String) : [],
        bounds: Array.isArray(cells[0]) ? cells.flatMap((cell) => (cell as number[]).slice(1)) : [],
      };
    }),
  };
}

/** A file of one grid with sets of fields by kind of level. */
function fieldFile(url: string, kinds: Record<string, FieldSet[]>): FileIndex {
  const axis = (name: string, values: number[]): IndexedVariable => ({
    ...described(name, 'float64', [`/@grid/${name}`], [values.length]),
    attributes: [text('units', name === 'latitude' ? 'degrees_north' : 'degrees_east')],
    inlineValues: arrayBlock({ dtype: 'float64', shape: [values.length], values: Float64Array.from(values) }),
  });
  const group = (name: string, more: Partial<Group>): Group => ({
    name,
    attributes: [],
    dimensions: [],
    variables: [],
    groups: [],
    ...more,
  });
  const grid = group('@grid', {
    dimensions: [
      { name: 'latitude', size: 2, unlimited: false },
      { name: 'longitude', size: 3, unlimited: false },
    ],
    variables: [axis('latitude', [10, 0]), axis('longitude', [0, 120, 240])],
    groups: Object.entries(kinds).map(([kind, sets]) => group(`@${kind}`, { fields: { sets } })),
  });
  return {
    url,
    format: 'grib',
    version: { size: 100_000, etag: '', modifiedUs: 1 },
    bytesRead: 10,
    notes: [],
    root: group('', { groups: [grid] }),
  };
}

function cubeOf(dataset: Dataset, name: string) {
  const cube = dataset.cubes.find((candidate) => candidate.name === name);
  assert.ok(cube, `no cube ${name} among ${dataset.cubes.map((each) => each.name).join(', ')}`);
  return cube;
}

function valuesOf(dataset: Dataset, name: string): number[] {
  const variable = dataset.variables.find((candidate) => candidate.name === name);
  assert.ok(variable?.data?.$case === 'inlineValues', `${name} is not inline`);
  return Array.from(decodeArray(variable.data.value).values as ArrayLike<number>);
}

/** URL and offset of the field at an index of the leading dimensions. */
async function placeOf(
  { dataset, manifest }: { dataset: Dataset; manifest: Uint8Array },
  name: string,
  index: number[],
) {
  const variable = dataset.variables.find((candidate) => candidate.name === name);
  assert.ok(variable?.data?.$case === 'manifestArray');
  const open = await openManifest(memorySource('m', manifest));
  const ranges = variable.shape.map((extent, axis) =>
    axis < index.length ? { start: index[axis], count: 1, step: 1 } : { start: 0, count: extent, step: 1 },
  );
  const [{ object, chunks }] = await Array.fromAsync(open.locate(variable.data.value, ranges));
  return `${object?.url} ${chunks[0].offset}`;
}

describe('merging fields', () => {
  it('makes dimensions of the scalars that differ, in one file and across files', async () => {
    const rows = (time: number) => [850, 500].map((level) => ({ time, isobaricInhPa: level }));
    const merged = await aggregate([
      fieldFile('b', { pl: [fieldSet('t', [...rows(12), ...rows(18)])] }),
      fieldFile('a', { pl: [fieldSet('t', rows(6))] }),
    ]);
    const cube = cubeOf(merged.dataset, 't');
    assert.deepEqual(cube.dimensions, ['time', 'isobaricInhPa', 'latitude', 'longitude']);
    assert.deepEqual(cube.shape, [3, 2, 2, 3]);
    assert.equal(cube.pieces, 6);
    assert.deepEqual(valuesOf(merged.dataset, 'time'), [6, 12, 18]);
    assert.deepEqual(valuesOf(merged.dataset, 'isobaricInhPa'), [850, 500]);
    assert.deepEqual(valuesOf(merged.dataset, 'latitude'), [10, 0]);
    assert.equal(await placeOf(merged, 't', [0, 0]), 'a 0');
    assert.equal(await placeOf(merged, 't', [2, 1]), 'b 3000');
  });

  it('shares times and grid between parameters, and tells kinds of level apart by name', async () => {
    const times = [0, 6];
    const { dataset } = await aggregate([
      fieldFile('a', {
        pl: [
          fieldSet(
            'u',
            times.flatMap((time) => [850, 500].map((isobaricInhPa) => ({ time, isobaricInhPa }))),
          ),
          fieldSet(
            't',
            times.map((time) => ({ time, isobaricInhPa: 850 })),
          ),
        ],
        surface: [
          fieldSet(
            't',
            times.map((time) => ({ time })),
          ),
          fieldSet('tp', [{ time: 6 }]),
        ],
      }),
    ]);
    assert.deepEqual(
      dataset.cubes.map(({ name, dimensions }) => `${name} ${dimensions.join()}`),
      [
        'u time,isobaricInhPa,latitude,longitude',
        't time,latitude,longitude',
        'surface/t time,latitude,longitude',
        'tp latitude,longitude',
      ],
    );
    const scalars = cubeOf(dataset, 't').coordinates.filter(
      ({ role }) => role === CoordinateRole.COORDINATE_ROLE_SCALAR,
    );
    assert.equal(scalars.length, 1);
    assert.deepEqual(valuesOf(dataset, scalars[0].variable), [850]);
    const own = cubeOf(dataset, 'tp').coordinates.find(({ standardName }) => standardName === 'time');
    assert.deepEqual(valuesOf(dataset, own!.variable), [6]);
  });

  it('lays forecasts of several runs along run and lead time, with times of two dimensions', async () => {
    const rows = [0, 12].flatMap((forecast_reference_time) =>
      [6, 12, 18].map((forecast_period) => ({
        time: forecast_reference_time + forecast_period,
        forecast_reference_time,
        forecast_period,
      })),
    );
    const { dataset } = await aggregate([fieldFile('a', { pl: [fieldSet('t', rows)] })]);
    const cube = cubeOf(dataset, 't');
    assert.deepEqual(cube.dimensions.slice(0, 2), ['forecast_reference_time', 'forecast_period']);
    assert.deepEqual(valuesOf(dataset, 'time'), [6, 12, 18, 18, 24, 30]);
  });

  it('prefers time where it alone tells fields apart, and keeps bounds and texts', async () => {
    const rows = [1, 2, 3].map((day) => ({
      time: [24 * day, 24 * day - 24, 24 * day] as [number, number, number],
      forecast_period: 24 * day,
      forecast_reference_time: 0,
      expver: '0001',
    }));
    const { dataset } = await aggregate([fieldFile('a', { surface: [fieldSet('tp', rows)] })]);
    const cube = cubeOf(dataset, 'tp');
    assert.deepEqual(cube.dimensions, ['time', 'latitude', 'longitude']);
    const time = cube.coordinates.find(({ variable }) => variable === 'time');
    assert.equal(time?.bounds, 'time_bnds');
    assert.deepEqual(valuesOf(dataset, 'time_bnds'), [0, 24, 24, 48, 48, 72]);
    assert.deepEqual(valuesOf(dataset, 'forecast_period'), [24, 48, 72]);
    const version = dataset.variables.find(({ name }) => name === 'expver');
    assert.ok(version?.data?.$case === 'inlineValues');
    assert.deepEqual(decodeArray(version.data.value).values, ['0001']);
  });

  it('names the place that has no field, and the two that lie in one place', async () => {
    const rows = [
      { time: 0, realization: 0 },
      { time: 6, realization: 0 },
      { time: 0, realization: 1 },
    ];
    await assert.rejects(aggregate([fieldFile('a', { s: [fieldSet('t', rows)] })]), (error) => {
      assert.ok(isHyperslabError(error, 'MERGE_CONFLICT'));
      assert.match(
        error.message,
        /3 pieces do not fill a grid.*none at time 2000-01-01T06:00:00Z, realization 1/,
      );
      return true;
    });
    const twice = [
      { time: 0, realization: 0 },
      { time: 0, realization: 0 },
    ];
    await assert.rejects(
      aggregate([fieldFile('a', { s: [fieldSet('t', twice)] })]),
      /both lie at time 2000-01-01T00:00:00Z/,
    );
  });

  it('refuses columns that are shorter than the fields', async () => {
    const set = fieldSet('t', [{ time: 0 }, { time: 6 }]);
    set.coordinates[0].values.pop();
    await assert.rejects(aggregate([fieldFile('a', { s: [set] })]), (error) =>
      isHyperslabError(error, 'INTERNAL'),
    );
  });
});
