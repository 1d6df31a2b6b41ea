import assert from 'node:assert/strict';
import { isHyperslabError } from '@hyperslab/errors';
import { MergeOptions } from '@hyperslab/proto/merge';
import { aggregate } from '../../src/index.ts';
import type { FileSketch } from '../build-index.ts';
import { fieldFile, fieldSet } from './field-sketches.ts';
import {
  coordinate,
  dimension,
  mergeWith,
  scalar,
  shapes,
  single,
  step,
  urlsAlong,
  valuesOf,
} from './merge-sketches.ts';

const rule = (name: string, pattern: string, attribute = '') => ({ name, pattern, attribute });
const members = { dimensions: [rule('realization', 'ensemble_(\\d+)')] };
const at = (url: string, times: number[], more?: Partial<FileSketch>) => step(url, times, more);

describe('dimensions from URLs and attributes', () => {
  it('number members, whatever the order of files, and leave alone what all files repeat', async () => {
    const orography = { dimensions: ['y'], attributes: { units: 'm' }, values: [5, 7] };
    const files = [10, 9, 1].map((member) =>
      at(`s3://b/ensemble_${member}/t.nc`, [0, 6], { variables: { orography } }),
    );
    const { dataset, manifest } = await mergeWith(members, ...files);
    assert.deepEqual(shapes(dataset), { t: 'realization:3 time:2 y:2', orography: 'y:2' });
    assert.deepEqual(valuesOf(dataset, 'realization'), [1, 9, 10]);
    assert.equal(dataset.variables.find(({ name }) => name === 'realization')?.dtype, 'int32');
    const [cube] = dataset.cubes;
    assert.deepEqual(coordinate(cube, 'realization'), { role: dimension, dimensions: ['realization'] });
    assert.equal(cube.coordinates[0].standardName, 'realization');
    assert.deepEqual(
      await urlsAlong(dataset, manifest, 't'),
      [1, 9, 10].map((m) => `s3://b/ensemble_${m}/t.nc`),
    );
    assert.deepEqual(dataset.provenance?.merge?.dimensions, members.dimensions);
  });

  it('come several at once, beside a dimension that files have', async () => {
    const options = { dimensions: [rule('realization', 'm(\\d+)_'), rule('scenario', '[a-z]+$')] };
    const files = ['m1_ssp', 'm0_hist', 'm0_ssp', 'm1_hist'].flatMap((name) => [
      at(`${name}`, [0]),
      at(`${name}`, [6]),
    ]);
    const { dataset } = await mergeWith(options, ...files);
    assert.deepEqual(shapes(dataset), { t: 'realization:2 scenario:2 time:2 y:2' });
    assert.deepEqual(valuesOf(dataset, 'scenario'), ['ssp', 'hist']);
  });

  it('read dates as times, compact or ISO', async () => {
    for (const [a, b] of [
      ['20261101', '20261102T06'],
      ['2026-11-01', '2026-11-02T06:00:00Z'],
      ['2026110100', '2026110206'],
    ]) {
      const { dataset } = await mergeWith(
        { dimensions: [rule('run', 'run_([^.]+)')] },
        at(`run_${b}.nc`, [0]),
        at(`run_${a}.nc`, [0]),
      );
      assert.deepEqual(shapes(dataset), { t: 'run:2 time:1 y:2' });
      const first = Date.UTC(2026, 10, 1) / 3_600_000;
      assert.deepEqual(valuesOf(dataset, 'run'), [first, first + 30]);
      const found = dataset.cubes[0].coordinates.find(({ variable }) => variable === 'run');
      assert.equal(found?.standardName, 'forecast_reference_time');
      assert.equal(found?.units, 'hours since 1970-01-01');
      assert.equal(found?.calendar, 'standard');
    }
  });

  it('keep what is no number as text, and numbers with a point as float64', async () => {
    const made = async (...values: string[]) =>
      (
        await mergeWith(
          { dimensions: [rule('p', 'p=(.*)')] },
          ...values.map((value) => at(`p=${value}`, [0])),
        )
      ).dataset;
    assert.deepEqual(valuesOf(await made('1.5', '-2'), 'p'), [-2, 1.5]);
    assert.deepEqual(valuesOf(await made('r1i1p1', '2'), 'p'), ['r1i1p1', '2']);
    // Not exact as a number.
    assert.deepEqual(valuesOf(await made('12345678901234567890', '2'), 'p'), ['12345678901234567890', '2']);
    // Eight digits that are no date.
    assert.deepEqual(valuesOf(await made('20261301', '20261401'), 'p'), [20261301, 20261401]);
  });

  it('come from a global attribute, all or a part of it', async () => {
    const files = [3, 2].map((n) => at(`${n}`, [0], { attributes: { number: n, source: `model_r${n}_x` } }));
    const whole = await mergeWith({ dimensions: [rule('member', '', 'number')] }, ...files);
    assert.deepEqual(valuesOf(whole.dataset, 'member'), [2, 3]);
    const part = await mergeWith({ dimensions: [rule('member', '_r(\\d)', 'source')] }, ...files);
    assert.deepEqual(valuesOf(part.dataset, 'member'), [2, 3]);
    await assert.rejects(mergeWith({ dimensions: [rule('member', '', 'gone')] }, ...files), (error) => {
      assert.ok(isHyperslabError(error, 'INVALID_ARGUMENT'));
      assert.match(error.message, /global attribute gone in 3, found none/);
      return true;
    });
  });

  it('are scalar where they do not differ, and name a dimension of one element', async () => {
    const one = await mergeWith(members, at('ensemble_4', [0]));
    assert.deepEqual(coordinate(one.dataset.cubes[0], 'realization'), { role: single, dimensions: [] });
    const bare = (day: number): FileSketch => ({
      url: `t${day}.nc`,
      dimensions: { time: 1, y: 2 },
      variables: { t: { dimensions: ['time', 'y'] } },
    });
    const { dataset } = await mergeWith(
      { dimensions: [rule('time', '\\d+')] },
      bare(20200102),
      bare(20200101),
    );
    assert.deepEqual(shapes(dataset), { t: 'time:2 y:2' });
    const first = Date.UTC(2020, 0, 1) / 3_600_000;
    assert.deepEqual(valuesOf(dataset, 'time'), [first, first + 24]);
  });

  it('are given to fields of messages', async () => {
    const rows = [0, 6].map((time) => ({ time }));
    const { dataset } = await aggregate(
      [2, 1].map((m) => fieldFile(`ensemble_${m}.grib`, { pl: [fieldSet('t', rows)] })),
      { merge: MergeOptions.fromPartial(members) },
    );
    assert.deepEqual(shapes(dataset), { t: 'realization:2 time:2 latitude:2 longitude:3' });
    assert.deepEqual(valuesOf(dataset, 'realization'), [1, 2]);
  });

  it('refuse files that do not match, or hold such a variable, or two texts of one value', async () => {
    const refuses = (message: RegExp, options: Parameters<typeof mergeWith>[0], ...files: FileSketch[]) =>
      assert.rejects(mergeWith(options, ...files), (error) => {
        assert.ok(isHyperslabError(error, 'INVALID_ARGUMENT'), String(error));
        assert.match(error.message, message);
        return true;
      });
    await refuses(
      /pattern ensemble_\(\\d\+\) matches in the URL of control\.nc, found none/,
      members,
      at('control.nc', [0]),
    );
    const own = at('ensemble_1', [0], { variables: { realization: scalar(1) } });
    await refuses(/ensemble_1 has a variable of that name/, members, own);
    await refuses(
      /a dimension of 2 elements/,
      { dimensions: [rule('x', '\\d')] },
      {
        url: '1',
        dimensions: { x: 2 },
        variables: { t: { dimensions: ['x'] } },
      },
    );
    await refuses(/"01" and "1" are both 1/, members, at('ensemble_01', [0]), at('ensemble_1', [0]));
    await refuses(/given twice/, { dimensions: [rule('a', 'x'), rule('a', 'y')] }, at('x', [0]));
    await refuses(/can't be the name/, { dimensions: [rule('a/b', 'x')] }, at('x', [0]));
  });

  it('take patterns in linear time, and refuse what RE2 does not know', async () => {
    const evil = { dimensions: [rule('a', '(a|a|a?)*(a+)+$')] };
    await assert.rejects(mergeWith(evil, at(`${'a'.repeat(4000)}!`, [0])), (error) =>
      isHyperslabError(error, 'INVALID_ARGUMENT'),
    );
    for (const pattern of ['(', '(?=a)', '(a)\\1', '((a{100}){100}){100}', 'a'.repeat(1001)])
      await assert.rejects(mergeWith({ dimensions: [rule('a', pattern)] }, at('a', [0])), (error) =>
        isHyperslabError(error, 'INVALID_ARGUMENT'),
      );
    await assert.rejects(
      mergeWith({ dimensions: [rule('a', 'a')] }, at('a'.repeat(5000), [0])),
      /5000 characters/,
    );
  });
});
