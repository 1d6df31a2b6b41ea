import assert from 'node:assert/strict';
import { decodeArray } from '@hyperslab/array';
import { isHyperslabError } from '@hyperslab/errors';
import { CoordinateRole, type Dataset } from '@hyperslab/proto/cube';
import { MergeOptions } from '@hyperslab/proto/merge';
import { memorySource } from '@hyperslab/storage';
import { aggregate, openManifest } from '../../src/index.ts';
import { fieldFile, fieldSet, text } from './field-sketches.ts';

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
      /"t": two fields of a, at bytes 0 and 1000, can't be one cube: both lie at .*time 2000-01-01T00:00:00Z.*; copy the file without one/,
    );
  });

  it('holds apart parameters of one name, in one file, that differ in cell methods', async () => {
    const rows = [0, 6].map((time) => ({ time }));
    const [mean, most] = ['time: mean', 'time: maximum'].map((methods, i) => {
      const set = fieldSet('t', rows, 10 * i);
      set.variable!.attributes = [text('cell_methods', methods)];
      return set;
    });
    const merged = await aggregate([fieldFile('a', { pl: [mean, most] })]);
    const [first, second] = merged.dataset.cubes;
    assert.deepEqual([first.cellMethods, second.cellMethods], ['time: mean', 'time: maximum']);
    assert.equal(await placeOf(merged, first.name, [1]), 'a 1000');
    assert.equal(await placeOf(merged, second.name, [1]), 'a 11000');
  });

  it('takes the member from URLs where fields do not say it, and refuses it where they say another', async () => {
    const merge = {
      ignoreAttributes: [],
      dimensions: [{ name: 'realization', attribute: '', pattern: 'm(\\d+)' }],
    };
    const rows = [0, 6].map((time) => ({ time }));
    const named = (realization: number) => rows.map((row) => ({ ...row, realization }));
    const files = [
      fieldFile('m01', { s: [fieldSet('t', rows)] }),
      fieldFile('m02', { s: [fieldSet('t', named(2))] }),
    ];
    const { dataset } = await aggregate(files, { merge: MergeOptions.fromPartial(merge) });
    assert.deepEqual(cubeOf(dataset, 't').dimensions, ['realization', 'time', 'latitude', 'longitude']);
    assert.deepEqual(valuesOf(dataset, 'realization'), [1, 2]);
    const other = [fieldFile('m03', { s: [fieldSet('t', named(4))] })];
    await assert.rejects(aggregate(other, { merge: MergeOptions.fromPartial(merge) }), (error) => {
      assert.ok(isHyperslabError(error, 'INVALID_ARGUMENT'));
      assert.match(error.message, /"realization": it is 4 of fields in m03, and "03" is to be added/);
      return true;
    });
  });

  it('refuses columns that are shorter than the fields', async () => {
    const set = fieldSet('t', [{ time: 0 }, { time: 6 }]);
    set.coordinates[0].values.pop();
    await assert.rejects(aggregate([fieldFile('a', { s: [set] })]), (error) =>
      isHyperslabError(error, 'INTERNAL'),
    );
  });
});
