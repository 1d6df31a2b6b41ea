import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { pythonPath, sharedData, toolPath } from '@hyperslab/testing';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';

const run = promisify(execFile);
const compareDap = fileURLToPath(new URL('../reference/compare_dap.py', import.meta.url));

/** Packed and plain, classic and HDF5, descending latitudes, times of several calendars. */
const realFiles = [
  'nc3/coads_climatology.cdf',
  'nc3/tas.nc',
  'nc3/reduced.nc',
  'nc3/bcsd_obs_1999.nc',
  'nc4/cordex.nc',
  'nc4/ostia_monthly.nc',
  'nc4/NEMO/nemo_1m_20150101-20150201_grid-T.nc',
];

describe('OPeNDAP clients', function () {
  this.timeout(300_000);
  let mesh: Mesh;
  let gateway: string;
  let files: string[];

  before(async () => {
    const shared = sharedData();
    mesh = await startMesh({ roots: shared ? [shared] : [] });
    gateway = mesh.endpoints.opendap_gateway;
    files = await publishSample('opendap/run', '3MiB');
    await publishSample('opendap/large', '40MiB');
    const client = await mesh.client();
    if (shared !== undefined)
      for (const file of realFiles) await client.publish(`real/${file}`, [join(shared, file)]);
  });
  after(() => mesh?.stop());

  async function publishSample(name: string, size: string): Promise<string[]> {
    const folder = join(mesh.state, name);
    await mkdir(folder, { recursive: true });
    const sample = await mesh.hyperslab(['sample', folder, '--size', size]);
    assert.equal(sample.code, 0, sample.stderr);
    await (await mesh.client()).publish(name, [join(folder, '*.nc')]);
    return (await readdir(folder)).sort().map((file) => join(folder, file));
  }

  async function compare(name: string, paths: readonly string[]): Promise<void> {
    await run(pythonPath()!, [compareDap, `${gateway}/dap/${name}`, ...paths]).catch((error) => {
      assert.fail(`${name}:\n${error.stdout}${error.stderr}`);
    });
  }

  it('ncdump shows the cubes of a merged run', async function () {
    const ncdump = toolPath('ncdump');
    if (ncdump === undefined) {
      console.log('skipped: no ncdump');
      this.skip();
    }
    const { stdout } = await run(ncdump, ['-h', `${gateway}/dap/opendap/run`]);
    for (const line of [
      `time = ${files.length} ;`,
      'float t(time, pressure, latitude, longitude) ;',
      'short u(time, pressure, latitude, longitude) ;',
      'u:scale_factor = 0.01f ;',
      't:standard_name = "air_temperature" ;',
    ])
      assert.ok(stdout.includes(line), `${line} in:\n${stdout}`);
  });

  it('netCDF4 and xarray, with both engines, read the values of the files', async function () {
    if (pythonPath() === undefined) {
      console.log('skipped: no Python with xarray');
      this.skip();
    }
    await compare('opendap/run', files);
    await compare('opendap/run@1', files);
  });

  it('they read real files alike', async function () {
    const shared = sharedData();
    if (pythonPath() === undefined || shared === undefined) {
      console.log('skipped: no Python with xarray, or no shared data');
      this.skip();
    }
    for (const file of realFiles) await compare(`real/${file}`, [join(shared, file)]);
  });

  it('curl reads descriptions and values, and errors of DAP', async () => {
    const curl = async (path: string) => {
      const { stdout } = await run('curl', ['-s', '-g', '-w', '\n%{http_code}', `${gateway}${path}`]);
      const [, text, status] = stdout.match(/^([\s\S]*)\n(\d+)$/)!;
      return { text, status };
    };
    assert.match((await curl('/dap/opendap/run.dds')).text, /^Dataset \{/);
    assert.match((await curl('/dap/opendap/run.das')).text, /String standard_name "air_temperature";/);
    const values = await curl('/dap/opendap/run.ascii?t.t[0][0][0][0:2],pressure');
    assert.match(values.text, /t\.t\[1\]\[1\]\[1\]\[3\]\n\[0\]\[0\]\[0\], [\d.]+, [\d.]+, [\d.]+\n/);
    const refused: [string, string][] = [
      ['/dap/opendap/run.dods?nope', '400'],
      ['/dap/opendap/run.dods?t[0:9999][0][0][0]', '400'],
      ['/dap/opendap/run.dods?t&latitude>50', '400'],
      ['/dap/opendap/nothing.dds', '404'],
      ['/dap/opendap/run@99.dds', '404'],
    ];
    for (const [path, expected] of refused) {
      const { text, status } = await curl(path);
      assert.equal(status, expected, path);
      assert.match(text, /^Error \{\s+code = \d+;\s+message = ".+";\s+\};\s*$/, path);
    }
  });

  const residentBytes = async () => {
    const text = await (await fetch(`${gateway}/metrics`)).text();
    return Number(text.match(/^hyperslab_resident_bytes(?:\{.*\})? (\S+)/m)![1]);
  };

  it('a large answer passes through in flat memory', async () => {
    const before = await residentBytes();
    let peak = before;
    let bytes = 0;
    const response = await fetch(`${gateway}/dap/opendap/large.dods`);
    const watch = setInterval(async () => {
      peak = Math.max(peak, await residentBytes());
    }, 100);
    for await (const part of response.body!) bytes += part.length;
    clearInterval(watch);
    assert.equal(bytes, Number(response.headers.get('content-length')));
    assert.ok(bytes > 80 * 2 ** 20, `${bytes}`);
    assert.ok(peak - before < 64 * 2 ** 20, `from ${before} to ${peak} for ${bytes} bytes`);
  });

  it('a client that goes away leaves nothing behind', async () => {
    for (let i = 0; i < 5; i++) {
      const cancel = new AbortController();
      const response = await fetch(`${gateway}/dap/opendap/large.dods`, { signal: cancel.signal });
      await response.body!.getReader().read();
      cancel.abort();
    }
    const active = async () =>
      Number(
        (await (await fetch(`${gateway}/metrics`)).text()).match(/^hyperslab_dap_active_requests (\d+)/m)![1],
      );
    // The request for the metrics itself is one.
    for (let i = 0; i < 50 && (await active()) > 1; i++) await delay(100);
    assert.equal(await active(), 1);
  });

  it('an answer goes on when all workers are killed and come back', async () => {
    const whole = sha256(Buffer.from(await (await fetch(`${gateway}/dap/opendap/large.dods`)).arrayBuffer()));
    const response = await fetch(`${gateway}/dap/opendap/large.dods`);
    const reader = response.body!.getReader();
    const parts = [(await reader.read()).value!];
    await mesh.kill('worker-pool-1', 'worker-pool-2');
    for (let next = await reader.read(); !next.done; next = await reader.read()) parts.push(next.value);
    assert.equal(sha256(Buffer.concat(parts)), whole);
    await mesh.ready();
  });

  it('a client whose answer breaks off sees that it did', async () => {
    const response = await fetch(`${gateway}/dap/opendap/large.dods`);
    const reader = response.body!.getReader();
    await reader.read();
    await mesh.kill('opendap-gateway');
    await assert.rejects(async () => {
      while (!(await reader.read()).done);
    });
    await mesh.ready();
    const { status } = await fetch(`${gateway}/dap/opendap/run.dods?pressure`);
    assert.equal(status, 200);
  });
});

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
