import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client, ComputedArray, Dataset } from '@hyperslab/client';
import { isHyperslabError } from '@hyperslab/errors';
import { hasPython, runPython, type S3Server, skip, startS3Server } from '@hyperslab/testing';
import { heavyExpression } from '../harness/heavy-expression.ts';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';
import { until } from '../harness/until.ts';

interface ReadStore {
  variables: Record<string, { dtype: string; dims: string[]; values: number[]; coordinates: string[] }>;
  /** Values of coordinates that are texts. */
  texts: Record<string, string[]>;
  history: string;
}

const script = fileURLToPath(new URL('./read_stores.py', import.meta.url));

/** Without the difference of a million numbers, which takes minutes to be printed. */
function assertSame(found: readonly number[], { values }: ComputedArray): void {
  assert.equal(found.length, values.length);
  const other = found.findIndex((value, i) => value !== values[i]);
  assert.equal(other, -1, `element ${other}: ${found[other]}, expected ${values[other]}`);
}

describe('results saved by a client and by the workers', function () {
  this.timeout(240_000);
  let mesh: Mesh;
  let client: Client;
  let dataset: Dataset;
  let folder: string;
  let out: string;
  let s3: S3Server | undefined;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hyperslab-saved-'));
    out = join(folder, 'out');
    await mkdir(out);
    s3 = await startS3Server(join(folder, 's3'), ['bucket']);
    const roots = { HYPERSLAB_OUTPUT_ROOTS: `${out},s3://bucket/` };
    mesh = await startMesh({ sample: true, roots: [out], env: { ...process.env, ...s3?.env, ...roots } });
    client = await mesh.client();
    dataset = await client.open('sample/run');
  });
  after(async () => {
    await mesh?.stop();
    await s3?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('hold what the SDK computes, whoever writes them', async function () {
    if (!hasPython('xarray', 'zarr', 'netCDF4'))
      skip(this, 'no xarray, zarr or netCDF4; "npm test" installs them');
    const array = dataset.expression('t - mean(t, time)');
    const chunks = { latitude: 7 };
    const [byClient, byWorkers, reduced] = [join(out, 'a.nc'), join(out, 'b.zarr'), join(out, 'c.zarr')];
    const saved = await array.save(byClient, { chunks });
    const onWorkers = await array.save(byWorkers, { onWorkers: true });
    assert.deepEqual(
      onWorkers.variables.map(({ missing, nan, shape }) => [missing, nan, shape]),
      saved.variables.map(({ missing, nan, shape }) => [missing, nan, shape]),
    );
    const mean = dataset.expression('mean(t, time, latitude)');
    const named = [{ name: 'mean_temperature', array: mean }];
    await client.save(reduced, named, { onWorkers: true, compression: 'gzip' });
    const [first, second, third] = runPython<ReadStore>(script, byClient, byWorkers, reduced);
    assertSame(first.variables.t_mean_t_time.values, await array.compute());
    assert.deepEqual(Object.keys(second.variables), Object.keys(first.variables));
    assertSame(second.variables.t_mean_t_time.values, await array.compute());
    assertSame(third.variables.mean_temperature.values, await mean.compute());
    assert.match(first.history, /hyperslab: t - mean\(t, time\) of sample\/run@1/);
    assert.match(second.history, /of sample\/run@1\nwritten by workers, job [0-9a-f]{20}$/);
    assert.deepEqual((await readdir(out)).sort(), ['a.nc', 'b.zarr', 'c.zarr']);
  });

  it('have whole texts of what a file keeps as characters, whoever writes them', async function () {
    if (!hasPython('xarray', 'zarr', 'netCDF4'))
      skip(this, 'no xarray, zarr or netCDF4; "npm test" installs them');
    const classic = join(out, 'seasons.nc3');
    const seasonal = dataset.expression('group(t, mean, time=season)');
    await client.save(classic, [{ name: 't', array: seasonal }]);
    await client.publish('seasons', [classic]);
    const array = (await client.open('seasons')).expression('t + 1');
    const targets = [join(out, 'seasons.nc'), join(out, 'seasons.zarr')];
    await array.save(targets[0]);
    await array.save(targets[1], { onWorkers: true });
    const { coordinates } = await array.compute();
    const seasons = coordinates.find(({ name }) => name === 'season')!.values;
    assert.ok(
      (seasons as string[]).every((season) => /^(DJF|MAM|JJA|SON)$/.test(season)),
      String(seasons),
    );
    const read = runPython<ReadStore>(script, ...targets);
    for (const { texts } of read) assert.deepEqual(texts.season, seasons);
  });

  it('are written by workers only where the operator lets them, and replace nothing unasked', async () => {
    const array = dataset.expression('t + 1');
    const denied = (target: string) =>
      assert.rejects(array.save(target, { onWorkers: true }), (error) =>
        isHyperslabError(error, 'OUTSIDE_ROOTS'),
      );
    await denied(join(folder, 'elsewhere.zarr'));
    await denied(join(out, '../elsewhere.zarr'));
    await denied('s3://other/elsewhere.zarr');
    const target = join(out, 'd.zarr');
    await array.save(target, { onWorkers: true });
    await assert.rejects(array.save(target, { onWorkers: true }), /d\.zarr: is there already/);
    await array.save(target, { onWorkers: true, overwrite: true, format: 'zarr2' });
    assert.ok((await readdir(target)).includes('.zmetadata'));
    await assert.rejects(array.save(join(out, 'e.nc'), { onWorkers: true }), /one result to a Zarr store/);
  });

  it('leave nothing when what they hold can not be computed to the end', async () => {
    const abort = new AbortController();
    const ofTarget = async () => (await readdir(out)).filter((name) => name.includes('f.zarr'));
    // Of a short one all may be written before it is known to be under way: then it stays, and is whole.
    const long = dataset.expression(heavyExpression('t', { terms: 60, seed: 4 }));
    const saving = long.save(join(out, 'f.zarr'), { onWorkers: true, signal: abort.signal });
    const begun = until('it is begun', async () => (await ofTarget()).at(0));
    assert.match(String(await Promise.race([saving, begun])), /^\.f\.zarr\.shared\./);
    abort.abort();
    await assert.rejects(saving, (error) => isHyperslabError(error, 'CANCELLED'));
    await until('what was begun is gone', async () => (await ofTarget()).length === 0 || undefined);
  });

  it('go to S3, at their end', async function () {
    if (s3 === undefined) skip(this, 'no versitygw; `npm test` gets it');
    for (const url of ['s3://bucket/a.zarr', 's3://bucket/b.zarr']) {
      const onWorkers = url.includes('b.zarr');
      await dataset.expression('mean(t, time)').save(url, { onWorkers, env: s3.env });
    }
    await dataset.expression('mean(t, time)').save('s3://bucket/c.nc', { env: s3.env });
    const names = await readdir(join(folder, 's3/bucket'));
    assert.deepEqual(names.filter((name) => !name.startsWith('.')).sort(), ['a.zarr', 'b.zarr', 'c.nc']);
    assert.ok(!(await readdir(join(folder, 's3/bucket/b.zarr'))).includes('.hyperslab-unfinished'));
  });

  it('go to S3 as pictures and as JSON: whole or not at all, and refused before anything is computed', async function () {
    if (s3 === undefined) skip(this, 'no versitygw; `npm test` gets it');
    const { env } = s3;
    const map = 't[pressure=850, time=#0]';
    const compute = (expression: string, name: string, ...options: string[]) =>
      mesh.hyperslab(['compute', 'sample/run', expression, '--out', `s3://${name}`, ...options, '--json'], {
        env,
      });
    const written = (name: string) => readFile(join(folder, 's3', name));
    for (const [name, begin] of [
      ['bucket/map.png', '\x89PNG'],
      ['bucket/map.svg', '<svg'],
      ['bucket/map.json', '{"dtype":"float32"'],
    ]) {
      const { code, stderr } = await compute(map, name);
      assert.equal(code, 0, stderr);
      assert.equal((await written(name)).subarray(0, begin.length).toString('latin1'), begin);
    }
    const { values } = JSON.parse(String(await written('bucket/map.json')));
    assertSame(values, await dataset.expression(map).compute());
    const jobs = async () => (await mesh.hyperslab(['jobs', '--json'])).json.length;
    const before = await jobs();
    const other = 'u[pressure=850, time=#0]';
    for (const [name, ...options] of [
      ['bucket/map.png'],
      ['bucket/map.json'],
      ['bucket/other.json', '--level', '3'],
    ])
      assert.notEqual((await compute(other, name, ...options)).code, 0, name);
    assert.equal(await jobs(), before, 'nothing was computed');
    assert.equal(
      (await compute('t[pressure=850]', 'bucket/films.png')).code,
      2,
      'three dimensions are no map',
    );
    const names = await readdir(join(folder, 's3/bucket'));
    assert.deepEqual(
      names.filter((name) => /other|films/.test(name)),
      [],
    );
    const { code, stderr } = await compute(other, 'bucket/map.json', '--overwrite');
    assert.equal(code, 0, stderr);
    assertSame(
      JSON.parse(String(await written('bucket/map.json'))).values,
      await dataset.expression(other).compute(),
    );
  });

  it('leave nothing of a command that was killed, once the next has written the same file', async () => {
    const target = join(out, 'g.nc');
    const ofTarget = async () => (await readdir(out)).filter((name) => name.includes('g.nc'));
    let pid = 0;
    const long = heavyExpression('t', { terms: 60, seed: 3 });
    const command = mesh.hyperslab(['compute', 'sample/run', long, '--out', target], {
      onStart: (started) => {
        pid = started;
      },
    });
    await until('the file is begun', async () => (await ofTarget()).length > 0 || undefined);
    process.kill(pid, 'SIGKILL');
    assert.equal((await command).code, null);
    await dataset.expression('sin(t) + cos(u)').save(target, { overwrite: true });
    assert.deepEqual(await ofTarget(), ['g.nc']);
    assert.equal((await readFile(target)).subarray(1, 4).toString(), 'HDF');
  });
});
