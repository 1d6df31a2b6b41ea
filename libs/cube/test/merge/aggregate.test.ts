import assert from 'node:assert/strict';
import { decodeArray } from '@hyperslab/array';
import { isHyperslabError } from '@hyperslab/errors';
import { CoordinateRole, type Cube, Dataset } from '@hyperslab/proto/cube';
import { memorySource } from '@hyperslab/storage';
import { aggregate, openManifest } from '../../src/index.ts';
import { buildIndex, type FileSketch, type VariableSketch } from '../build-index.ts';

const hours = 'hours since 2000-01-01';

/** A file of one time step or several, on a small grid. */
function step(url: string, times: number[], more: Partial<FileSketch> & { units?: string } = {}): FileSketch {
  return {
    url,
    dimensions: { time: times.length, y: 2, ...more.dimensions },
    unlimited: more.unlimited,
    attributes: more.attributes,
    variables: {
      t: { dimensions: ['time', 'y'], attributes: { units: 'K', standard_name: 'air_temperature' } },
      time: {
        dtype: 'float64',
        dimensions: ['time'],
        values: times,
        attributes: { units: more.units ?? hours },
      },
      y: { dtype: 'float32', dimensions: ['y'], values: [10, 20], attributes: { units: 'degrees_north' } },
      ...more.variables,
    },
  };
}

async function merge(...sketches: FileSketch[]) {
  const { dataset, manifest } = await aggregate(sketches.map(buildIndex));
  // What crosses processes must say it all.
  return { dataset: Dataset.decode(Dataset.encode(dataset).finish()), manifest };
}

function valuesOf(dataset: Dataset, name: string): unknown[] {
  const variable = dataset.variables.find((candidate) => candidate.name === name);
  assert.ok(variable?.data?.$case === 'inlineValues', `${name} is not inline`);
  return Array.from(decodeArray(variable.data.value).values as ArrayLike<number>);
}

function shapes({ cubes }: Dataset): Record<string, string> {
  return Object.fromEntries(
    cubes.map(({ name, dimensions, shape }) => [
      name,
      dimensions.map((d, i) => `${d}:${shape[i]}`).join(' '),
    ]),
  );
}

async function urlsAlong(dataset: Dataset, manifest: Uint8Array, name: string): Promise<string[]> {
  const variable = dataset.variables.find((candidate) => candidate.name === name);
  assert.ok(variable?.data?.$case === 'manifestArray');
  const open = await openManifest(memorySource('m', manifest));
  const ranges = variable.shape.map((count) => ({ start: 0, count, step: 1 }));
  const pieces = await Array.fromAsync(open.locate(variable.data.value, ranges));
  return pieces.map(({ object }) => object?.url ?? '');
}

function coordinate(cube: Cube, variable: string) {
  const found = cube.coordinates.find((candidate) => candidate.variable === variable);
  assert.ok(found !== undefined, `${variable} is no coordinate of ${cube.name}`);
  return { role: found.role, dimensions: found.dimensions };
}

const scalar = (value: number, attributes: Record<string, string> = {}): VariableSketch => ({
  dtype: 'float64',
  values: [value],
  attributes,
});
const {
  COORDINATE_ROLE_DIMENSION: dimension,
  COORDINATE_ROLE_AUXILIARY: auxiliary,
  COORDINATE_ROLE_SCALAR: single,
} = CoordinateRole;

describe('joining along a dimension coordinate', () => {
  it('orders pieces by coordinate, not by argument', async () => {
    const { dataset, manifest } = await merge(step('c', [4, 5]), step('a', [0, 1, 2]), step('b', [3]));
    assert.deepEqual(shapes(dataset), { t: 'time:6 y:2' });
    assert.deepEqual(valuesOf(dataset, 'time'), [0, 1, 2, 3, 4, 5]);
    assert.deepEqual(await urlsAlong(dataset, manifest, 't'), ['a', 'b', 'c']);
    assert.equal(dataset.cubes[0].pieces, 3);
    assert.deepEqual(dataset.cubes[0].extent, {
      timeStart: '2000-01-01T00:00:00Z',
      timeEnd: '2000-01-01T05:00:00Z',
      west: undefined,
      south: undefined,
      east: undefined,
      north: undefined,
    });
  });

  it('keeps the descending order of what descends', async () => {
    const { dataset } = await merge(step('a', [2, 1]), step('b', [4, 3]));
    assert.deepEqual(valuesOf(dataset, 'time'), [4, 3, 2, 1]);
    const alone = await merge(step('a', [9]), step('b', [7]), step('c', [5]));
    assert.deepEqual(valuesOf(alone.dataset, 'time'), [5, 7, 9]);
  });

  it('converts times to the reference of the first file, with their bounds', async () => {
    const bounded = (url: string, time: number, units: string): FileSketch => {
      const file = step(url, [time], { dimensions: { time: 1, y: 2, bnds: 2 }, units });
      file.variables.time.attributes!.bounds = 'time_bnds';
      file.variables.time_bnds = { dtype: 'float64', dimensions: ['time', 'bnds'], values: [time - 1, time] };
      return file;
    };
    const { dataset } = await merge(bounded('a', 6, hours), bounded('b', 1, 'days since 2000-01-02'));
    assert.deepEqual(valuesOf(dataset, 'time'), [6, 48]);
    assert.deepEqual(valuesOf(dataset, 'time_bnds'), [5, 6, 24, 48]);
    assert.equal(dataset.cubes[0].coordinates[0].units, hours);
    assert.equal(dataset.cubes[0].coordinates[0].bounds, 'time_bnds');
  });

  it('joins tiles in two dimensions', async () => {
    const tile = (url: string, time: number, y: number[]) =>
      step(url, [time], {
        variables: {
          y: { dtype: 'float32', dimensions: ['y'], values: y, attributes: { units: 'degrees_north' } },
        },
      });
    const { dataset, manifest } = await merge(
      tile('d', 1, [30, 40]),
      tile('a', 0, [10, 20]),
      tile('b', 0, [30, 40]),
      tile('c', 1, [10, 20]),
    );
    assert.deepEqual(shapes(dataset), { t: 'time:2 y:4' });
    assert.deepEqual(await urlsAlong(dataset, manifest, 't'), ['a', 'b', 'c', 'd']);
  });

  it('names two files that hold the same time', async () => {
    await assert.rejects(merge(step('a', [0, 1]), step('b', [1, 2])), (error) => {
      assert.ok(isHyperslabError(error, 'MERGE_CONFLICT'));
      assert.match(
        error.message,
        /"t" of a and b can't be one cube: both lie at time 2000-01-01T00:00:00Z … 2000-01-01T01:00:00Z and /,
      );
      assert.deepEqual([error.details.file, error.details.other_file], ['a', 'b']);
      return true;
    });
    await assert.rejects(merge(step('a', [0]), step('b', [1]), step('again', [0])), /"t" of a and again/);
  });

  it('names the missing combination', async () => {
    const at = (url: string, time: number, member: number) => {
      const file = step(url, [time], { variables: { member: scalar(member) } });
      file.variables.t = { dimensions: ['time', 'y'], attributes: { coordinates: 'member' } };
      return file;
    };
    await assert.rejects(merge(at('a', 0, 1), at('b', 0, 2), at('c', 1, 1)), (error) => {
      assert.ok(isHyperslabError(error, 'MERGE_CONFLICT'));
      assert.match(error.message, /none at time 2000-01-01T01:00:00Z, member 2/);
      return true;
    });
  });
});

describe('scalar coordinates', () => {
  it('become leading dimensions, all at once', async () => {
    const at = (member: number, time: number) => {
      const file = step(`m${member}t${time}`, [], { dimensions: { time: 0, y: 2 } });
      file.variables = {
        t: { dimensions: ['y'], attributes: { coordinates: 'time realization height' } },
        y: file.variables.y,
        time: scalar(time, { units: hours, standard_name: 'time' }),
        realization: scalar(member, { standard_name: 'realization' }),
        height: scalar(2, { units: 'm' }),
      };
      return file;
    };
    const { dataset, manifest } = await merge(at(1, 6), at(0, 0), at(0, 6), at(1, 0), at(1, 12), at(0, 12));
    assert.deepEqual(shapes(dataset), { t: 'realization:2 time:3 y:2' });
    assert.deepEqual(await urlsAlong(dataset, manifest, 't'), [
      'm0t0',
      'm0t6',
      'm0t12',
      'm1t0',
      'm1t6',
      'm1t12',
    ]);
    const [cube] = dataset.cubes;
    assert.deepEqual(coordinate(cube, 'time'), { role: dimension, dimensions: ['time'] });
    assert.deepEqual(coordinate(cube, 'height'), { role: single, dimensions: [] });
    assert.deepEqual(valuesOf(dataset, 'time'), [0, 6, 12]);
    assert.deepEqual(valuesOf(dataset, 'realization'), [0, 1]);
  });

  it('that go with another one lie along its dimension', async () => {
    const at = (url: string, run: number, period: number) => {
      const file = step(url, []);
      file.variables = {
        t: { dimensions: ['y'], attributes: { coordinates: 'time forecast_reference_time forecast_period' } },
        y: file.variables.y,
        time: scalar(run + period, { units: hours, standard_name: 'time' }),
        forecast_reference_time: scalar(run, { units: hours, standard_name: 'forecast_reference_time' }),
        forecast_period: scalar(period, { units: 'hours', standard_name: 'forecast_period' }),
      };
      return file;
    };
    const one = await merge(at('a', 0, 0), at('b', 0, 6), at('c', 0, 12));
    assert.deepEqual(shapes(one.dataset), { t: 'time:3 y:2' });
    assert.deepEqual(coordinate(one.dataset.cubes[0], 'forecast_period'), {
      role: auxiliary,
      dimensions: ['time'],
    });
    assert.deepEqual(valuesOf(one.dataset, 'forecast_period'), [0, 6, 12]);
    const runs = [0, 6].flatMap((run) => [0, 6, 12].map((period) => at(`${run}+${period}`, run, period)));
    const { dataset } = await merge(...runs);
    assert.deepEqual(shapes(dataset), { t: 'forecast_reference_time:2 forecast_period:3 y:2' });
    assert.deepEqual(coordinate(dataset.cubes[0], 'time').dimensions, [
      'forecast_reference_time',
      'forecast_period',
    ]);
    assert.deepEqual(valuesOf(dataset, 'time'), [0, 6, 12, 6, 12, 18]);
  });

  it('are led by time, in units of the first file, whatever their order and names', async () => {
    const at = (day: number, units: string, period: number): FileSketch => ({
      url: `${day}`,
      dimensions: { y: 2 },
      variables: {
        t: { dimensions: ['y'], attributes: { coordinates: 'reftime lead time' } },
        reftime: scalar(day, { units: 'days since 1999-12-31' }),
        lead: scalar(period, { units }),
        time: scalar(day * 24, { units: hours }),
      },
    });
    const { dataset } = await merge(at(0, 'days', 1), at(1, 'hours', 30), at(2, 'days', 1.5));
    assert.deepEqual(shapes(dataset), { t: 'time:3 y:2' });
    assert.deepEqual(valuesOf(dataset, 'lead'), [1, 1.25, 1.5]);
    assert.equal(dataset.cubes[0].coordinates.find(({ variable }) => variable === 'lead')?.units, 'days');
  });

  it('that differ along a join lie along it', async () => {
    const at = (url: string, times: number[], experiment: number) => {
      const file = step(url, times, { variables: { experiment: scalar(experiment) } });
      file.variables.t = { dimensions: ['time', 'y'], attributes: { coordinates: 'experiment' } };
      return file;
    };
    const { dataset } = await merge(at('a', [0], 7), at('b', [1], 8));
    assert.deepEqual(coordinate(dataset.cubes[0], 'experiment'), { role: auxiliary, dimensions: ['time'] });
    assert.deepEqual(valuesOf(dataset, 'experiment'), [7, 8]);
  });
});

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
        /"t" of a and b can't be one cube: both lie at time 2000-01-01T00:00:00Z, y 10 … 20; name the scalar variable "reftime", which is 7 and 8, in the attribute "coordinates" of "t", remove one/,
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
    assert.deepEqual(dataset.provenance?.notes, ['t: on 2 grids, which are 2 cubes']);
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

describe('dimensions without coordinates', () => {
  const stations = (url: string, reports: number, variables = ['t']): FileSketch => ({
    url,
    dimensions: { report: reports },
    unlimited: ['report'],
    variables: Object.fromEntries(variables.map((name) => [name, { dimensions: ['report'] }])),
  });

  it('are joined in the order of the arguments, which is noted', async () => {
    const { dataset, manifest } = await merge(stations('b', 3), stations('a', 2), stations('c', 3));
    assert.deepEqual(shapes(dataset), { t: 'report:8' });
    assert.deepEqual(await urlsAlong(dataset, manifest, 't'), ['b', 'a', 'c']);
    assert.deepEqual(dataset.provenance?.notes, ['t: joined along report in the order of the arguments']);
  });

  it('order by time where the coordinate of their name tells nothing', async () => {
    const nemo = (url: string, time: number): FileSketch => ({
      url,
      dimensions: { time_counter: 1 },
      unlimited: ['time_counter'],
      variables: {
        tos: { dimensions: ['time_counter'], attributes: { coordinates: 'time_centered' } },
        time_counter: {
          dtype: 'float64',
          dimensions: ['time_counter'],
          values: [0],
          attributes: { axis: 'T' },
        },
        time_centered: {
          dtype: 'float64',
          dimensions: ['time_counter'],
          values: [time],
          attributes: { units: hours },
        },
      },
    });
    const { dataset, manifest } = await merge(nemo('b', 9), nemo('a', 3));
    assert.deepEqual(await urlsAlong(dataset, manifest, 'tos'), ['a', 'b']);
    assert.deepEqual(coordinate(dataset.cubes[0], 'time_centered'), {
      role: dimension,
      dimensions: ['time_counter'],
    });
    assert.deepEqual(coordinate(dataset.cubes[0], 'time_counter'), {
      role: auxiliary,
      dimensions: ['time_counter'],
    });
    assert.deepEqual(valuesOf(dataset, 'time_counter'), [0, 0]);
  });

  it('have missing data where a file has no such variable', async () => {
    const { dataset, manifest } = await merge(
      stations('a', 2, ['t', 'u']),
      stations('b', 3),
      stations('c', 4, ['t', 'u']),
    );
    assert.deepEqual(shapes(dataset), { t: 'report:9', u: 'report:9' });
    assert.deepEqual(await urlsAlong(dataset, manifest, 'u'), ['a', '', 'c']);
  });

  it('are not stretched over files that only share the name', async () => {
    const { dataset } = await merge(stations('a', 2, ['t']), stations('b', 3, ['u']));
    assert.deepEqual(shapes(dataset), { t: 'report:2', u: 'report__2:3' });
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
