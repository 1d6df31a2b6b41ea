import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@hyperslab/client';
import { HyperslabError } from '@hyperslab/errors';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';

/** What a client saw of one request: an acknowledgement, or an error. */
interface Outcome {
  name: string;
  version?: number;
  error?: unknown;
}

const services = [
  'catalog',
  'scheduler',
  'metadata-backup',
  'worker-pool-1',
  'worker-pool-2',
  'opendap-gateway',
  'dashboard',
];
const expression = 'mean(t, time)';

// Every process may be killed at any moment: nothing acknowledged is lost, nothing half-published is seen, and a client gets
// its result or a clear error.
describe('killed services', function () {
  this.timeout(180_000);
  let mesh: Mesh;
  let client: Client;
  let run: string;
  let expected: Float32Array;
  let cubes: string[];
  /** Every acknowledged version, of all tests so far. */
  const acknowledged = new Set<string>();

  before(async () => {
    mesh = await startMesh();
    run = join(mesh.state, 'run');
    const made = await mesh.hyperslab(['sample', run, '--size', '24MiB']);
    assert.equal(made.code, 0, made.stderr);
    client = await mesh.client();
    const { version } = await client.publish('faults/undisturbed', [`${run}/`]);
    acknowledged.add(`faults/undisturbed@${version}`);
    const dataset = await client.open('faults/undisturbed');
    cubes = dataset.parameters().map((cube) => cube.name);
    expected = (await dataset.cube('t').mean('time').compute()).values as Float32Array;
  });

  after(() => mesh?.stop());

  async function publishing(name: string): Promise<Outcome> {
    try {
      const { version } = await client.publish(name, [`${run}/`]);
      acknowledged.add(`${name}@${version}`);
      return { name, version };
    } catch (error) {
      return { name, error };
    }
  }

  async function computing(): Promise<Outcome> {
    try {
      const dataset = await client.open('faults/undisturbed');
      const mean = await dataset.expression(expression).compute();
      assert.deepEqual(mean.values, expected, 'a result that is given is the right one, to the bit');
      return { name: expression, version: 0 };
    } catch (error) {
      return { name: expression, error };
    }
  }

  /** Starts work of all kinds and kills in its midst. */
  async function disturb(label: string, kill: () => Promise<void>): Promise<Outcome[]> {
    const work = [...Array(4).keys()].flatMap((i) => [publishing(`faults/${label}-${i}`), computing()]);
    await delay(150);
    await kill();
    return Promise.all(work);
  }

  function assertClear(outcomes: Outcome[]): void {
    for (const { name, error } of outcomes) {
      if (error === undefined) continue;
      assert.ok(error instanceof HyperslabError, `${name}: ${error}`);
      assert.notEqual(error.reason, 'INTERNAL', `${name}: ${error.message}`);
    }
  }

  async function assertNothingLost(): Promise<void> {
    const fresh = await mesh.client();
    const visible = new Set<string>();
    for await (const { name } of fresh.list({ prefix: 'faults/' })) {
      for await (const version of fresh.versions(name)) visible.add(`${name}@${version.version}`);
    }
    for (const reference of acknowledged) assert.ok(visible.has(reference), `${reference} was acknowledged`);
    for (const reference of visible) {
      const dataset = await fresh.open(reference);
      assert.deepEqual(
        dataset.parameters().map((cube) => cube.name),
        cubes,
        `${reference} is whole`,
      );
    }
    // Equal content: an acknowledged version still computes to the same bits.
    const [last] = [...acknowledged].slice(-1);
    const mean = await (await fresh.open(last)).cube('t').mean('time').compute();
    assert.deepEqual(mean.values, expected);
  }

  for (const service of services) {
    it(`loses nothing when ${service} is killed`, async () => {
      const outcomes = await disturb(service, () => mesh.kill(service));
      await mesh.ready();
      assertClear(outcomes);
      await assertNothingLost();
      // Whoever was restarted serves again.
      const { version } = await client.publish(`faults/after-${service}`, [`${run}/`]);
      assert.equal(version, 1);
    });
  }

  it('loses nothing when all are killed at once, the supervisor first', async () => {
    const supervisor = JSON.parse(readFileSync(join(mesh.state, 'lock'), 'utf8')).pid as number;
    const pids = await Promise.all(services.map((service) => mesh.pidOf(service)));
    const outcomes = disturb('all', async () => {
      for (const pid of [supervisor, ...pids]) process.kill(pid, 'SIGKILL');
    });
    await delay(1000);
    await mesh.up();
    assertClear(await outcomes);
    await mesh.ready();
    await assertNothingLost();
  });
});
