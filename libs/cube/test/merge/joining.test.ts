import assert from 'node:assert/strict';
import { isHyperslabError } from '@hyperslab/errors';
import type { FileSketch } from '../build-index.ts';
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

  it('have the coordinate of a dimension that has no steps yet', async () => {
    const { dataset } = await merge(step('a', [], { unlimited: ['time'] }));
    assert.deepEqual(coordinate(dataset.cubes[0], 'time'), { role: dimension, dimensions: ['time'] });
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
