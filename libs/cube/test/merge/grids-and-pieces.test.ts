import assert from 'node:assert/strict';
import { isHyperslabError } from '@hyperslab/errors';
import { Dataset } from '@hyperslab/proto/cube';
import { memorySource } from '@hyperslab/storage';
import { aggregate, openManifest } from '../../src/index.ts';
import { buildIndex, type FileSketch, type VariableSketch } from '../build-index.ts';
import { hours, merge, scalar, shapes, step, valuesOf } from './merge-sketches.ts';

describe('different grids and parameters', () => {
  it('are separate cubes, in order of shape, with dimensions of their own', async () => {
    const fine = step('fine', [0], {
      dimensions: { time: 1, y: 3 },
      variables: {
        y: {
          dtype: 'float32',
          dimensions: ['y'],
          values: [10, 15, 20],
          attributes: { units: 'degrees_north' },
        },
      },
    });
    const { dataset } = await merge(fine, step('coarse', [0]));
    assert.deepEqual(shapes(dataset), { t: 'time:1 y:2', t__2: 'time:1 y__2:3' });
    assert.deepEqual(valuesOf(dataset, 'y__2'), [10, 15, 20]);
    assert.deepEqual(
      dataset.cubes[1].coordinates.map(({ variable }) => variable),
      ['time', 'y__2'],
    );
    assert.deepEqual(dataset.provenance?.notes, [
      't: on 2 grids, which are 2 cubes: the length of y is 3 in fine and 2 in coarse; no option joins grids of different sizes',
    ]);
  });

  it('share coordinates that are equal and not those that are not', async () => {
    const other = step('b', [0, 1]);
    other.variables = { ...other.variables, u: { dimensions: ['time', 'y'] } };
    delete (other.variables as Record<string, VariableSketch>).t;
    const { dataset } = await merge(step('a', [0, 1, 2]), other);
    assert.deepEqual(shapes(dataset), { t: 'time:3 y:2', u: 'time__2:2 y:2' });
    assert.deepEqual(valuesOf(dataset, 'time__2'), [0, 1]);
  });

  it('that only differ in units are a conflict', async () => {
    const celsius = step('b', [1]);
    celsius.variables.t.attributes = { units: 'degC', standard_name: 'air_temperature' };
    await assert.rejects(merge(step('a', [0]), celsius), /"t": units is "K" in a and "degC" in b/);
  });

  it('of two ways to lay out dimensions are noted', async () => {
    const turned = step('b', [1]);
    turned.variables.t.dimensions = ['y', 'time'];
    const { dataset } = await merge(step('a', [0]), turned);
    assert.deepEqual(shapes(dataset), { t: 'time:1 y:2', t__2: 'y:2 time__2:1' });
    assert.match(dataset.provenance!.notes[0], /^t: of 2 kinds, which are cubes of their own/);
  });

  it('of two calendars are a conflict', async () => {
    const noleap = step('b', [1]);
    noleap.variables.time.attributes = { units: hours, calendar: 'noleap' };
    await assert.rejects(merge(step('a', [0]), noleap), (error) => isHyperslabError(error, 'MERGE_CONFLICT'));
  });
});

describe('pieces', () => {
  it('packed differently keep their packing and meet in one type', async () => {
    const packed = (url: string, time: number, scale: number) => {
      const file = step(url, [time]);
      file.variables.t = {
        dtype: 'int16',
        dimensions: ['time', 'y'],
        attributes: { scale_factor: scale, _FillValue: -9 },
      };
      return file;
    };
    const plain = step('c', [2]);
    plain.variables.t = { dtype: 'float64', dimensions: ['time', 'y'] };
    const { dataset, manifest } = await merge(packed('a', 0, 0.5), packed('b', 1, 0.25), plain);
    const t = dataset.variables.find(({ name }) => name === 't')!;
    assert.equal(t.dtype, 'float64');
    assert.equal(t.storedDtype, '');
    assert.equal(t.packing, undefined);
    assert.deepEqual(t.attributes, []);
    const open = await openManifest(memorySource('m', manifest));
    const pieces = await Array.fromAsync(
      open.locate(
        0,
        t.shape.map((count) => ({ start: 0, count, step: 1 })),
      ),
    );
    assert.deepEqual(
      pieces.map(({ packing }) => [packing.scaleFactor, packing.unpackedDtype]),
      [
        [0.5, 'float64'],
        [0.25, 'float64'],
        [undefined, 'float64'],
      ],
    );
  });

  it('lie on one grid whose coordinates are stored in several ways', async () => {
    const at = (time: number, y: VariableSketch) =>
      step(`f${time}`, [time], { variables: { y: { dimensions: ['y'], ...y } } });
    const { dataset } = await merge(
      at(0, { dtype: 'float32', values: [10, 20], attributes: { units: 'degrees_north' } }),
      at(1, { dtype: 'float64', values: [10, 20], attributes: { units: 'degrees_north' } }),
      at(2, { dtype: 'int16', values: [1, 2], attributes: { units: 'degrees_north', scale_factor: 10 } }),
      at(3, { dtype: 'float64', values: [10, 20], attributes: { units: 'degrees_north' } }),
    );
    assert.deepEqual(shapes(dataset), { t: 'time:4 y:2' });
    assert.deepEqual(valuesOf(dataset, 'y'), [10, 20]);
  });

  it('stored alike say how', async () => {
    const { dataset } = await merge(step('a', [0]), step('b', [1]));
    const t = dataset.variables.find(({ name }) => name === 't')!;
    assert.equal(t.storedDtype, 'float32');
    assert.equal(t.packing?.unpackedDtype, 'float32');
  });

  it('keep attributes that they agree on; others are noted', async () => {
    const file = (url: string, time: number) =>
      step(url, [time], { attributes: { title: 'A run', history: url, experiment: url } });
    const { dataset } = await merge(file('a', 0), file('b', 1));
    assert.deepEqual(
      dataset.attributes.map(({ name }) => name),
      ['title'],
    );
    assert.equal(dataset.title, 'A run');
    assert.deepEqual(dataset.provenance?.notes, [
      'global attributes: dropped experiment, which differ between files',
    ]);
  });

  it('have chunk grids whose boundaries are united', async () => {
    const cut = (url: string, time: number, chunks: number[]) => {
      const file = step(url, [time, time + 1, time + 2], { dimensions: { time: 3, y: 2 } });
      file.variables.t.chunks = chunks;
      return file;
    };
    const { dataset } = await merge(cut('a', 0, [2, 1]), cut('b', 3, [3, 2]));
    const t = dataset.variables.find(({ name }) => name === 't')!;
    assert.deepEqual(t.chunkGrid, [
      { sizes: [2, 1, 3], counts: [1, 1, 1] },
      { sizes: [1], counts: [2] },
    ]);
  });
});

describe('a merge of many pieces', () => {
  it('of ten thousand takes a second or so, and a dataset of kilobytes', async function () {
    this.timeout(60_000);
    const indexes = Array.from({ length: 10_000 }, (_, i) => buildIndex(step(`file:///run/${i}.nc`, [i])));
    const before = process.cpuUsage();
    const { dataset, manifest } = await aggregate(indexes);
    const { user, system } = process.cpuUsage(before);
    const milliseconds = (user + system) / 1000;
    assert.deepEqual(shapes(dataset), { t: 'time:10000 y:2' });
    assert.ok(milliseconds < 5000, `${milliseconds} ms`);
    const time = dataset.variables.find(({ name }) => name === 'time')!;
    assert.equal(time.data?.$case, 'manifestArray');
    assert.ok(Dataset.encode(dataset).finish().length < 10_000);
    // The values of the merged coordinate lie in the manifest, as nowhere else.
    const open = await openManifest(memorySource('m', manifest));
    assert.ok(time.data?.$case === 'manifestArray');
    const [piece] = await Array.fromAsync(
      open.locate(time.data.value, [{ start: 0, count: 10_000, step: 1 }]),
    );
    assert.equal(piece.object?.url, 'manifest:');
    const [chunk] = piece.chunks;
    const bytes = Buffer.from(manifest.subarray(chunk.offset, chunk.offset + chunk.length));
    assert.equal(bytes.readDoubleLE(8 * 1234), 1234);
  });

  it('of none is refused', async () => {
    await assert.rejects(aggregate([]), (error) => isHyperslabError(error, 'INVALID_ARGUMENT'));
  });
});

describe('variables that go with a parameter', () => {
  it('are stacked like it, and are no cubes', async () => {
    const at = (url: string, time: number): FileSketch => ({
      url,
      dimensions: { y: 2 },
      variables: {
        t: { dimensions: ['y'], attributes: { coordinates: 'time', ancillary_variables: 'flag' } },
        flag: { dtype: 'int8', dimensions: ['y'], attributes: { coordinates: 'time' } },
        time: scalar(time, { units: hours }),
      },
    });
    const { dataset } = await merge(at('a', 0), at('b', 6));
    assert.deepEqual(shapes(dataset), { t: 'time:2 y:2' });
    assert.deepEqual(dataset.variables.find(({ name }) => name === 'flag')?.shape, [2, 2]);
  });
});
