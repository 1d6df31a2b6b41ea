import assert from 'node:assert/strict';
import { isHyperslabError } from '@hyperslab/errors';
import { Connection } from '../src/connection.ts';
import { LazyCube } from '../src/lazy-cube.ts';
import { PersistedArray } from '../src/persisted-array.ts';

const connection = new Connection({ catalog: '', scheduler: '', workers: [] }, { patienceMs: 0 });

function cube(variable: string, dataset = 'run@3'): LazyCube {
  return new LazyCube(connection, dataset, { kind: 'source', dataset, variable });
}

describe('lazy cubes', () => {
  it('are the expressions that they were made by', () => {
    const u = cube('x_wind');
    const v = cube('y_wind');
    const speed = u.power(2).add(v.power(2)).sqrt();
    assert.equal(speed.mean('time').expression(), 'mean(sqrt(x_wind^2 + y_wind^2), time)');
    assert.equal(
      cube('t')
        .sel({ pressure: 850, latitude: [40, 60], time: '2026-11-22T06:00' })
        .isel({ x: 0, y: [0, 10] })
        .expression(),
      't[pressure=850, latitude=40:60, time="2026-11-22T06:00"][x=#0, y=#0:#10]',
    );
    assert.equal(u.greater(v).where(u, 0).expression(), 'where(x_wind > y_wind, x_wind, 0)');
    const kept = u.greater(v).where(u);
    assert.equal(kept.isMissing().expression(), 'is_missing(where(x_wind > y_wind, x_wind))');
    assert.equal(
      kept.fillMissing(v).fillMissing(0.5).expression(),
      'fill_missing(fill_missing(where(x_wind > y_wind, x_wind), y_wind), 0.5)',
    );
    assert.equal(u.subtract(cube('x_wind', 'old@1')).expression(), 'x_wind - "old@1:x_wind"');
  });

  it('are what a job has persisted', () => {
    const job = '0123456789abcdef0123';
    const kept = new PersistedArray(connection, job);
    assert.equal(kept.cube().mean('time').expression(), 'mean(result, time)');
    assert.equal(cube('t').subtract(kept.cube()).expression(), `t - "job:${job}"`);
    const expression = kept.expression('max(result)').toExpression();
    assert.deepEqual(expression, { dataset: `job:${job}`, form: { $case: 'text', value: 'max(result)' } });
  });

  it('are operations with options', () => {
    const t = cube('t');
    assert.equal(t.operation('diff', ['time'], { n: 2 }).expression(), 'diff(t, time, n=2)');
    const weighted = t.operation('mean', ['dim 2'], { weights: cube('latitude').cos() });
    assert.equal(weighted.expression(), 'mean(t, "dim 2", weights=cos(latitude))');
    assert.equal(
      t.operation('points', [], { latitude: [51.5, -3], station: ['Oslo', 'a b'] }).expression(),
      'points(t, latitude=[51.5, -3], station=[Oslo, "a b"])',
    );
    assert.equal(t.median('time').percentile([10, 90]).expression(), 'percentile(median(t, time), [10, 90])');
    assert.equal(t.operation('mean', [], { weights: cube('area') }).expression(), 'mean(t, weights=(area))');
  });

  it('take whole numbers for integer literals, others for floating ones', () => {
    assert.equal(cube('t').multiply(2).add(0.5).expression(), 't * 2 + 0.5');
    assert.equal(cube('t').multiply(-0).add(1e300).expression(), 't * -0.0 + 1e+300');
    const expression = cube('t').multiply(1e6).toExpression();
    assert.ok(expression.form?.$case === 'graph');
    assert.deepEqual(expression.form.value.nodes[1].kind, { $case: 'integer', value: 1_000_000 });
  });

  it('leave those that they were made of as they were', () => {
    const t = cube('t');
    t.sel({ pressure: 850 });
    assert.equal(t.expression(), 't');
  });

  it('take cubes and numbers only', () => {
    assert.throws(
      () => cube('t').add('1' as never),
      (error) => isHyperslabError(error, 'INVALID_ARGUMENT'),
    );
  });
});
