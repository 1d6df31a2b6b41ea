import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pythonPath, repository } from '@hyperslab/testing';
import { runProgram } from '../harness/run-command.ts';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';

const gib = 2 ** 30;
const workerMemory = gib;
const services = [
  'catalog',
  'scheduler',
  'metadata-backup',
  'worker-pool-1',
  'worker-pool-2',
  'opendap-gateway',
  'dashboard',
];

// A run of 2 GiB: publishing reads hardly any of it, opening it costs what a small one costs, computing stays within memory.
describe('a run of 2 GiB', function () {
  this.timeout(600_000);
  let mesh: Mesh;
  let run: string;
  let bytes: number;

  before(async () => {
    mesh = await startMesh({ workerMemory: '1GiB' });
    run = join(mesh.state, 'run');
    const made = await mesh.hyperslab(['sample', run, '--size', '2GiB'], { timeoutMs: 400_000 });
    assert.equal(made.code, 0, made.stderr);
    bytes = readdirSync(run).reduce((sum, name) => sum + statSync(join(run, name)).size, 0);
    assert.ok(Math.abs(bytes / (2 * gib) - 1) < 0.1, `${bytes} bytes are about 2 GiB`);
    const small = join(mesh.state, 'small');
    assert.equal((await mesh.hyperslab(['sample', small, '--size', '1MiB'])).code, 0);
    assert.equal((await mesh.hyperslab(['publish', 'small/run', `${small}/`])).code, 0);
  });

  after(() => mesh?.stop());

  /** Bytes that the workers have read by any system call so far (proc(5): rchar), programs and sockets included. */
  async function bytesReadByWorkers(): Promise<number> {
    const pids = await Promise.all(['worker-pool-1', 'worker-pool-2'].map((name) => mesh.pidOf(name)));
    const counts = pids.map((pid) => /rchar: (\d+)/.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]);
    return counts.reduce((sum, count) => sum + Number(count), 0);
  }

  it('is published by reading under 1 % of its bytes', async () => {
    const before = await bytesReadByWorkers();
    const published = await mesh.hyperslab(['publish', 'large/run', `${run}/`, '--json']);
    assert.equal(published.code, 0, published.stderr);
    assert.equal(published.json.cubes, 8);
    const read = (await bytesReadByWorkers()) - before;
    assert.ok(read < bytes / 100, `the workers read ${read} of ${bytes} bytes`);
    const { provenance } = (await (await mesh.client()).open('large/run')).metadata;
    assert.equal(provenance?.objectBytes, bytes);
    assert.ok(provenance.bytesRead > 0 && provenance.bytesRead < bytes / 100);
  });

  it('opens in a new process with the memory that a small one takes', async () => {
    const open = async (reference: string) => {
      const program = join(repository, 'integration-tests/programs/open-dataset.ts');
      const { stdout, stderr } = await runProgram(process.execPath, [program, mesh.state, reference]);
      assert.match(stdout, /"cubes":8/, stderr);
      return JSON.parse(stdout) as { milliseconds: number; rssMib: number };
    };
    const small = await open('small/run');
    const large = await open('large/run');
    console.log(
      `      opened in ${large.milliseconds.toFixed(0)} ms; ${large.rssMib.toFixed(0)} MiB, small: ${small.rssMib.toFixed(0)} MiB`,
    );
    assert.ok(large.rssMib - small.rssMib < 16, `${large.rssMib} against ${small.rssMib} MiB`);
  });

  it('has the mean over time that netCDF4-python has, and no process passes its memory', async function () {
    const python = pythonPath();
    if (python === undefined) return this.skip();
    for (const name of ['t', 'u']) {
      const reference = join(mesh.state, 'mean.f8');
      const script = join(repository, 'integration-tests/reference/time_mean.py');
      const made = await runProgram(python, [script, run, name, reference], { timeoutMs: 300_000 });
      assert.equal(made.code, 0, made.stderr);
      const expected = new Float64Array(new Uint8Array(readFileSync(reference)).buffer);
      const dataset = await (await mesh.client()).open('large/run');
      const mean = await dataset.cube(name).mean('time').compute();
      assert.equal(mean.values.length, expected.length);
      let worst = 0;
      for (let i = 0; i < expected.length; i++) {
        const missing = mean.mask?.[i] === 1;
        assert.equal(missing, Number.isNaN(expected[i]), `${name}: missing at ${i}`);
        // Relative to what is averaged: a wind of 8 ± 20 m/s has means near 0.
        const scale = Math.max(Math.abs(expected[i]), 1);
        if (!missing) worst = Math.max(worst, Math.abs(Number(mean.values[i]) - expected[i]) / scale);
      }
      assert.ok(worst < 1e-6, `${name}: differs by ${worst}`);
    }
    for (const service of services) {
      const status = readFileSync(`/proc/${await mesh.pidOf(service)}/status`, 'utf8');
      const peak = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) * 1024;
      const limit = service.startsWith('worker') ? workerMemory : gib / 2;
      assert.ok(peak < limit, `${service} took ${(peak / 2 ** 20).toFixed(0)} MiB`);
    }
  });
});
