import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@hyperslab/client';
import { type InstalledChart, useChart } from '../harness/install-chart.ts';

/** An upgrade replaces catalog and backup one after the other; a client goes on trying for so long. */
const patienceMs = 240_000;

/** Publishes and computes until it is told to stop; what fails in spite of the client's own retries is kept. */
class Load {
  readonly versions: number[] = [];
  readonly means: number[] = [];
  readonly failures: string[] = [];
  readonly #stop = new AbortController();
  readonly #loops: Promise<void>[];

  constructor(client: Client, run: string) {
    const publish = async () => {
      const { version } = await client.publish('upgrade/run', [`file://${run}`]);
      this.versions.push(version);
    };
    const compute = async () => {
      const dataset = await client.open('upgrade/run');
      const { values } = await dataset.expression('mean(t)').compute();
      this.means.push(Number(values[0]));
    };
    this.#loops = [this.#repeat('publish', publish), this.#repeat('compute', compute)];
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

  /** Waits until more has been published and computed than there is now. */
  async goesOn(): Promise<void> {
    const [versions, means] = [this.versions.length, this.means.length];
    for (let attempt = 0; attempt < 1_200; attempt++) {
      if (this.failures.length > 0) return;
      if (this.versions.length > versions && this.means.length > means) return;
      await delay(200);
    }
    throw new Error('nothing has been published or computed for four minutes');
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#loops);
  }
}

describe('helm upgrade and rollback under load', function () {
  this.timeout(1_200_000);
  let chart: InstalledChart;
  let client: Client;

  before(async function () {
    chart = await useChart(this);
    client = await chart.client({ patienceMs });
  });

  after(() => client?.close());

  async function images(): Promise<string[]> {
    const { json } = await chart.kubectl(['get', 'pods', '-o', 'json']);
    const used = json.items.map(
      (pod: { spec: { containers: { image: string }[] } }) => pod.spec.containers[0].image,
    );
    return [...new Set<string>(used)];
  }

  it('loses no publish, and fails no request that the client did not repeat', async () => {
    await client.publish('upgrade/run', [`file://${chart.run}`]);
    const { nextTag } = chart.image;
    const load = new Load(client, chart.run);
    try {
      await load.goesOn();
      // Where there is one image only, a changed setting replaces the pods as well.
      await chart.upgrade([nextTag === undefined ? 'config={"logLevel":"debug"}' : `image.tag="${nextTag}"`]);
      await load.goesOn();
      if (nextTag !== undefined) assert.deepEqual(await images(), [`${chart.image.repository}:${nextTag}`]);
      await chart.rollback();
      await load.goesOn();
    } finally {
      await load.stop();
    }
    assert.deepEqual(load.failures, []);
    if (nextTag !== undefined)
      assert.deepEqual(await images(), [`${chart.image.repository}:${chart.image.tag}`]);

    // Every version that was acknowledged is there, and no other: a repeated request made none.
    const listed = await Array.fromAsync(client.versions('upgrade/run'), ({ version }) => version);
    const acknowledged = [1, ...load.versions];
    assert.deepEqual(
      listed.sort((a, b) => a - b),
      acknowledged.sort((a, b) => a - b),
    );
    assert.equal(new Set(load.means).size, 1, `${[...new Set(load.means)]}`);
  });
});
