import assert from 'node:assert/strict';
import { decodeArray } from '@hyperslab/array';
import { isHyperslabError } from '@hyperslab/errors';
import { Dataset } from '@hyperslab/proto/cube';
import type { FileSketch, VariableSketch } from '../build-index.ts';
import {
  auxiliary,
  coordinate,
  dimension,
  hours,
  merge,
  scalar,
  shapes,
  step,
  urlsAlong,
  valuesOf,
} from './merge-sketches.ts';

describe('what files of a run repeat', () => {
  const constant = (url: string, time: number, height: number) =>
    step(url, [time], { variables: { orography: { dimensions: ['y'], values: [height, 1] } } });

  it('is kept once where it is equal', async () => {
    const { dataset } = await merge(constant('a', 0, 5), constant('b', 1, 5));
    assert.deepEqual(shapes(dataset), { t: 'time:2 y:2', orography: 'y:2' });
    assert.deepEqual(valuesOf(dataset, 'orography'), [5, 1]);
  });

  it('lies along the join where it differs', async () => {
    const { dataset } = await merge(constant('b', 1, 6), constant('a', 0, 5));
    assert.deepEqual(shapes(dataset), { t: 'time:2 y:2', orography: 'time:2 y:2' });
    assert.deepEqual(valuesOf(dataset, 'orography'), [5, 1, 6, 1]);
    assert.deepEqual(coordinate(dataset.cubes[1], 'time'), { role: dimension, dimensions: ['time'] });
    assert.deepEqual(dataset.provenance?.notes, [
      'orography: laid along time, since values differ between files',
    ]);
  });
});

describe('what differs between files and says nothing of where it belongs', () => {
  const withNumber = (url: string, times: number[], number: number, more: Partial<FileSketch> = {}) =>
    step(url, times, { ...more, variables: { reftime: scalar(number), ...more.variables } });

  it('is repeated over the steps of its file', async () => {
    const { dataset } = await merge(withNumber('b', [3, 4], 8), withNumber('a', [0, 1, 2], 7));
    assert.deepEqual(shapes(dataset), { t: 'time:5 y:2', reftime: 'time:5' });
    assert.deepEqual(valuesOf(dataset, 'reftime'), [7, 7, 7, 8, 8]);
  });

  it('is repeated too when it is a coordinate', async () => {
    const listed = (url: string, times: number[], number: number) => {
      const file = withNumber(url, times, number);
      file.variables.t.attributes!.coordinates = 'reftime';
      return file;
    };
    const { dataset } = await merge(listed('b', [3, 4], 8), listed('a', [0, 1, 2], 7));
    assert.deepEqual(valuesOf(dataset, 'reftime'), [7, 7, 7, 8, 8]);
    assert.deepEqual(coordinate(dataset.cubes[0], 'reftime'), { role: auxiliary, dimensions: ['time'] });
  });

  it('is given in the units of the first file', async () => {
    const at = (url: string, time: number, units: string) => {
      const file = withNumber(url, [time], 0);
      file.variables.reftime.attributes = { units };
      return file;
    };
    const { dataset } = await merge(at('a', 0, hours), at('b', 1, 'days since 2000-01-02'));
    assert.deepEqual(valuesOf(dataset, 'reftime'), [0, 24]);
    assert.equal(dataset.cubes.find(({ name }) => name === 'reftime')?.units, hours);
  });

  it('lies along those of several dimensions that it differs along', async () => {
    const at = (time: number, member: number) => {
      const file = withNumber(`${time}.${member}`, [time], 10 * time, {
        variables: { member: scalar(member), seed: scalar(member * 100 + time) },
      });
      file.variables.t.attributes!.coordinates = 'member';
      return file;
    };
    const { dataset } = await merge(at(0, 1), at(0, 2), at(1, 1), at(1, 2));
    assert.deepEqual(shapes(dataset), {
      t: 'member:2 time:2 y:2',
      reftime: 'time:2',
      seed: 'member:2 time:2',
    });
    assert.deepEqual(valuesOf(dataset, 'reftime'), [0, 10]);
    assert.deepEqual(valuesOf(dataset, 'seed'), [100, 101, 200, 201]);
  });

  it('follows files of several parameters on one axis', async () => {
    const of = (parameter: string, time: number) => {
      const file = withNumber(`${parameter}${time}`, [time], 10 * time);
      file.variables[parameter] = file.variables.t;
      if (parameter !== 't') delete (file.variables as Record<string, VariableSketch>).t;
      return file;
    };
    const { dataset } = await merge(of('t', 0), of('t', 1), of('u', 0), of('u', 1));
    assert.deepEqual(shapes(dataset), { t: 'time:2 y:2', reftime: 'time:2', u: 'time:2 y:2' });
    assert.deepEqual(valuesOf(dataset, 'reftime'), [0, 10]);
  });

  it('is missing data where a file lacks it', async () => {
    const { dataset } = await merge(withNumber('a', [0], 7), step('b', [1, 2]), withNumber('c', [3], 8));
    const reftime = dataset.variables.find(({ name }) => name === 'reftime')!;
    assert.ok(reftime.data?.$case === 'inlineValues');
    const { values, mask } = decodeArray(reftime.data.value);
    assert.deepEqual([values[0], values[3]], [7, 8]);
    assert.deepEqual(Array.from(mask!), [0, 1, 1, 0]);
    assert.match(dataset.provenance!.notes.join('\n'), /reftime: missing data in 1 of 3 places/);
  });

  it('may be a field of chunks, whose file is repeated', async () => {
    const at = (url: string, times: number[]) =>
      step(url, times, { variables: { snow: { dimensions: ['y'], chunks: [1], chunkBytes: times.length } } });
    const { dataset, manifest } = await merge(at('b', [3, 4]), at('a', [0, 1, 2]));
    assert.deepEqual(shapes(dataset), { t: 'time:5 y:2', snow: 'time:5 y:2' });
    assert.deepEqual(await urlsAlong(dataset, manifest, 'snow'), ['a', 'a', 'a', 'b', 'b']);
    const snow = dataset.variables.find(({ name }) => name === 'snow')!;
    assert.deepEqual(snow.chunkGrid, [
      { sizes: [1], counts: [5] },
      { sizes: [1], counts: [2] },
    ]);
  });

  it('stands for itself in a file that lies nowhere', async () => {
    const constants: FileSketch = {
      url: 'constants',
      dimensions: { y: 2 },
      variables: {
        version: scalar(9),
        orography: { dimensions: ['y'], values: [5, 6] },
        y: step('y', []).variables.y,
      },
    };
    const at = (url: string, time: number) => step(url, [time], { variables: { version: scalar(time) } });
    const { dataset } = await merge(at('a', 0), constants, at('b', 1));
    assert.deepEqual(shapes(dataset), {
      t: 'time:2 y:2',
      version: '',
      version__2: 'time:2',
      orography: 'y:2',
    });
    assert.deepEqual(valuesOf(dataset, 'version'), [9]);
    assert.deepEqual(valuesOf(dataset, 'version__2'), [0, 1]);
  });

  it('is a conflict with both values where no dimension tells the files apart', async () => {
    await assert.rejects(merge(withNumber('a', [0], 7), withNumber('b', [0], 8)), (error) => {
      assert.ok(isHyperslabError(error, 'MERGE_CONFLICT'));
      assert.match(
        error.message,
        /"t" of a and b can't be one cube: both lie at time 2000-01-01T00:00:00Z, y 10 … 20; name the scalar variable "reftime", which is 7 and 8, in the attribute "coordinates" of "t" \(--set 't.coordinates=reftime'\), remove one/,
      );
      return true;
    });
    const alone = (url: string, number: number): FileSketch => ({
      url,
      dimensions: { y: 2 },
      attributes: { experiment: `run ${number}` },
      variables: { number: scalar(number), t: { dimensions: ['y'], values: [1, 2] } },
    });
    await assert.rejects(merge(alone('a', 7), alone('b', 8)), (error) => {
      assert.ok(isHyperslabError(error, 'MERGE_CONFLICT'));
      assert.match(
        error.message,
        /"number" of a and b can't be one cube: no coordinate tells them apart, with different values \(7 and 8\); only global attributes differ, such as experiment: "run 7" and "run 8"; give the files a scalar coordinate "experiment" .* two names/,
      );
      assert.deepEqual([error.details.value, error.details.other_value], ['7', '8']);
      return true;
    });
  });

  it('is refused where it would be repeated without end', async () => {
    const huge = (url: string, first: number) => {
      const file = withNumber(url, [], first, { dimensions: { time: 1e12, y: 2 } });
      file.variables.t.chunks = [1e12, 2];
      file.variables.time = {
        dtype: 'float64',
        dimensions: ['time'],
        attributes: { units: hours },
        chunks: [1e12],
      };
      return file;
    };
    await assert.rejects(merge(huge('a', 0), huge('b', 1)), (error) => isHyperslabError(error, 'TOO_LARGE'));
  });
});

describe('fields that every file repeats and that are too large to be compared', () => {
  const masked = (url: string, time: number, chunks?: number[]) =>
    step(url, [time], { variables: { mask: { dimensions: ['y'], chunks } } });

  it('are taken from the first file when all that is known is equal, which is noted', async () => {
    const { dataset, manifest } = await merge(masked('a', 0), masked('b', 1));
    assert.deepEqual(shapes(dataset), { t: 'time:2 y:2', mask: 'y:2' });
    assert.deepEqual(await urlsAlong(dataset, manifest, 'mask'), ['a']);
    assert.match(dataset.provenance!.notes[0], /^mask: taken from the first of 2 files; it is too large/);
  });

  it('lie along the join where their chunks differ', async () => {
    const { dataset } = await merge(masked('a', 0), masked('b', 1, [1]));
    assert.deepEqual(shapes(dataset), { t: 'time:2 y:2', mask: 'time:2 y:2' });
  });
});

describe('texts', () => {
  const text = (time: number, name: string, length: number): FileSketch =>
    step(`f${time}`, [time], {
      dimensions: { time: 1, y: 2, station: length },
      variables: {
        [name]: { dtype: 'string', dimensions: ['station'], texts: new Array(length).fill('x'.repeat(96)) },
      },
    });

  it('that would swell the dataset are only described, the largest first', async () => {
    const { dataset } = await merge(text(0, 'many', 20_000), text(1, 'few', 1000));
    const of = (name: string) => dataset.variables.find((variable) => variable.name === name)!;
    assert.ok(Dataset.encode(dataset).finish().length < 2 * 1024 * 1024);
    assert.equal(of('few').data?.$case, 'inlineValues');
    assert.equal(of('many').data, undefined);
    assert.match(of('many').notComputable, /its strings take \d+ bytes, and a dataset holds up to 524288/);
  });
});
