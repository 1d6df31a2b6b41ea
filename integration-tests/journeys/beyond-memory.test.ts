import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client, ComputedArray, Dataset } from '@hyperslab/client';
import { type S3Server, skip, startS3Server } from '@hyperslab/testing';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';
import { until } from '../harness/until.ts';
import { type ProcessWatch, watchProcesses } from '../harness/watch-processes.ts';
import { fieldOf, type RepeatingStore, writeRepeatingStore } from '../harness/write-repeating-store.ts';

const mebibyte = 2 ** 20;
/** Of each of two workers: what is 100 times that is 50 times the memory of both. */
const workerMemory = 512 * mebibyte;
/** A field of float64, unpacked. */
const field = { rows: 512, columns: 1024, different: 20 };
const fieldBytes = field.rows * field.columns * 8;
const wide: RepeatingStore = { ...field, times: 1280 };
const deep: RepeatingStore = { ...field, times: 12_800 };
const noServer = 'no S3 server; "npm test" builds versitygw with Go';
/** They differ from those on S3 by the store alone: where there is no S3 they run. */
const skipsLong = process.env.LONG === undefined ? 'takes minutes more; LONG=1 runs it' : undefined;
const workers = ['worker-pool-1', 'worker-pool-2'];
/** Where the new chunks lie that are read back, rows and columns. */
const corners = [
  [0, 0],
  [256, 512],
  [504, 768],
];

describe('computations over many times the memory of each of two workers', function () {
  this.timeout(600_000);
  let mesh: Mesh;
  let client: Client;
  let folder: string;
  let s3: S3Server | undefined;
  let watch: ProcessWatch | undefined;
  const fields = Array.from({ length: field.different }, (_, number) => fieldOf(wide, number));

  before(async () => {
    assert.ok(wide.times * fieldBytes >= 10 * workerMemory && deep.times * fieldBytes >= 100 * workerMemory);
    folder = await mkdtemp(join(tmpdir(), 'hyperslab-beyond-'));
    const bucket = join(folder, 's3/bucket');
    await mkdir(join(folder, 'out'), { recursive: true });
    s3 = await startS3Server(join(folder, 's3'), ['bucket']);
    await writeRepeatingStore(join(bucket, 'wide.zarr'), wide);
    await writeRepeatingStore(join(bucket, 'deep.zarr'), deep);
    const env = {
      ...process.env,
      ...s3?.env,
      HYPERSLAB_WORKER_THREADS: '1',
      HYPERSLAB_OUTPUT_ROOTS: `${join(folder, 'out')},s3://bucket/out/`,
    };
    const roots = [folder, ...(s3 === undefined ? [] : ['s3://bucket/'])];
    mesh = await startMesh({ roots, workerMemory: '512MiB', env });
    await publish('file/deep', join(bucket, 'deep.zarr'));
    await publish('file/wide', join(bucket, 'wide.zarr'));
    if (s3 !== undefined) {
      await publish('s3/deep', 's3://bucket/deep.zarr');
      await publish('s3/wide', 's3://bucket/wide.zarr');
    }
    client = await mesh.client();
  });

  after(async () => {
    await mesh?.stop();
    await s3?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function publish(name: string, url: string): Promise<void> {
    const { code, stderr } = await mesh.hyperslab(['publish', name, url]);
    assert.equal(code, 0, stderr);
  }

  /** Does something, and asserts that no worker took more memory than it may. */
  async function withinMemory<T>(what: string, run: () => Promise<T>): Promise<T> {
    watch = watchProcesses(await Promise.all(workers.map((name) => mesh.pidOf(name))));
    const startedMs = performance.now();
    try {
      return await run();
    } finally {
      const use = watch.end();
      const seconds = (performance.now() - startedMs) / 1000;
      console.log(
        `      ${what}: ${seconds.toFixed(0)} s, ${use.cpuSeconds.toFixed(0)} s of processor time; ` +
          `${(use.peakBytes / mebibyte).toFixed(0)} MiB; read ${gigabytes(use.readBytes)}, written ${gigabytes(use.writtenBytes)} GB`,
      );
      assert.ok(use.peakBytes < workerMemory, `a worker took ${use.peakBytes} bytes`);
    }
  }

  /** Kills a worker as soon as a stage is under way; the one in its place is watched, too. */
  async function killDuring(phase: string): Promise<void> {
    await until(`a job is ${phase}`, async () => {
      const { json } = await mesh.hyperslab(['jobs', '--json']);
      return json.some((job: { state: string; phase: string }) => job.phase === phase) || undefined;
    });
    await delay(1_000);
    await mesh.kill('worker-pool-2');
    await mesh.ready();
    watch?.add(await mesh.pidOf('worker-pool-2'));
  }

  function assertFields(found: ComputedArray, expected: (values: number[]) => number): void {
    assert.equal(found.values.length, field.rows * field.columns);
    for (let cell = 0; cell < found.values.length; cell++) {
      const value = expected(fields.map((values) => values[cell]));
      assert.ok(
        Math.abs(Number(found.values[cell]) - value) < 1e-9,
        `${found.values[cell]} at ${cell}, not ${value}`,
      );
    }
  }

  /** As numpy's default: linear between the values on both sides, of which each comes equally often. */
  function percentile(values: number[], percent: number): number {
    const sorted = [...values].sort((a, b) => a - b);
    const times = wide.times / values.length;
    const at = ((wide.times - 1) * percent) / 100;
    const valueAt = (index: number) => sorted[Math.floor(index / times)];
    const below = valueAt(Math.floor(at));
    return below + (valueAt(Math.ceil(at)) - below) * (at - Math.floor(at));
  }

  async function assertRechunked(saved: Dataset): Promise<void> {
    for (const [row, column] of corners) {
      const rows = `latitude=#${row}:#${row + 8}, longitude=#${column}:#${column + 256}`;
      const { values, shape } = await saved.expression(`t[${rows}]`).compute();
      assert.deepEqual(shape, [wide.times, 8, 256]);
      for (let at = 0; at < values.length; at++) {
        const time = Math.floor(at / (8 * 256));
        const cell = (row + (Math.floor(at / 256) % 8)) * field.columns + column + (at % 256);
        const expected = fields[time % field.different][cell];
        if (Number(values[at]) !== expected)
          assert.fail(`${values[at]} at ${time}, ${cell}, not ${expected}`);
      }
    }
  }

  for (const kind of ['file', 's3'])
    it(`take the mean of 100 times the memory of a worker, of ${kind}`, async function () {
      if (kind === 's3' && s3 === undefined) skip(this, noServer);
      const dataset = await client.open(`${kind}/deep`);
      const mean = await withinMemory(`mean of ${gigabytes(deep.times * fieldBytes)} GB`, () =>
        dataset.expression('mean(t, time)').compute(),
      );
      assertFields(mean, (values) => values.reduce((sum, value) => sum + value, 0) / values.length);
    });

  // One of both is enough to lose a worker in.
  for (const [kind, isKilled] of Object.entries({ s3: true, file: false }))
    it(`take percentiles of 10 times the memory of a worker, of ${kind}${isKilled ? ', while a worker is killed that holds a part of it' : ''}`, async function () {
      if (kind === 's3' && s3 === undefined) skip(this, noServer);
      if (kind === 'file' && s3 !== undefined && skipsLong !== undefined) skip(this, skipsLong);
      const dataset = await client.open(`${kind}/wide`);
      const computing = withinMemory(`percentile of ${gigabytes(wide.times * fieldBytes)} GB`, () =>
        dataset.expression('percentile(t, 90, time)').compute(),
      );
      const [found] = await Promise.all([computing, isKilled && killDuring('reducing')]);
      assertFields(found, (values) => percentile(values, 90));
    });

  for (const [kind, isKilled] of Object.entries({ s3: true, file: false }))
    it(`put 10 times the memory of a worker, of ${kind}, into other chunks there${isKilled ? ', while a worker is killed' : ''}`, async function () {
      if (kind === 's3' && s3 === undefined) skip(this, noServer);
      if (kind === 'file' && s3 !== undefined && skipsLong !== undefined) skip(this, skipsLong);
      const dataset = await client.open(`${kind}/wide`);
      const target = kind === 's3' ? 's3://bucket/out/rechunked.zarr' : join(folder, 'out/rechunked.zarr');
      const chunks = { time: wide.times, latitude: 8, longitude: 128 };
      const saving = withinMemory(`${gigabytes(wide.times * fieldBytes)} GB in other chunks`, () =>
        dataset.expression('t').save(target, { onWorkers: true, chunks, env: s3?.env }),
      );
      await Promise.all([saving, isKilled && killDuring('exchanging')]);
      await publish(`${kind}/rechunked`, target);
      await assertRechunked(await client.open(`${kind}/rechunked`));
    });
});

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}
