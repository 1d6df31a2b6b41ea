import assert from 'node:assert/strict';
import type { FileSketch } from '../build-index.ts';
import {
  auxiliary,
  coordinate,
  dimension,
  hours,
  merge,
  scalar,
  shapes,
  single,
  step,
  urlsAlong,
  valuesOf,
} from './merge-sketches.ts';

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
