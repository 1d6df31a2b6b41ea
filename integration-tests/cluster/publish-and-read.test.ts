import assert from 'node:assert/strict';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pythonPath, repository, toolPath } from '@hyperslab/testing';
import { assertClose, expectedTimeMean } from '../harness/expected-mean.ts';
import type { PortForward } from '../harness/port-forward.ts';
import { runProgram } from '../harness/run-command.ts';
import { explainFailures, type SharedRelease, useRelease } from '../harness/use-release.ts';

const compareDap = join(repository, 'integration-tests/reference/compare_dap.py');

// One run from a volume and from an S3 server in a pod; expected values are of the files, by netCDF4-python.
describe('publish and read on Kubernetes', function () {
  this.timeout(300_000);
  let release: SharedRelease;
  let files: string;
  let gateway: PortForward;

  before(async function () {
    release = await useRelease(this);
    files = await release.copyRun();
    gateway = await release.portForward('service/hyperslab-opendap-gateway', 8080);
  });
  after(async () => {
    await gateway?.stop();
    if (files !== undefined) await rm(files, { recursive: true });
  });
  explainFailures(() => release);

  async function hyperslab(...args: string[]) {
    const { code, json, stderr } = await release.hyperslab([...args, '--json']);
    assert.equal(code, 0, stderr);
    return json;
  }

  async function publishAndCompute(name: string, url: string): Promise<void> {
    const published = await hyperslab('publish', name, url);
    assert.equal(published.cubes, 8);
    const mean = await hyperslab('compute', name, 'mean(t, time)');
    assert.deepEqual(mean.dimensions, ['pressure', 'latitude', 'longitude']);
    assertClose(mean.values, await expectedTimeMean(files, 't'), `mean of ${name}`);
  }

  async function served(name: string): Promise<void> {
    const paths = (await readdir(files)).sort().map((file) => join(files, file));
    const url = `http://${gateway.address}/dap/${name}`;
    const { code, stdout, stderr } = await runProgram(pythonPath() as string, [compareDap, url, ...paths]);
    assert.equal(code, 0, `${name}:\n${stdout}${stderr}`);
  }

  it('publishes from a volume, and computes', () =>
    publishAndCompute('cluster/volume', `${release.run.folder}*.nc`));

  it('publishes from S3, and computes', () => publishAndCompute('cluster/s3', release.run.s3));

  it('has manifests and copies of them in S3', async () => {
    const objects = async (folder: string) => {
      const { stdout } = await release.kubectl(['exec', 's3', '--', 'find', `/s3/${folder}`, '-type', 'f']);
      return stdout.split('\n').filter((line) => line.includes('manifests/'));
    };
    const [kept, copied] = [await objects('hyperslab'), await objects('hyperslab-backup')];
    assert.ok(kept.length >= 2, `${kept}`);
    assert.deepEqual(copied.map(hashOf).sort(), kept.map(hashOf).sort());
  });

  it('netCDF4 and xarray read the values of the files through the gateway', async () => {
    await served('cluster/volume');
    await served('cluster/s3@1');
  });

  it('ncdump reads the description and values', async function () {
    const ncdump = toolPath('ncdump');
    if (ncdump === undefined) {
      console.log('      skipped: no ncdump');
      this.skip();
    }
    const url = `http://${gateway.address}/dap/cluster/s3`;
    const { stdout, stderr } = await runProgram(ncdump, ['-v', 'pressure', url]);
    const { values } = await hyperslab('compute', 'cluster/s3', 't[time=#0, latitude=#0, longitude=#0]');
    assert.match(stdout, /float t\(time, pressure, latitude, longitude\) ;/, stderr);
    const pressures = /\n pressure = ([^;]+) ;/.exec(stdout)?.[1].split(',');
    assert.equal(pressures?.length, values.length);
  });
});

function hashOf(path: string): string {
  return path.slice(path.indexOf('manifests/'));
}
