import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type HyperslabError, isHyperslabError } from '@hyperslab/errors';
import { CatalogServiceClient } from '@hyperslab/proto/catalog';
import { JobState, type WorkerReport } from '@hyperslab/proto/scheduler';
import { call, connect, openStream } from '@hyperslab/rpc';
import { sharedData } from '@hyperslab/testing';
import { assemble, callsOf } from './calls.ts';
import { oracleOf } from './oracle.ts';
import { type Services, startServices } from './start-services.ts';

const shared = sharedData();
const files = {
  reduced: 'nc3/reduced.nc',
  ostia: 'nc4/ostia_monthly.nc',
  north: 'nc4/A1B_north_america.nc',
} as const;

function reason(expected: HyperslabError['reason'], pattern?: RegExp) {
  return (error: unknown) => isHyperslabError(error, expected) && (pattern?.test(error.message) ?? true);
}

describe('jobs on real services (needs ../shared/data)', function () {
  this.timeout(120_000);
  let state: string;
  let services: Services;
  let calls: ReturnType<typeof callsOf>;

  before(async function () {
    if (shared === undefined) this.skip();
    state = await mkdtemp(join(tmpdir(), 'hyperslab-jobs-'));
    services = await startServices(state, [shared]);
    calls = callsOf(services);
    for (const [name, file] of Object.entries(files)) {
      const { jobId } = await calls.submitPublish(name, [join(shared, file)]);
      const job = await calls.succeeded(jobId);
      assert.equal(job.published, `${name}@1`);
      assert.ok(job.cubes > 0);
    }
  });

  after(async () => {
    calls?.close();
    await services?.stopAll();
    if (state !== undefined) await rm(state, { recursive: true, force: true });
  });

  afterEach(function () {
    if (this.currentTest?.state === 'failed') console.error(services.log().slice(-8_000));
  });

  async function numberOf(dataset: string, text: string): Promise<number> {
    const { jobId } = await calls.submitCompute(dataset, text);
    const { values } = await calls.read(jobId, 1);
    return Number(values[0]);
  }

  /** Waits until all workers have reported, from now on, that they have no task, running or waiting for room. */
  async function reportedIdle(): Promise<void> {
    const reports = async () => {
      const { workers } = await call(calls.scheduler, 'getCluster', {});
      return new Map(workers.map(({ workerId, report }) => [workerId, report]));
    };
    const before = await reports();
    const isIdle = (id: string, report?: WorkerReport) =>
      report !== undefined &&
      report.uptimeMs > (before.get(id)?.uptimeMs ?? 0) &&
      report.tasksRunning + report.tasksWaiting === 0;
    while (![...(await reports())].every(([id, report]) => isIdle(id, report))) await sleep(50);
  }

  /** Tasks that workers have done since they started, as they count them. */
  async function tasksDone(): Promise<number> {
    const done = ['worker-1', 'worker-2'].map(async (name) => {
      const [host, port] = services.addresses[name as 'worker-1'].split(':');
      const text = await (await fetch(`http://${host}:${Number(port) + 1000}/metrics`)).text();
      return Number(/^hyperslab_worker_tasks_total\{[^}]*outcome="done"[^}]*\} (\d+)/m.exec(text)?.[1] ?? 0);
    });
    return (await Promise.all(done)).reduce((sum, count) => sum + count, 0);
  }

  for (const [name, file, variable] of [
    ['reduced', files.reduced, 'sst'],
    ['ostia', files.ostia, 'surface_temperature'],
    ['north', files.north, 'air_temperature'],
  ] as const) {
    it(`agrees with reference readers on ${variable} of ${file}`, async () => {
      const expected = oracleOf(shared!, file)[variable];
      assert.ok(Math.abs((await numberOf(name, `mean(${variable})`)) / expected.mean - 1) < 1e-6);
      assert.equal(await numberOf(name, `min(${variable})`), expected.min);
      assert.equal(await numberOf(name, `max(${variable})`), expected.max);
      assert.equal(await numberOf(name, `count(${variable})`), expected.count_valid);
    });
  }

  it('streams an elementwise result and the stored values alike, from either worker', async () => {
    const expected = oracleOf(shared!, files.north).air_temperature;
    const { jobId } = await calls.submitCompute('north', 'air_temperature + 0');
    const computed = await calls.read(jobId, 0);
    const again = await calls.read(jobId, 1);
    const selection = { dataset: 'north@1', variable: 'air_temperature', ranges: [], droppedDimensions: [] };
    const request = { selection, variable: undefined, manifest: undefined, stored: false };
    const stored = await assemble(openStream(calls.workers[0], 'readArray', request));
    assert.deepEqual(computed.shape, expected.shape);
    assert.deepEqual(computed.values, again.values);
    assert.deepEqual(computed.values, stored.values);
    for (const { index, value } of expected.samples) {
      const at = index.reduce((linear, i, axis) => linear * expected.shape[axis] + i, 0);
      assert.equal(computed.values[at], value);
    }
  });

  it('refuses at once what makes no sense, and says what a file is not', async () => {
    await assert.rejects(calls.submitCompute('north', 'mean('), reason('EXPRESSION_INVALID'));
    await assert.rejects(calls.submitCompute('nothing', 'x'), reason('DATASET_NOT_FOUND'));
    await assert.rejects(calls.submitPublish('a b', ['/x']), reason('NAME_INVALID'));
    const nowhere = await calls.submitPublish('none', [join(state, 'no-*.nc')]);
    await assert.rejects(calls.succeeded(nowhere.jobId), reason('OBJECT_NOT_FOUND', /no-\*\.nc/));
    const path = join(state, 'letter.txt');
    await writeFile(path, 'dear reader, this is no data');
    const text = await calls.submitPublish('none', [join(shared!, files.reduced), path]);
    await assert.rejects(calls.succeeded(text.jobId), reason('FORMAT_UNKNOWN', /letter\.txt/));
    const catalog = connect(CatalogServiceClient, services.addresses.catalog);
    await assert.rejects(call(catalog, 'getDataset', { reference: 'none' }), reason('DATASET_NOT_FOUND'));
    catalog.close();
  });

  it('answers an equal request with the same job, and refuses another one', async () => {
    const first = await calls.submitCompute('north', 'mean(air_temperature)', false, 'request-1');
    const second = await calls.submitCompute('north', 'mean(air_temperature)', false, 'request-1');
    assert.equal(first.jobId, second.jobId);
    await assert.rejects(
      calls.submitCompute('north', 'max(air_temperature)', false, 'request-1'),
      reason('REQUEST_REUSED'),
    );
  });

  it('inspects without publishing', async () => {
    const request = { requestId: '', urls: [join(shared!, files.reduced)], merge: undefined };
    const { jobId } = await call(calls.scheduler, 'submitInspect', request);
    const job = await calls.succeeded(jobId);
    const dataset = await call(calls.scheduler, 'getInspection', { jobId });
    assert.equal(job.published, '');
    assert.ok(dataset.cubes.some(({ name }) => name === 'sst'));
  });

  it('publishes a computed array with its coordinates and missing values', async () => {
    const { jobId } = await call(calls.scheduler, 'submitPublish', {
      requestId: '',
      name: 'kelvin',
      urls: [],
      merge: undefined,
      expression: { dataset: 'reduced', form: { $case: 'text', value: 'sst + 273.15' } },
      variable: 'sst_kelvin',
    });
    const job = await calls.succeeded(jobId);
    assert.equal(job.published, 'kelvin@1');
    const expected = oracleOf(shared!, files.reduced).sst;
    assert.ok(Math.abs((await numberOf('kelvin', 'mean(sst_kelvin)')) / (expected.mean + 273.15) - 1) < 1e-6);
    assert.equal(await numberOf('kelvin', 'count(sst_kelvin)'), expected.count_valid);
    const catalog = connect(CatalogServiceClient, services.addresses.catalog);
    const dataset = await call(catalog, 'getDataset', { reference: 'kelvin' });
    catalog.close();
    const [cube] = dataset.cubes;
    const before = await call(calls.scheduler, 'explain', {
      expression: { dataset: 'reduced', form: { $case: 'text', value: 'sst' } },
    });
    assert.deepEqual(
      cube.coordinates.map(({ variable }) => variable).sort(),
      before.result?.coordinates.map(({ name }) => name).sort(),
    );
    assert.match(dataset.provenance?.expression ?? '', /sst \+ 273\.15 of reduced@1/);
  });

  it('cancels a job that is under way, and no task of it runs on', async () => {
    const terms = Array.from(
      { length: 200 },
      (_, i) => `mean(atan(sin(exp(air_temperature / ${300 + i}))), time)`,
    );
    const before = await tasksDone();
    const { jobId, tasks } = await calls.submitCompute('north', terms.join(' + '));
    // Workers report each second: by then much of it may be done.
    for await (const { tasksRunning } of openStream(calls.scheduler, 'watchJob', { jobId }))
      if (tasksRunning > 0) break;
    await call(calls.scheduler, 'cancelJob', { jobId });
    assert.equal((await calls.ended(jobId)).state, JobState.JOB_STATE_CANCELLED);
    const { tasksRunning, tasksQueued, heldBytes } = await call(calls.scheduler, 'getCluster', {});
    assert.deepEqual([tasksRunning, tasksQueued, heldBytes], [0, 0, 0]);
    await reportedIdle();
    const done = (await tasksDone()) - before;
    assert.ok(done < tasks / 2, `${done} of ${tasks} tasks were done`);
  });

  it('makes a persisted result again when a worker is killed, until it is released', async () => {
    const { jobId } = await calls.submitCompute('north', 'air_temperature * 2', true, 'kept');
    await calls.succeeded(jobId);
    const before = await calls.read(jobId, 1);
    await services.kill('worker-1');
    const after = await calls.read(jobId, 1);
    assert.deepEqual(after.values, before.values);
    await services.start('worker-1');
    assert.deepEqual((await calls.read(jobId, 0)).values, before.values);
    await call(calls.scheduler, 'releaseJob', { jobId });
    await assert.rejects(calls.read(jobId, 0), reason('JOB_NOT_FOUND'));
  });

  it('computes on what was persisted, when blocks of it are lost, and through the death of the scheduler', async () => {
    const { jobId } = await calls.submitCompute('north', 'air_temperature - 273.15', true, 'operand');
    const expected = oracleOf(shared!, files.north).air_temperature;
    // Whoever asks before all of it is there waits for it.
    assert.ok(
      Math.abs((await numberOf(`job:${jobId}`, 'mean(result)')) / (expected.mean - 273.15) - 1) < 1e-5,
    );
    const maximum = await numberOf('north', `max("job:${jobId}" + 273.15)`);
    assert.ok(Math.abs(maximum - expected.max) < 1e-4);
    const made = await calls.submitCompute(`job:${jobId}`, 'result * 2', true, 'made of it');
    await calls.succeeded(made.jobId);
    await services.kill('worker-1');
    assert.ok(Math.abs((await numberOf('north', `max("job:${jobId}") + 273.15`)) - expected.max) < 1e-4);
    await services.start('worker-1');
    await services.kill('scheduler');
    await services.start('scheduler');
    const twice = await numberOf('north', `max("job:${made.jobId}")`);
    assert.ok(Math.abs(twice / 2 + 273.15 - expected.max) < 1e-4);
    await call(calls.scheduler, 'releaseJob', { jobId });
    await assert.rejects(numberOf('north', `max("job:${jobId}")`), reason('JOB_NOT_FOUND', /was released/));
    assert.equal(await numberOf('north', `max("job:${made.jobId}")`), twice);
    await assert.rejects(numberOf('north', 'max("job:00000000000000000000")'), reason('JOB_NOT_FOUND'));
    await call(calls.scheduler, 'releaseJob', { jobId: made.jobId });
  });

  it('keeps persisted results and publishes through the death of the scheduler', async () => {
    const kept = await calls.submitCompute('north', 'air_temperature * 3', true, 'kept-3');
    await calls.succeeded(kept.jobId);
    const before = await calls.read(kept.jobId, 0);
    await services.kill('catalog');
    const publish = await calls.submitPublish('late', [join(shared!, files.ostia)], 'late-1');
    await services.kill('scheduler');
    await Promise.all([services.start('scheduler'), services.start('catalog')]);
    const job = await calls.succeeded(publish.jobId);
    assert.equal(job.published, 'late@1');
    const again = await calls.submitPublish('late', [join(shared!, files.ostia)], 'late-1');
    assert.equal(again.jobId, publish.jobId);
    assert.deepEqual((await calls.read(kept.jobId, 1)).values, before.values);
  });

  it('takes its journal back from the backup when its folder is lost', async () => {
    await services.kill('scheduler');
    await rm(join(state, 'scheduler'), { recursive: true });
    await services.start('scheduler');
    const again = await calls.submitPublish('late', [join(shared!, files.ostia)], 'late-1');
    assert.equal(again.published, 'late@1');
    const kept = await calls.submitCompute('north', 'air_temperature * 3', true, 'kept-3');
    assert.equal((await calls.succeeded(kept.jobId)).state, JobState.JOB_STATE_SUCCEEDED);
  });

  it('stops gracefully', async () => {
    assert.equal(await services.stop('worker-1'), 0);
    assert.equal(await services.stop('scheduler'), 0);
    assert.equal(await services.stop('worker-2'), 0);
  });
});
