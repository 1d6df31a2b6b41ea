import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { repository } from '@hyperslab/testing';
import { runHyperslab } from '../harness/run-command.ts';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';

const launcher = join(repository, 'tools/cli/bin/hyperslab.mjs');

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 30_000,
): Promise<void> {
  for (const end = performance.now() + timeoutMs; performance.now() < end; await delay(50)) {
    if (await condition()) return;
  }
  throw new Error(`${what} did not happen within ${timeoutMs} ms`);
}

// The life of a mesh on one machine, as `up`, `down` and `status` promise it.
describe('a mesh on this machine', function () {
  this.timeout(120_000);
  let mesh: Mesh;

  before(async () => {
    mesh = await startMesh();
  });
  after(() => mesh?.stop());

  async function pids(): Promise<number[]> {
    const { json } = await mesh.hyperslab(['status', '--json']);
    return json.services.map((service: { pid: number }) => service.pid);
  }

  async function holder(): Promise<number> {
    return JSON.parse(await readFile(join(mesh.state, 'lock'), 'utf8')).pid;
  }

  it('says how it is', async () => {
    const { json, code } = await mesh.hyperslab(['status', '--json']);
    assert.equal(code, 0);
    assert.deepEqual(
      json.services.map(({ name, ready }: { name: string; ready: boolean }) => [name, ready]),
      [
        ['metadata-backup', true],
        ['catalog', true],
        ['scheduler', true],
        ['worker-pool-1', true],
        ['worker-pool-2', true],
        ['opendap-gateway', true],
        ['dashboard', true],
      ],
    );
    assert.equal(json.workers.length, 2);
    assert.deepEqual(Object.keys(mesh.endpoints), [
      'catalog',
      'scheduler',
      'worker_pool',
      'workers',
      'metadata_backup',
      'opendap_gateway',
      'dashboard',
    ]);
  });

  it('is refused a second time on the same state', async () => {
    const { code, stderr } = await mesh.hyperslab(['up', '--port-offset', '9']);
    assert.equal(code, 1);
    assert.match(stderr, /^hyperslab: a mesh already runs on .+\n$/);
  });

  it('is refused on ports that are taken, naming one, and leaves no lock', async () => {
    const other = join(mesh.state, 'other');
    const flags = ['--no-sample', '--port-offset', String(mesh.portOffset), '--state', other, '--json'];
    for (const detach of [[], ['--detach']]) {
      const { code, stderr } = await runHyperslab(['up', ...detach, ...flags]);
      assert.equal(code, 1, stderr);
      assert.equal(JSON.parse(stderr).error.code, 'PORT_IN_USE');
    }
    assert.ok(!existsSync(join(other, 'lock')));
  });

  it('starts a service again that was killed, on the same address', async () => {
    const before = await mesh.pidOf('catalog');
    await mesh.kill('catalog');
    await until('the restart', async () => (await mesh.pidOf('catalog')) !== before);
    await mesh.ready();
    const { json } = await mesh.hyperslab(['status', '--json']);
    assert.equal(json.services[1].address, mesh.endpoints.catalog);
  });

  it('takes its services with it when it is killed, and starts again on the same state', async () => {
    const children = await pids();
    process.kill(await holder(), 'SIGKILL');
    await until('the end of all services', () => !children.some(isRunning));
    const { code, stderr } = await mesh.hyperslab(['ls']);
    assert.equal(code, 5, 'a mesh that has ended is not reachable');
    assert.match(stderr, /is not running/);
    await mesh.up();
    assert.equal((await mesh.hyperslab(['ls', '--json'])).code, 0);
  });

  it('stops all services when it is told to, and gives the lock back', async () => {
    const children = await pids();
    const { code } = await mesh.hyperslab(['down']);
    assert.equal(code, 0);
    assert.ok(!children.some(isRunning));
    const again = await mesh.hyperslab(['down']);
    assert.equal(again.code, 5);
    await mesh.up();
  });

  it('stops cleanly on Ctrl-C', async () => {
    await mesh.down();
    const flags = ['--no-sample', '--port-offset', String(mesh.portOffset), '--state', mesh.state];
    const child = spawn(process.execPath, [launcher, 'up', ...flags], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (text) => {
      output += text;
    });
    await until('ready', () => output.includes('ready'));
    const lines = output.trim().split('\n');
    assert.equal(lines.length, 7, 'a line for each address, and that it is ready');
    const children = await pids();
    child.kill('SIGINT');
    const [code] = await once(child, 'exit');
    assert.equal(code, 0);
    assert.ok(!children.some(isRunning));
    await mesh.up();
  });
});
