import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client, ComputedArray, Dataset } from '@hyperslab/client';
import { type ClusterEvent, ClusterEventKind, type ScalingDecision } from '@hyperslab/proto/scheduler';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';

const env = {
  HYPERSLAB_WORKER_SLOTS: '2',
  HYPERSLAB_AUTOSCALE_TARGET: '1s',
  HYPERSLAB_AUTOSCALE_INTERVAL: '200ms',
  HYPERSLAB_AUTOSCALE_DOWN_AFTER: '10s',
  // What is computed again is work again.
  HYPERSLAB_KEPT_RESULT_BYTES: '0',
};

// `up --max-workers`: the number of worker processes follows the work, and nothing is lost with those that go.
describe('a mesh on this machine whose workers follow the work', function () {
  this.timeout(600_000);
  let mesh: Mesh;
  let client: Client;

  before(async () => {
    mesh = await startMesh({ workers: 1, maxWorkers: 3, env });
    const run = join(mesh.state, 'run');
    assert.equal((await mesh.hyperslab(['sample', run, '--size', '48MiB'])).code, 0);
    assert.equal((await mesh.hyperslab(['publish', 'run', `${run}/`])).code, 0);
    client = await mesh.client();
  });
  // Also when a test fails: work that goes on would keep workers.
  const feeding = new AbortController();
  afterEach(() => feeding.abort());
  after(() => mesh?.stop());

  /** What happened, as the scheduler remembers it. */
  async function happenings(kind: ClusterEventKind): Promise<ClusterEvent[]> {
    for await (const { events } of client.watchCluster({ events: 1000 })) {
      return events.filter((event) => event.kind === kind);
    }
    throw new Error('the scheduler did not say what happened');
  }

  /** The decisions that changed something. */
  async function decisions(): Promise<ScalingDecision[]> {
    const scaled = await happenings(ClusterEventKind.CLUSTER_EVENT_KIND_SCALED);
    return scaled.flatMap(({ scaling }) => scaling ?? []);
  }

  /** Waits until so many workers take tasks. */
  async function untilWorkers(count: number): Promise<void> {
    for (const end = performance.now() + 250_000; performance.now() < end; await delay(100)) {
      const { workers, scaling } = await client.cluster();
      if (scaling?.wanted === count && workers.filter(({ draining }) => !draining).length === count) return;
    }
    throw new Error(`there were never ${count} workers; decided: ${JSON.stringify(await decisions())}`);
  }

  /** The addresses of the workers, once the three that tell them agree. */
  async function agreedAddresses(): Promise<string[]> {
    let last = '';
    for (let attempt = 0; attempt < 100; attempt++) {
      const endpoints = JSON.parse(await readFile(join(mesh.state, 'endpoints.json'), 'utf8'));
      const { json } = await mesh.hyperslab(['status', '--json']);
      const services = json.services.filter(({ name }: { name: string }) => name.startsWith('worker-pool'));
      const told: string[][] = [endpoints.workers, addressesOf(services), addressesOf(json.workers)];
      last = JSON.stringify(told);
      assert.equal(endpoints.worker_pool, mesh.endpoints.worker_pool, 'the first worker stays');
      if (told.every((each) => each.toSorted().join() === told[0].toSorted().join())) {
        assert.ok(services.every(({ pid, ready }: { pid: number; ready: boolean }) => pid > 0 && ready));
        return told[0];
      }
      await delay(200);
    }
    throw new Error(`endpoints.json, the services and the scheduler never agreed: ${last}`);
  }

  /** As long as there is work, a worker that found too little of it comes back. */
  async function untilAgreed(count: number): Promise<void> {
    let found = 0;
    for (const end = performance.now() + 120_000; performance.now() < end; ) {
      found = (await agreedAddresses()).length;
      if (found === count) return;
      await delay(200);
    }
    assert.equal(found, count);
  }

  function addressesOf(list: { address: string }[]): string[] {
    return list.map(({ address }) => address);
  }

  it('starts workers for a job of many tasks, and stops them when they have been idle', async () => {
    const run = await client.open('run');
    const parts = await Promise.all(['u', 'v'].map((name) => run.expression(name).compute()));
    // So much at once that a queue stands on a fast machine too.
    const kinds = ['sin', 'cos', 'exp', 'sqrt'].flatMap((f) =>
      ['t', 'q', 'z', 'w'].map((name) => `${f}(${name})`),
    );
    const others = kinds.map((expression) => computeUntil(run, expression, feeding.signal));
    await untilWorkers(3);
    // All three hold a part of it.
    const kept = await run.expression('sqrt(u^2 + v^2)').persist();
    await untilAgreed(3);
    await kept.wait();
    feeding.abort();
    await Promise.all(others);
    const before = await kept.compute();
    assertSpeed(before, parts[0], parts[1]);

    await untilWorkers(1);
    assert.deepEqual(await agreedAddresses(), [mesh.endpoints.worker_pool]);
    const after = await kept.compute();
    assert.deepEqual(after.values, before.values);
    const handedOver = await happenings(ClusterEventKind.CLUSTER_EVENT_KIND_BLOCKS_HANDED_OVER);
    assert.ok(handedOver.reduce((sum, { blocks }) => sum + blocks, 0) > 0);
    const elsewhere = await mesh.client();
    assert.deepEqual((await elsewhere.persisted(kept.jobId).compute()).values, before.values);
  });

  it('says why, in the words of the rule that decided', async () => {
    const told = await decisions();
    const up = told.find(({ current, wanted }) => wanted > current);
    assert.match(up!.reason, /(slot seconds of work need|tasks fill the slots of) .*; up from 1 to/);
    const down = told.find(({ current, wanted }) => wanted < current);
    assert.match(down!.reason, /; at most \d needed within 10 s; down from \d to \d$/);
    assert.ok(told.every(({ wanted }) => wanted >= 1 && wanted <= 3));
  });

  it('goes on when a worker dies and when the scheduler does', async () => {
    await mesh.kill('worker-pool-1', 'scheduler');
    await mesh.ready();
    const run = await client.open('run');
    const jobs = ['u', 'v', 't', 'q', 'z', 'w'].map((name) => run.expression(`exp(sin(${name}))`).compute());
    await untilWorkers(3);
    await Promise.all(jobs);
    await untilWorkers(1);
    assert.deepEqual(await agreedAddresses(), [mesh.endpoints.worker_pool]);
  });
});

/** Computes again and again, until the signal says that it is enough. */
async function computeUntil(run: Dataset, expression: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await run.expression(expression).compute();
}

function assertSpeed(speed: ComputedArray, u: ComputedArray, v: ComputedArray): void {
  assert.deepEqual(speed.shape, u.shape);
  let worst = 0;
  for (let at = 0; at < u.values.length; at++) {
    const expected = Math.hypot(Number(u.values[at]), Number(v.values[at]));
    worst = Math.max(worst, Math.abs(Number(speed.values[at]) - expected) / Math.max(1, expected));
  }
  assert.ok(worst < 1e-6, `differs by ${worst}`);
}
