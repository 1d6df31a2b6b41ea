import assert from 'node:assert/strict';
import { isHyperslabError } from '@hyperslab/errors';
import type { Attribute } from '@hyperslab/proto/array';
import type { Group } from '@hyperslab/proto/index';
import { MergeOptions, type MetadataChange } from '@hyperslab/proto/merge';
import {
  aggregate,
  arrayBlock,
  checkMergeOptions,
  datasetMarkdown,
  parseDatasetMarkdown,
} from '../../src/index.ts';
import { buildIndex, type FileSketch, type VariableSketch } from '../build-index.ts';
import { fieldFile, fieldSet } from '../merge/field-sketches.ts';
import {
  auxiliary,
  coordinate,
  merge,
  mergeWith,
  shapes,
  single,
  step,
  valuesOf,
} from '../merge/merge-sketches.ts';

const textOf = (name: string, text: string): Attribute => ({
  name,
  dtype: 'char',
  strings: [text],
  numbers: [],
  integers: [],
});
const set = (variable: string, name: string, value: string): MetadataChange => ({
  change: { $case: 'set', value: { variable, attribute: textOf(name, value) } },
});
const remove = (variable: string, attribute: string): MetadataChange => ({
  change: { $case: 'remove', value: { variable, attribute } },
});
const rename = (from: string, to: string): MetadataChange => ({
  change: { $case: 'rename', value: { from, to } },
});
const drop = (variable: string): MetadataChange => ({ change: { $case: 'drop', value: { variable } } });
const add = (
  name: string,
  dimension: string,
  values: number[],
  attributes: Attribute[] = [],
): MetadataChange => ({
  change: {
    $case: 'add',
    value: {
      name,
      dimension,
      attributes,
      values: arrayBlock({
        dtype: 'float64',
        shape: dimension === '' ? [] : [values.length],
        values: Float64Array.from(values),
      }),
    },
  },
});
const changed = (changes: MetadataChange[], ...files: FileSketch[]) => mergeWith({ changes }, ...files);

async function refuses(message: RegExp, changes: MetadataChange[], ...files: FileSketch[]): Promise<void> {
  await assert.rejects(changed(changes, ...files), (error) => {
    assert.ok(isHyperslabError(error, 'INVALID_ARGUMENT'), String(error));
    assert.match(error.message, message);
    return true;
  });
}

describe('changes of metadata', () => {
  it('set and remove attributes, of variables and global ones, in a part of the files too', async () => {
    const celsius = step('b', [1], { attributes: { title: 'old', junk: 'x' } });
    celsius.variables.t.attributes = { units: 'degC', standard_name: 'air_temperature', bad: '1' };
    const other = step('a', [0], { attributes: { title: 'older' } });
    const { dataset } = await changed(
      [set('t', 'units', 'K'), remove('t', 'bad'), set('', 'title', 'A run'), remove('', 'junk')],
      other,
      celsius,
    );
    assert.deepEqual(shapes(dataset), { t: 'time:2 y:2' });
    assert.equal(dataset.cubes[0].units, 'K');
    assert.equal(dataset.title, 'A run');
    assert.deepEqual(
      dataset.attributes.map(({ name }) => name),
      ['title'],
    );
    assert.deepEqual(dataset.cubes[0].attributes, []);
  });

  it('make numbers of the right type where an attribute is one', async () => {
    const packed = step('a', [0]);
    packed.variables.t = { dtype: 'int16', dimensions: ['time', 'y'], attributes: { level: 3 } };
    const { dataset } = await changed(
      [
        set('t', 'scale_factor', '0.5'),
        set('t', '_FillValue', '-999'),
        set('t', 'level', '5'),
        set('t', 'units', '1'),
      ],
      packed,
    );
    const t = dataset.variables.find(({ name }) => name === 't')!;
    assert.equal(t.dtype, 'float64');
    assert.equal(t.packing?.scaleFactor, 0.5);
    assert.deepEqual(t.packing?.missingValues, [-999]);
    const found = Object.fromEntries(t.attributes.map((each) => [each.name, each]));
    assert.equal(found._FillValue.dtype, 'int16');
    assert.deepEqual(found.level, { name: 'level', dtype: 'int16', strings: [], numbers: [5], integers: [] });
    assert.equal(found.units.strings[0], '1');
    await refuses(
      /"scale_factor": expected a number.*found "half"/,
      [set('t', 'scale_factor', 'half')],
      packed,
    );
    const wide = step('a', [0]);
    wide.variables.t = { dtype: 'int64', dimensions: ['time', 'y'] };
    const big = await changed([set('t', '_FillValue', '9007199254740993')], wide);
    assert.deepEqual(big.dataset.variables.find(({ name }) => name === 't')?.packing?.missingIntegers, [
      '9007199254740993',
    ]);
  });

  it('rename variables and dimensions with all that name them', async () => {
    const file = step('a', [0, 1]);
    file.variables.lat = {
      dtype: 'float64',
      dimensions: ['y'],
      values: [50, 51],
      attributes: { units: 'degrees_north' },
    };
    file.variables.t.attributes = { coordinates: 'lat', cell_methods: 'y: mean', units: 'K' };
    const { dataset } = await changed(
      [rename('t', 'tas'), rename('y', 'row'), rename('lat', 'latitude')],
      file,
    );
    assert.deepEqual(shapes(dataset), { tas: 'time:2 row:2' });
    const [cube] = dataset.cubes;
    assert.deepEqual(coordinate(cube, 'latitude'), { role: auxiliary, dimensions: ['row'] });
    assert.deepEqual(valuesOf(dataset, 'row'), [10, 20]);
    assert.equal(cube.cellMethods, 'row: mean');
    await refuses(/a has a variable or dimension "y" already/, [rename('t', 'y')], file);
  });

  it('rename what a word means in its own group, not what has its name elsewhere', async () => {
    const numbers = (values: number[], attributes: Record<string, string> = {}): VariableSketch => ({
      ...{ dtype: 'float64', dimensions: ['y'], values, attributes },
    });
    const part = (name: string, lat: number[], coordinates: string): Group => {
      const { root } = buildIndex({
        url: name,
        dimensions: { y: 2 },
        variables: {
          lat: numbers(lat, { units: 'degrees_north' }),
          [`t${name}`]: { dimensions: ['y'], attributes: { coordinates, units: 'K' } },
        },
      });
      return { ...root!, name, dimensions: [] };
    };
    const file = buildIndex({
      url: 'file',
      dimensions: { y: 2 },
      variables: { latitude: numbers([7, 8], { units: 'degrees_north' }) },
    });
    file.root!.groups = [part('a', [1, 2], 'lat latitude'), part('b', [3, 4], 'lat')];
    file.root!.groups[1].groups = [part('c', [5, 6], '/a/lat lat')];
    const changes = [rename('a/lat', 'latitude'), rename('b/lat', 'phi')];
    const { dataset } = await aggregate([file], { merge: MergeOptions.fromPartial({ changes }) });
    const found = dataset.cubes.map(({ name, coordinates }) => [
      name,
      ...coordinates.map(({ variable }) => variable),
    ]);
    assert.deepEqual(found, [
      ['a/ta', 'a/latitude', 'latitude'],
      ['b/tb', 'b/phi'],
      ['b/c/tc', 'a/latitude', 'b/c/lat'],
    ]);
    assert.deepEqual(
      ['a/latitude', 'latitude', 'b/phi', 'b/c/lat'].map((name) => valuesOf(dataset, name)),
      [
        [1, 2],
        [7, 8],
        [3, 4],
        [5, 6],
      ],
    );
  });

  it('drop variables, and those that are in the way of a merge', async () => {
    const flag = (value: number) => ({ flag: { dtype: 'int32', dimensions: ['y'], values: [value, value] } });
    const files = [0, 1].map((t) => step(`${t}`, [t], { variables: flag(t) }));
    assert.equal((await merge(...files)).dataset.cubes.length, 2);
    const { dataset } = await changed([drop('flag')], ...files);
    assert.deepEqual(shapes(dataset), { t: 'time:2 y:2' });
  });

  it('add a scalar coordinate to fields, and others along their dimension', async () => {
    const { dataset } = await changed(
      [
        add('height', '', [2], [textOf('units', 'm')]),
        add('lon', 'y', [5, 6], [textOf('units', 'degrees_east')]),
        set('height', 'standard_name', 'height'),
      ],
      step('a', [0]),
      step('b', [1]),
    );
    const [cube] = dataset.cubes;
    assert.deepEqual(coordinate(cube, 'height'), { role: single, dimensions: [] });
    assert.equal(cube.coordinates.find(({ variable }) => variable === 'height')?.standardName, 'height');
    assert.deepEqual(coordinate(cube, 'lon'), { role: auxiliary, dimensions: ['y'] });
    assert.deepEqual(valuesOf(dataset, 'lon'), [5, 6]);
    assert.deepEqual(valuesOf(dataset, 'height'), [2]);
    await refuses(/a has 2 elements along y; expected the 3/, [add('lon', 'y', [1, 2, 3])], step('a', [0]));
    await refuses(/has a variable of that name/, [add('y', 'y', [1, 2])], step('a', [0]));
    const bare = step('a', [0]);
    delete (bare.variables as Record<string, unknown>).y;
    const named = await changed([add('y', 'y', [7, 8])], bare);
    assert.deepEqual(valuesOf(named.dataset, 'y'), [7, 8]);
  });

  it('reach fields of messages and their coordinates', async () => {
    const rows = [0, 6].map((time) => ({ time }));
    const changes = [
      rename('t', 'tas'),
      set('tas', 'units', 'K'),
      rename('time', 'when'),
      add('height', '', [2]),
    ];
    const options = { merge: MergeOptions.fromPartial({ changes }) };
    const { dataset } = await aggregate(
      [fieldFile('a', { pl: [fieldSet('t', rows), fieldSet('u', rows)] })],
      options,
    );
    assert.deepEqual(shapes(dataset), {
      tas: 'when:2 latitude:2 longitude:3',
      u: 'when:2 latitude:2 longitude:3',
    });
    assert.equal(dataset.cubes[0].units, 'K');
    assert.deepEqual(coordinate(dataset.cubes[0], 'height'), { role: single, dimensions: [] });
    const dropped = await aggregate([fieldFile('a', { pl: [fieldSet('t', rows), fieldSet('u', rows)] })], {
      merge: MergeOptions.fromPartial({ changes: [drop('u')] }),
    });
    assert.deepEqual(
      dropped.dataset.cubes.map(({ name }) => name),
      ['t'],
    );
  });

  it('must be about something that one file has at least', async () => {
    const extra = step('b', [1], { variables: { u: { dimensions: ['time', 'y'] } } });
    await changed([set('u', 'units', 'm s-1')], step('a', [0]), extra);
    for (const change of [
      set('v', 'units', 'K'),
      drop('v'),
      rename('v', 'w'),
      remove('t', 'gone'),
      add('c', 'z', [1]),
    ])
      await refuses(/no file has what it is about; the variables are t, time, y/, [change], step('a', [0]));
  });

  it('name a dimension from the URL too', async () => {
    const { dataset } = await mergeWith(
      {
        dimensions: [{ name: 'step', pattern: '\\d+', attribute: '' }],
        changes: [set('step', 'units', 'hours')],
      },
      step('6', [0]),
      step('3', [0]),
    );
    const found = dataset.cubes[0].coordinates.find(({ variable }) => variable === 'step');
    assert.equal(found?.units, 'hours');
    assert.deepEqual(valuesOf(dataset, 'step'), [3, 6]);
  });

  it('are kept in the provenance, and on the Markdown page', async () => {
    const { dataset } = await changed([set('t', 'units', 'degC'), drop('y')], step('a', [0]));
    assert.equal(dataset.provenance?.merge?.changes.length, 2);
    const page = datasetMarkdown(dataset);
    assert.match(page, /## Merged with\n\n- set t\.units = degC\n- drop y\n/);
    assert.deepEqual(parseDatasetMarkdown(page), dataset);
  });

  it('are refused before any file is looked at where they can be nothing', () => {
    const bad: MetadataChange[] = [
      {},
      rename('a', 'b/c'),
      rename('', 'b'),
      drop(''),
      remove('t', ''),
      set('t', '', 'x'),
      { change: { $case: 'add', value: { name: 'a', dimension: '', attributes: [] } } },
      {
        change: {
          $case: 'add',
          value: {
            name: 'a',
            dimension: 'x',
            attributes: [],
            values: { dtype: 'float64', shape: [3], data: Buffer.alloc(8), mask: Buffer.alloc(0) },
          },
        },
      },
    ];
    const values = (
      dtype: string,
      shape: number[],
      bytes: number[],
      mask: number[] = [],
    ): MetadataChange => ({
      change: {
        $case: 'add',
        value: {
          name: 'a',
          dimension: 'x',
          attributes: [],
          values: { dtype, shape, data: Buffer.from(bytes), mask: Buffer.from(mask) },
        },
      },
    });
    bad.push(
      values('string', [1], [255, 255, 255, 255]),
      values('string', [2 ** 40], [0, 0, 0, 0]),
      values('int8', [2], [1]),
      values('int8', [1], [1], [1]),
      values('opaque', [1], [1]),
      values('int8', [0], []),
    );
    for (const change of bad)
      assert.throws(
        () => checkMergeOptions(MergeOptions.fromPartial({ changes: [change] })),
        (error) => isHyperslabError(error, 'INVALID_ARGUMENT'),
        JSON.stringify(change),
      );
    checkMergeOptions(
      MergeOptions.fromPartial({ changes: [add('a', '', [1]), rename('a', 'b'), set('', 'title', '')] }),
    );
  });
});
