import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Client, connect } from '@hyperslab/client';
import { freePortOffset } from '../harness/free-ports.ts';
import { runHyperslab } from '../harness/run-command.ts';
import { until } from '../harness/until.ts';
import { explainFailures, type SharedRelease, useRelease } from '../harness/use-release.ts';

interface Pod {
  metadata: { deletionTimestamp?: string };
  spec: { containers: { image: string }[] };
}

/** A small run that is part of the image. */
const url = 'file:///app/sample/';

/** An upgrade replaces catalog and backup one after the other; a client goes on trying for so long. */
const patienceMs = 240_000;

/**
 * What the gateway answers, as text. Pods that go take their connections with them, and a gateway without a catalog says
 * so: who reads over HTTP asks again. A refusal is an answer, and a wrong one.
 */
function readThrough(url: string): Promise<string> {
  return until('the gateway answers', async () => {
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(30_000) });
      const body = Buffer.from(await answer.arrayBuffer());
      return answer.status >= 500 ? undefined : body.toString('latin1');
    } catch {
      return undefined;
    }
  });
}

/** Publishes, computes and reads until it is told to stop; what fails in spite of the client's own retries is kept. */
class Load {
  readonly versions: number[] = [];
  readonly means: number[] = [];
  readonly read: string[] = [];
  readonly failures: string[] = [];
  readonly #stop = new AbortController();
  readonly #loops: Promise<void>[];

  constructor(client: Client, served: string) {
    const publish = async () => {
      const { version } = await client.publish('upgrade/run', [url]);
      this.versions.push(version);
    };
    const compute = async () => {
      const dataset = await client.open('upgrade/run');
      const { values } = await dataset.expression('mean(t)').compute();
      this.means.push(Number(values[0]));
    };
    const read = async () => void this.read.push(await readThrough(served));
    this.#loops = [
      this.#repeat('publish', publish),
      this.#repeat('compute', compute),
      this.#repeat('read', read),
    ];
  }

  async #repeat(what: string, action: () => Promise<void>): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await action();
      } catch (error) {
        this.failures.push(`${what}: ${(error as Error).message}`);
      }
      await delay(500);
    }
  }

  /** Waits until more has been published, computed and read than there is now. */
  async goesOn(): Promise<void> {
    const [versions, means, read] = [this.versions.length, this.means.length, this.read.length];
    for (let attempt = 0; attempt < 1_200; attempt++) {
      if (this.failures.length > 0) return;
      if (this.versions.length > versions && this.means.length > means && this.read.length > read) return;
      await delay(200);
    }
    throw new Error('nothing has been published, computed or read for four minutes');
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#loops);
  }
}

describe('helm upgrade and rollback under load', function () {
  this.timeout(1_200_000);
  let release: SharedRelease;
  let state: string;
  let client: Client;
  let gateway: string;

  before(async function () {
    release = await useRelease(this);
    state = await mkdtemp(join(tmpdir(), 'hyperslab-upgrade-'));
    const offset = await freePortOffset();
    const where = ['--namespace', release.namespace, '--port-offset', String(offset)];
    gateway = `http://127.0.0.1:${8080 + offset}`;
    const { code, stderr } = await runHyperslab(['port-forward', '--detach', ...where, '--state', state], {
      env: release.cluster.env,
    });
    assert.equal(code, 0, stderr);
    client = await connect({ state, patienceMs });
  });
  after(async () => {
    client?.close();
    if (state === undefined) return;
    await runHyperslab(['down', '--state', state]);
    await rm(state, { recursive: true, force: true });
  });
  explainFailures(() => release);

  /** Images of the pods that are not on their way out. */
  async function images(): Promise<string[]> {
    const selector = ['-l', 'app.kubernetes.io/name=hyperslab'];
    const { json } = await release.kubectl(['get', 'pods', ...selector, '-o', 'json']);
    const staying = json.items.filter((pod: Pod) => pod.metadata.deletionTimestamp === undefined);
    return [...new Set<string>(staying.map((pod: Pod) => pod.spec.containers[0].image))];
  }

  it('loses no publish, and fails no request that the client did not repeat', async () => {
    const first = release.images.hyperslab;
    const next = `${first}-next`;
    const isTagged = await release.cluster.tagImage(first, next);
    const { version } = await client.publish('upgrade/run', [url]);
    const dataset = await client.open('upgrade/run');
    const kept = await dataset.expression('t * 2').persist();
    const before = await kept.compute();
    const served = `${gateway}/dap/upgrade/run@${version}.dods?t[0][0][0:1][0:1]`;
    const expected = await readThrough(served);
    assert.match(expected, /Data:/);
    const load = new Load(client, served);
    try {
      await load.goesOn();
      // Where there is one image only, a changed setting replaces the pods as well.
      const tag = next.slice(next.lastIndexOf(':') + 1);
      await release.upgrade(isTagged ? { image: { tag } } : { config: { logLevel: 'debug' } });
      assert.deepEqual(await images(), [isTagged ? next : first]);
      await load.goesOn();
      const where = ['--namespace', release.namespace];
      const { code, stderr } = await release.cluster.helm(
        ['rollback', 'hyperslab', '--wait', '--timeout', '480s', ...where],
        { timeoutMs: 540_000 },
      );
      assert.equal(code, 0, stderr);
      assert.deepEqual(await images(), [first]);
      await load.goesOn();
    } finally {
      await load.stop();
    }
    assert.deepEqual(load.failures, []);

    // Every version that was acknowledged is there, and no other: a request that was repeated made none.
    const listed = await Array.fromAsync(client.versions('upgrade/run'), (each) => each.version);
    const acknowledged = [version, ...load.versions];
    assert.deepEqual(
      listed.sort((a, b) => a - b),
      acknowledged.sort((a, b) => a - b),
    );
    assert.deepEqual([...new Set(load.means)].length, 1, `${[...new Set(load.means)]}`);
    assert.deepEqual([...new Set(load.read)], [expected]);
    // Handed over, or computed again where there was nobody to hand it to.
    assert.deepEqual((await kept.compute()).values, before.values);
    await kept.release();
  });
});
