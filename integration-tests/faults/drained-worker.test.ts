import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client, PersistedArray } from '@hyperslab/client';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';

const workers = ['worker-pool-1', 'worker-pool-2', 'worker-pool-3'];
const expression = '(t - 273.15) * 2 - mean(t, time)';

// A worker that is told to stop hands on what only it holds: nothing is computed again, and nobody notices.
describe('a drained worker', function () {
  this.timeout(180_000);
  let mesh: Mesh;
  let client: Client;

  before(async () => {
    mesh = await startMesh({ workers: workers.length });
    const run = join(mesh.state, 'run');
    const made = await mesh.hyperslab(['sample', run, '--size', '64MiB']);
    assert.equal(made.code, 0, made.stderr);
    client = await mesh.client();
    await client.publish('drained/run', [`${run}/`]);
  });

  after(() => mesh?.stop());

  /** Stops a worker as Kubernetes does, and waits until its process is gone and another one has taken its place. */
  async function drain(worker: string): Promise<void> {
    const pid = await mesh.pidOf(worker);
    process.kill(pid, 'SIGTERM');
    while ((await mesh.pidOf(worker)) === pid) await delay(100);
    await mesh.ready();
  }

  /** Tasks that all workers together have done; a worker that was started anew counts from 0. */
  async function tasksDone(): Promise<Map<string, number>> {
    const { json } = await mesh.hyperslab(['status', '--json']);
    const done = new Map<string, number>();
    for (const { name, address } of json.services as { name: string; address: string }[]) {
      if (!workers.includes(name)) continue;
      const [host, port] = address.split(':');
      const text = await (await fetch(`http://${host}:${Number(port) + 1000}/metrics`)).text();
      const counts = text.matchAll(/^hyperslab_worker_tasks_total\{[^}]*\} (\d+)/gm);
      done.set(
        name,
        [...counts].reduce((sum, [, count]) => sum + Number(count), 0),
      );
    }
    return done;
  }

  /** How many blocks a worker said that it had handed over and left behind, each time that it stopped. */
  function goodbyes(worker: string): { handedOver: number; left: number }[] {
    const log = readFileSync(join(mesh.state, 'logs', `${worker}.log`), 'utf8');
    return [...log.matchAll(/handed over (\d+) blocks; (\d+) will be made again/g)].map(
      ([, handedOver, left]) => ({ handedOver: Number(handedOver), left: Number(left) }),
    );
  }

  /** Three results that are kept, of several blocks each: every worker gets some. */
  async function persisted(): Promise<PersistedArray[]> {
    const dataset = await client.open('drained/run');
    const results = await Promise.all(
      [1, 2, 3].map((factor) => dataset.expression(`(t - 273.15) * ${factor}`).persist()),
    );
    for (const result of results) await result.wait();
    return results;
  }

  it('leaves persisted results whole, and no task of them runs again', async () => {
    const results = await persisted();
    const values = async () => Promise.all(results.map(async (result) => (await result.compute()).values));
    const expected = await values();
    for (const worker of workers.slice(0, 2)) {
      const before = await tasksDone();
      assert.equal(before.size, workers.length);
      await drain(worker);
      const { handedOver, left } = goodbyes(worker)[0];
      assert.ok(handedOver > 0 && left === 0, `${worker} handed over ${handedOver} blocks and left ${left}`);
      assert.deepEqual(await values(), expected);
      assert.deepEqual(await tasksDone(), before.set(worker, 0));
    }
    for (const result of results) await result.release();
  });

  it('does not disturb a job that is running', async () => {
    const dataset = await client.open('drained/run');
    const expected = await dataset.expression(expression).compute();
    for (const worker of workers) {
      const result = dataset.expression(expression).compute();
      await delay(150);
      await drain(worker);
      const { values } = await result;
      assert.deepEqual(values, expected.values, 'equal to the bit');
    }
  });

  it('hands nothing over when all of the mesh is stopped', async () => {
    await persisted();
    const before = workers.map((worker) => goodbyes(worker).length);
    await mesh.down();
    const said = workers.flatMap((worker, at) => goodbyes(worker).slice(before[at]));
    assert.deepEqual(
      said.map(({ handedOver }) => handedOver),
      [0, 0, 0],
    );
    for (const { left } of said) assert.ok(left > 0);
    await mesh.up();
  });
});
