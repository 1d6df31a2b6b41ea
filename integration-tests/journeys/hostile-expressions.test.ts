import assert from 'node:assert/strict';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client, Dataset } from '@hyperslab/client';
import { isHyperslabError } from '@hyperslab/errors';
import type { Job, WorkerReport } from '@hyperslab/proto/scheduler';
import { heavyExpression } from '../harness/heavy-expression.ts';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';
import { until } from '../harness/until.ts';

const thousand = `[${Array.from({ length: 1000 }, (_, i) => i).join(', ')}]`;
/** An array that is a thousand times larger for each name. */
const expanded = (text: string, ...names: string[]) =>
  names.reduce((inner, name) => `expand(${inner}, ${name}=${thousand})`, text);

/** What is asked, and the reason that it is refused with. */
const refused: [what: string, text: string, reason: string][] = [
  [
    'differences of differences without end',
    `diff(${expanded('1.0 * time', 'a')}, a, n=500)`,
    'EXPRESSION_INVALID',
  ],
  ['nothing', '', 'EXPRESSION_INVALID'],
  ['a text without an end', '"air_temperature', 'EXPRESSION_INVALID'],
  ['300 levels', `${'('.repeat(300)}1${')'.repeat(300)}`, 'EXPRESSION_INVALID'],
  ['5,000 parts', new Array(5_000).fill('1').join('+'), 'EXPRESSION_INVALID'],
  ['70,000 characters', `1${' '.repeat(70_000)}+ 1`, 'EXPRESSION_INVALID'],
  ['10^18 elements', expanded('1.0 * time', 'a', 'b', 'c', 'd', 'e', 'f'), 'TOO_LARGE'],
  [
    '10^18 elements of which one is left',
    `mean(${expanded('1.0 * time', 'a', 'b', 'c', 'd', 'e', 'f')})`,
    'TOO_LARGE',
  ],
  [
    '10^12 elements that are held at once',
    `median(${expanded('1.0 * time', 'a', 'b', 'c', 'd')})`,
    'TOO_LARGE',
  ],
  ['a result of 10^12 elements', expanded('1.0 * time', 'a', 'b', 'c', 'd'), 'TOO_LARGE'],
  ['a name that nobody has', 'mean(nothing_like_that)', 'VARIABLE_NOT_FOUND'],
  ['a dataset that nobody has', '"nobody/has:that"', 'DATASET_NOT_FOUND'],
  ['an operation that there is none of', 'medain(air_temperature, time)', 'EXPRESSION_INVALID'],
  ['an option twice', 'rolling(air_temperature, mean, time=2, time=3)', 'EXPRESSION_INVALID'],
  ['a window longer than there is', 'rolling(air_temperature, mean, time=100000)', 'EXPRESSION_INVALID'],
  ['units that do not fit', 'air_temperature + x_wind', 'EXPRESSION_INVALID'],
  ['a dimension that is there already', 'expand(air_temperature, time=[1, 2])', 'EXPRESSION_INVALID'],
  [
    'a stack along what is a dimension already',
    'stack(air_temperature, air_temperature, time=[1, 2])',
    'EXPRESSION_INVALID',
  ],
  [
    'one dimension of two lengths',
    'air_temperature[time=#0:#2] - air_temperature[time=#0:#3]',
    'EXPRESSION_INVALID',
  ],
  [
    'one dimension with other coordinates',
    'air_temperature[time=#0:#2] - air_temperature[time=#1:#3]',
    'EXPRESSION_INVALID',
  ],
  [
    'one dimension the other way round',
    'air_temperature - air_temperature[latitude=#::#-1]',
    'EXPRESSION_INVALID',
  ],
  [
    'new dimensions of one name',
    'expand(air_temperature, a=[1, 2]) + expand(air_temperature, a=[1, 3])',
    'EXPRESSION_INVALID',
  ],
  [
    'groups along what another dimension is',
    'group(expand(air_temperature, month=[1, 2]), mean, time=month)',
    'EXPRESSION_INVALID',
  ],
  ['a percentile beyond 100', 'percentile(air_temperature, 101, time)', 'EXPRESSION_INVALID'],
  ['a grid without end', 'regrid(air_temperature, step=0.0000000001)', 'EXPRESSION_INVALID'],
];

const field = `expand(air_temperature[time=#0, pressure=#0], a=${thousand})`;
/** What takes a thread seconds between one tile and the next. */
const longTiles = [
  `mean(rolling(${field}, median, a=500))`,
  `mean(percentile(${field}, ${thousand.replaceAll(/\d+/g, (number) => String(Number(number) / 10))}, a))`,
  `mean(interpolate(${field}, onto=${field} / 300, a=${thousand}))`,
];

const mebibyte = 2 ** 20;
const workerMemory = 512 * mebibyte;
/** What buffers of both workers may differ by, bytes: garbage of main threads may take a sixteenth of their memory, that of others besides. */
const slack = (2 * workerMemory) / 8;
/** So often does a job fail on the workers, and so often is one cancelled: 8 MiB that each keeps are more than that together. */
const rounds = 8;

/** Nothing but missing values, beyond the pole. */
const missing = 'interpolate(air_temperature, latitude=91)';
/** What is computed of them, and the type of the result, as numpy.ma or xarray have it. */
const ofMissing: [text: string, dtype: string][] = [
  [missing, 'float32'],
  [`mean(${missing})`, 'float32'],
  [`mean(${missing}, time)`, 'float32'],
  [`mean(${missing} > 0, time)`, 'float64'],
  [`mean(${missing}, time, weights=1)`, 'float32'],
  [`sum(${missing} > 0, time)`, 'int64'],
  [`max(${missing} > 0, time)`, 'int8'],
  [`std(${missing}, time)`, 'float32'],
  [`percentile(${missing}, 90, time)`, 'float32'],
  [`percentile(${missing}, [10, 90], time, method=tdigest)`, 'float32'],
  [`median(${missing} > 0)`, 'float64'],
  [`argmax(${missing}, time)`, 'int64'],
  [`idxmin(${missing}, pressure)`, 'float32'],
  [`trend(${missing}, time)`, 'float32'],
  [`correlation(${missing}, ${missing}, time)`, 'float32'],
  [`covariance(${missing}, ${missing} > 0, time)`, 'float32'],
  [`any(${missing}, time)`, 'int8'],
  [`rolling(${missing}, mean, time=2)`, 'float32'],
  [`group(${missing}, mean, time=hour)`, 'float32'],
  ['regrid(interpolate(air_temperature, latitude=[91, 92]), step=20)', 'float32'],
];

describe('hostile expressions', function () {
  this.timeout(240_000);
  let mesh: Mesh;
  let client: Client;
  let run: Dataset;

  before(async () => {
    mesh = await startMesh({
      sample: true,
      workerMemory: String(workerMemory),
      env: { HYPERSLAB_KEPT_RESULT_BYTES: '0', HYPERSLAB_WORKER_CACHE_BYTES: '0' },
    });
    client = await mesh.client();
    run = await client.open('sample/run');
  });

  after(() => mesh?.stop());

  /** What all workers say that they have in use; undefined while anything runs or is held, or a worker has yet to say it. */
  const inUse = async () => {
    const { workers, tasksRunning, tasksQueued, heldBytes } = await client.cluster();
    const reports = workers.flatMap(({ report }) => report ?? []);
    if (reports.length < workers.length) return undefined;
    const sum = (of: (report: WorkerReport) => number) => reports.reduce((all, each) => all + of(each), 0);
    const tasks = sum((report) => report.tasksRunning + report.tasksWaiting + report.threadsBusy);
    const held = sum((report) => report.blockBytes + report.spilledBytes + report.cacheBytes);
    const isIdle = tasksRunning + tasksQueued + heldBytes + tasks + held === 0;
    return isIdle ? { buffers: sum((report) => report.bufferBytes), workers: workers.length } : undefined;
  };

  /** Waits until nothing runs and nothing is held any more, and buffers are as they were. */
  const givenBack = (before: number) =>
    until('all is given back', async () => {
      const now = await inUse();
      return now?.workers === 2 && now.buffers < before + slack ? true : undefined;
    });

  const heavy = (seed: number) => heavyExpression('air_temperature', { terms: 40, seed });

  /** Computes what takes long, and does something as soon as tasks of it run. */
  const computeLong = (text: string, underWay: () => void, signal?: AbortSignal) => {
    const onProgress = ({ tasksRunning = 0, tasksDone = 0 }: Partial<Job>) => {
      if (tasksRunning + tasksDone > 0) underWay();
    };
    return run.expression(text).compute({ signal, onProgress });
  };

  /** Computes what takes long, and cancels it as soon as tasks of it run. */
  const cancelUnderWay = async (text: string) => {
    const stop = new AbortController();
    const computed = computeLong(text, () => stop.abort(), stop.signal);
    await assert.rejects(computed, (error: Error) => isHyperslabError(error, 'CANCELLED'));
  };

  /** A run whose last file is gone since it was published: some of its tasks fail while others compute. */
  const withoutLastFile = async () => {
    const folder = join(mesh.state, 'broken');
    assert.equal((await mesh.hyperslab(['sample', folder, '--size', '24MiB'])).code, 0);
    await client.publish('broken', [`${folder}/`]);
    await rm(join(folder, (await readdir(folder)).sort().at(-1)!));
    return client.open('broken');
  };

  for (const [what, text, reason] of refused)
    it(`are refused with what is wrong: ${what}`, async () => {
      await assert.rejects(
        async () => run.expression(text).compute(),
        (error: Error) => isHyperslabError(error, reason as never) && error.message.length < 1_000,
      );
    });

  it('divide by zero, and take roots and logarithms of what has none', async () => {
    const values = async (text: string) => {
      const { values: found, mask } = await run.expression(text).compute();
      assert.equal(mask, undefined);
      return [...new Set([...(found as Float64Array)].map(String))];
    };
    const t = 'air_temperature[time=#0]';
    assert.deepEqual(await values(`${t} / 0`), ['Infinity']);
    assert.deepEqual(await values(`-${t} / 0`), ['-Infinity']);
    assert.deepEqual(await values(`(${t} - ${t}) / 0`), ['NaN']);
    assert.deepEqual(await values(`sqrt(-${t})`), ['NaN']);
    assert.deepEqual(await values(`mean(sqrt(-${t}))`), ['NaN']);
    assert.deepEqual(await values(`count(sqrt(-${t}))`), ['0']);
  });

  for (const [text, dtype] of ofMissing)
    it(`have nothing but missing values of nothing but missing values: ${text}`, async () => {
      const { values, mask, dtype: found } = await run.expression(text).compute();
      assert.equal(found, dtype);
      assert.equal(mask?.length, values.length);
      assert.ok(values.length > 0 && mask?.every((isMissing) => isMissing === 1));
    });

  it('count nothing of nothing but missing values', async () => {
    for (const text of [`count(${missing}, time)`, `histogram(${missing}, [200, 300, 400], time)`]) {
      const { values, mask, dtype } = await run.expression(text).compute();
      assert.deepEqual([mask, dtype], [undefined, 'int64']);
      assert.ok((values as BigInt64Array).every((count) => count === 0n));
    }
  });

  it('are saved under names of other variables, where one of both is named otherwise', async () => {
    const target = join(mesh.state, 'names.nc');
    const mean = run.expression('mean(air_temperature, time)');
    const names = ['latitude', 'latitude_bnds', 'crs', 'bnds'];
    await client.save(target, [
      ...names.map((name) => ({ name, array: mean })),
      { name: 'a', array: run.expression('air_temperature[time=#0:#2]') },
      { name: 'b', array: run.expression('air_temperature[time=#0:#3]') },
    ]);
    await client.publish('names', [target]);
    const named = await client.open('names');
    const expected = (await mean.compute()).values;
    for (const name of ['latitude_2', 'latitude_bnds', 'crs', 'bnds'])
      assert.deepEqual((await named.expression(`${name} + 0`).compute()).values, expected, name);
    const twice = [mean, mean].map((array) => ({ name: 'twice', array }));
    await assert.rejects(client.save(target, twice, { overwrite: true }), /would both be variable "twice"/);
  });

  it('give back what they took when they fail, are cancelled or lose a worker', async () => {
    // What each thread has once it has computed is there before.
    await run.expression('std(t - mean(t, time), time)').compute();
    const { buffers } = await until('nothing runs', inUse);
    for (const [, text] of refused) await assert.rejects(async () => run.expression(text).compute());
    await givenBack(buffers);
    const broken = await withoutLastFile();
    for (let round = 0; round < rounds; round++)
      await assert.rejects(broken.expression(`std(t - mean(t, time), time) + ${round}`).compute(), (error) =>
        isHyperslabError(error, 'OBJECT_CHANGED'),
      );
    await givenBack(buffers);
    for (let seed = 1; seed <= rounds; seed++) await cancelUnderWay(heavy(seed));
    await givenBack(buffers);
    for (const text of longTiles) {
      await cancelUnderWay(text);
      await givenBack(buffers);
    }
    // Asking for it takes a second, in which all may be computed.
    const pid = await mesh.pidOf('worker-pool-1');
    let atWork: Promise<number> | undefined;
    await computeLong(heavy(rounds + 1), () => {
      if (atWork !== undefined) return;
      process.kill(pid, 'SIGKILL');
      atWork = client.cluster().then(({ tasksRunning, tasksQueued }) => tasksRunning + tasksQueued);
    });
    assert.ok((await atWork!) > 0, 'there is work to do after the kill');
    await mesh.ready();
    await givenBack(buffers);
    const { values } = await run.expression('count(air_temperature)').compute();
    assert.ok(Number(values[0]) > 0);
    await givenBack(buffers);
  });
});
