import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { repository } from '@hyperslab/testing';
import { assertClose, expectedTimeMean } from '../harness/expected-mean.ts';
import { explainFailures, type SharedRelease, useRelease } from '../harness/use-release.ts';

const pod = 'python';

// A client in another language, in another pod: Python, grpcio and the .proto files.
describe('Python in a pod', function () {
  this.timeout(300_000);
  let release: SharedRelease;
  let files: string;

  before(async function () {
    release = await useRelease(this);
    files = await release.copyRun();
    await release.addPythonPod(pod);
    const made = await release.kubectl([
      'exec',
      pod,
      '--',
      'mkdir',
      '-p',
      '/tmp/hyperslab/clients',
      '/tmp/hyperslab/proto',
    ]);
    assert.equal(made.code, 0, made.stderr);
    for (const folder of ['clients/python', 'proto/hyperslab']) {
      const copied = await release.kubectl([
        'cp',
        join(repository, folder),
        `${pod}:/tmp/hyperslab/${folder}`,
      ]);
      assert.equal(copied.code, 0, copied.stderr);
    }
    const published = await release.hyperslab(['publish', 'cluster/python', `${release.run.folder}*.nc`]);
    assert.equal(published.code, 0, published.stderr);
  });
  after(async () => {
    if (files !== undefined) await rm(files, { recursive: true });
    await release?.kubectl(['delete', 'pod', pod, '--wait=false']);
  });
  explainFailures(() => release);

  /** Runs the Python client in its pod and answers what it printed. */
  async function run(...args: string[]) {
    const program = '/tmp/hyperslab/clients/python/hyperslab_client.py';
    const { code, json, stderr } = await release.kubectl(['exec', pod, '--', 'python3', program, ...args]);
    assert.equal(code, 0, stderr);
    return json;
  }

  it('has grpcio and none of our packages', async () => {
    const { stdout } = await release.kubectl(['exec', pod, '--', 'sh', '-c', 'ls /app 2>&1; ls /opt/python']);
    assert.match(stdout, /^grpc$/m);
    assert.doesNotMatch(stdout, /hyperslab/);
  });

  it('lists what `ls` lists', async () => {
    const { json } = await release.hyperslab(['ls', '--json']);
    assert.deepEqual(await run('list'), json);
  });

  it('opens a dataset with its cubes', async () => {
    const { json } = await release.hyperslab(['show', 'cluster/python', '--json']);
    const parts = json.cubes.map((cube: Record<string, unknown>) => {
      const { name, units, dimensions, shape } = cube;
      return { name, units, dimensions, shape };
    });
    assert.deepEqual((await run('open', 'cluster/python')).cubes, parts);
  });

  it('computes the values of the files', async () => {
    const mean = await run('compute', 'cluster/python', 'mean(t, time)');
    assert.deepEqual(mean.dimensions, ['pressure', 'latitude', 'longitude']);
    assertClose(mean.values, await expectedTimeMean(files, 't'), 'mean of t');
  });

  it('computes, to the bit, what `compute` prints', async () => {
    const expression = 't[time=#1] - mean(t, time)';
    const { json } = await release.hyperslab(['compute', 'cluster/python', expression, '--json']);
    const here = await run('compute', 'cluster/python', expression);
    assert.deepEqual([here.shape, here.dtype, here.values], [json.shape, json.dtype, json.values]);
  });
});
