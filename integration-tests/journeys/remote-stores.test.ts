import assert from 'node:assert/strict';
import { cp, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type S3Server, startS3Server } from '@hyperslab/testing';
import { runHyperslab } from '../harness/run-command.ts';
import { serveFolder } from '../harness/serve-folder.ts';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';

// The same run from a folder, from S3 and from a web server gives the same numbers.
describe('remote stores', function () {
  this.timeout(180_000);
  let folder: string;
  let s3: S3Server | undefined;
  let web: Awaited<ReturnType<typeof serveFolder>>;
  let mesh: Mesh;
  let files: string[];

  before(async function () {
    folder = await mkdtemp(join(tmpdir(), 'hyperslab-stores-'));
    const run = join(folder, 'run');
    const made = await runHyperslab(['sample', run, '--size', '6MiB']);
    assert.equal(made.code, 0, made.stderr);
    files = (await readdir(run)).sort();
    web = await serveFolder(folder);
    s3 = await startS3Server(join(folder, 's3'), ['archive']);
    if (s3 === undefined) {
      console.log('      skipped: no S3 server; "npm test" builds versitygw with Go');
      this.skip();
    }
    await cp(run, join(folder, 's3/archive/run'), { recursive: true });
    mesh = await startMesh({ roots: [folder, 's3://archive/run/', web.url], env: s3.env });
  });

  after(async () => {
    await mesh?.stop();
    await s3?.stop();
    web?.server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const means: Record<string, unknown> = {};

  async function publishAndCompute(name: string, urls: string[]): Promise<void> {
    const published = await mesh.hyperslab(['publish', name, ...urls, '--json']);
    assert.equal(published.code, 0, published.stderr);
    assert.equal(published.json.cubes, 8);
    const mean = await mesh.hyperslab(['compute', name, 'mean(u, time, latitude)', '--json']);
    assert.equal(mean.code, 0, mean.stderr);
    const point = await mesh.hyperslab(['compute', name, 't[time=#1, pressure=#2]', '--json']);
    assert.equal(point.code, 0, point.stderr);
    means[name] = [mean.json, point.json];
  }

  it('reads a folder', () => publishAndCompute('stores/file', [`${join(folder, 'run')}/*.nc`]));

  it('reads a prefix of an S3 bucket', async () => {
    await publishAndCompute('stores/s3', ['s3://archive/run/']);
    assert.deepEqual(means['stores/s3'], means['stores/file']);
  });

  it('reads a glob of an S3 bucket', async () => {
    await publishAndCompute('stores/s3-glob', ['s3://archive/run/*.nc']);
    assert.deepEqual(means['stores/s3-glob'], means['stores/file']);
  });

  it('reads URLs of a web server, by range', async () => {
    const before = web.sent();
    await publishAndCompute(
      'stores/http',
      files.map((name) => `${web.url}run/${name}`),
    );
    assert.deepEqual(means['stores/http'], means['stores/file']);
    const whole = (await Promise.all(files.map((name) => stat(join(folder, 'run', name))))).reduce(
      (sum, s) => sum + s.size,
      0,
    );
    // Two of eight parameters were read, and headers.
    assert.ok(web.sent() - before < whole / 2, `${web.sent() - before} of ${whole} bytes`);
  });

  it('refuses another bucket and another server', async () => {
    for (const url of ['s3://other/run/', 's3://archive/secret.nc', 'http://127.0.0.1:9/run.nc']) {
      const { code, stderr } = await mesh.hyperslab(['publish', 'stores/outside', url]);
      assert.equal(code, 4, stderr);
      assert.ok(stderr.includes(url), stderr);
    }
  });

  it('names an object that is not there', async () => {
    const { code, stderr } = await mesh.hyperslab(['publish', 'stores/none', 's3://archive/run/none.nc']);
    assert.equal(code, 3, stderr);
    assert.match(stderr, /none\.nc/);
  });
});
