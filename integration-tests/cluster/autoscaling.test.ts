import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { ClusterEventKind, type ClusterUpdate } from '@hyperslab/proto/scheduler';
import { type ForwardedMesh, forwardMesh } from '../harness/forward-mesh.ts';
import { heavyExpression } from '../harness/heavy-expression.ts';
import { until } from '../harness/until.ts';
import { explainFailures, type SharedRelease, useRelease } from '../harness/use-release.ts';

const name = 'cluster/scaled';
const statefulSet = 'hyperslab-worker-pool';

// The autoscaler in its pod sets the number of pods: from one to more for the work that waits, and back.
describe('the autoscaler on Kubernetes', function () {
  this.timeout(600_000);
  let release: SharedRelease;
  let mesh: ForwardedMesh;
  const kept: string[] = [];
  let values: unknown[];
  /** The number of the last event before the loads ended, and workers began to go. */
  let busyUntil: number;

  before(async function () {
    release = await useRelease(this);
    const published = await release.hyperslab(['publish', name, `${release.run.folder}*.nc`]);
    assert.equal(published.code, 0, published.stderr);
    mesh = await forwardMesh(release.cluster, release.namespace);
    await until('one worker is left', async () => ((await workersNow()) === 1 ? true : undefined));
  });
  after(() => mesh?.stop());
  explainFailures(() => release);

  async function hyperslab(...args: string[]) {
    const { code, json, stderr } = await release.hyperslab([...args, '--json'], { timeoutMs: 500_000 });
    assert.equal(code, 0, stderr);
    return json;
  }

  /** All that people see, with the events since the scheduler started. */
  async function watched(): Promise<ClusterUpdate> {
    const stop = new AbortController();
    try {
      for await (const update of mesh.client.watchCluster({ events: 1000, signal: stop.signal }))
        return update;
    } finally {
      stop.abort();
    }
    throw new Error('the scheduler told nothing');
  }

  async function workersNow(): Promise<number> {
    return (await watched()).totals?.workers ?? 0;
  }

  /** Digests of the values that are kept: they are millions. */
  async function results(): Promise<string[]> {
    const digests: string[] = [];
    for (const job of kept) {
      const { values } = await hyperslab('result', job);
      assert.ok(values.length > 1_000_000);
      digests.push(createHash('sha256').update(JSON.stringify(values)).digest('hex'));
    }
    return digests;
  }

  async function replicas(): Promise<number> {
    const { json, stderr } = await release.kubectl(['get', 'statefulset', statefulSet, '--output', 'json']);
    assert.ok(json, stderr);
    return json.spec.replicas;
  }

  function decisions({ events }: ClusterUpdate) {
    return events
      .filter(({ kind }) => kind === ClusterEventKind.CLUSTER_EVENT_KIND_SCALED)
      .map(({ scaling }) => scaling!);
  }

  it('adds workers while much work waits', async () => {
    let enough = false;
    const load = async (seed: number) => {
      for (let round = 0; !enough && round < 20; round++)
        // Only load: whether each of these ends well is not what is looked at.
        await release.hyperslab([
          'compute',
          name,
          heavyExpression('t', { terms: 60, seed: seed + 10 * round }),
        ]);
    };
    const loads = Promise.all([load(1), load(2)]);
    try {
      await until('there are more workers', async () => ((await workersNow()) >= 2 ? true : undefined));
      assert.ok((await replicas()) >= 2);
      // While others work too, so that these lie on several.
      const persisted = ['t', 'u', 'v', 'z'].map((each) => hyperslab('persist', name, `${each} * 2`));
      for (const { job } of await Promise.all(persisted)) kept.push(job);
      busyUntil = (await watched()).events.at(-1)!.number;
    } finally {
      enough = true;
      await loads;
    }
    values = await results();
    const update = await watched();
    const up = decisions(update).find(({ current, wanted }) => wanted > current);
    assert.ok(up, 'a decision for more workers is among the events');
    assert.match(up.reason, /\d/);
    assert.ok(update.scaling, 'the latest decision is told');
  });

  it('goes back to the fewest when idle, and keeps what is persisted', async () => {
    const before = await watched();
    await until('one worker is left', async () =>
      (await replicas()) === 1 && (await workersNow()) === 1 ? true : undefined,
    );
    const selector = ['--selector', 'app.kubernetes.io/component=worker-pool'];
    const left = await until('the other pods are gone', async () => {
      const { stdout } = await release.kubectl(['get', 'pods', ...selector, '--output', 'name']);
      return stdout.trim().includes('\n') ? undefined : stdout.trim();
    });
    assert.equal(left, `pod/${statefulSet}-0`);
    assert.deepEqual(await results(), values);
    const after = await watched();
    assert.equal(after.epoch, before.epoch);
    assert.equal(after.totals?.tasksDone, before.totals?.tasksDone, 'no task was done again');
    const handedOver = after.events.filter(
      ({ kind, number }) =>
        number > busyUntil && kind === ClusterEventKind.CLUSTER_EVENT_KIND_BLOCKS_HANDED_OVER,
    );
    assert.ok(
      handedOver.reduce((sum, { blocks }) => sum + blocks, 0) > 0,
      'those that went had something to hand over',
    );
    const down = decisions(after).find(({ current, wanted }) => wanted < current);
    assert.ok(down, 'a decision for fewer workers is among the events');
    assert.match(down.reason, /\d/);
    for (const job of kept) await hyperslab('release', job);
  });
});
