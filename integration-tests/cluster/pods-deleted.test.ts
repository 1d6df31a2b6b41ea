import assert from 'node:assert/strict';
import type { Job } from '@hyperslab/proto/scheduler';
import { type ForwardedMesh, forwardMesh } from '../harness/forward-mesh.ts';
import { heavyExpression } from '../harness/heavy-expression.ts';
import { until } from '../harness/until.ts';
import { explainFailures, type SharedRelease, useRelease } from '../harness/use-release.ts';

const name = 'cluster/deleted';
const now = ['--force', '--grace-period=0'];

// Pods go while a job runs: told to, or without a word. What comes out is what comes out when nothing happens.
describe('pods that are deleted in the middle of a job', function () {
  this.timeout(600_000);
  let release: SharedRelease;
  let mesh: ForwardedMesh;

  before(async function () {
    release = await useRelease(this);
    await release.upgrade({ workerPool: { autoscaling: { min: 2 } } });
    mesh = await forwardMesh(release.cluster, release.namespace);
    const published = await release.hyperslab(['publish', name, `${release.run.folder}*.nc`]);
    assert.equal(published.code, 0, published.stderr);
    await until('there are two workers', async () => ((await workers()) >= 2 ? true : undefined));
  });
  after(async () => {
    await mesh?.stop();
    await release?.upgrade({ workerPool: { autoscaling: { min: 1 } } });
  });
  explainFailures(() => release);

  async function kubectl(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await release.kubectl(args);
    assert.equal(code, 0, stderr);
    return stdout.trim();
  }

  async function hyperslab(...args: string[]) {
    const { code, json, stderr } = await release.hyperslab([...args, '--json'], { timeoutMs: 500_000 });
    assert.equal(code, 0, stderr);
    return json;
  }

  async function workers(): Promise<number> {
    const statefulSet = ['get', 'statefulset', 'hyperslab-worker-pool'];
    return Number(await kubectl(...statefulSet, '--output', 'jsonpath={.status.readyReplicas}'));
  }

  /** The pod that leads; undefined while none does. */
  async function leader(): Promise<string | undefined> {
    const found = await kubectl('get', 'pods', '--selector', 'hyperslab.io/role=leader', '--output', 'name');
    return found
      .split('\n')
      .find((line) => line !== '')
      ?.replace('pod/', '');
  }

  /** Starts a job and acts when some of its tasks are done; answers the values. */
  async function disturbed(expression: string, act: () => Promise<void>): Promise<unknown> {
    const newest = async (): Promise<Job | undefined> => {
      for await (const job of mesh.client.jobs()) return job;
    };
    const earlier = (await newest())?.jobId;
    const answer = hyperslab('compute', name, expression);
    // Whatever happens here first, the answer's own failure must not end the process.
    answer.catch(() => undefined);
    const { tasksDone, tasks } = await until('a task is done', async () => {
      const job = await newest();
      return job && job.jobId !== earlier && job.tasksDone > 0 ? job : undefined;
    });
    assert.ok(tasksDone < tasks, 'the job was not over when the pod was deleted');
    await act();
    return (await answer).values;
  }

  /** A job whose values are compared with those of the same job, undisturbed. */
  async function survives(seed: number, act: () => Promise<void>): Promise<void> {
    const expression = heavyExpression('t', { terms: 80, seed });
    const found = await disturbed(expression, act);
    assert.deepEqual(found, (await hyperslab('compute', name, expression)).values);
  }

  it('a worker that is told to go', () =>
    survives(1, async () => {
      await kubectl('delete', 'pod', 'hyperslab-worker-pool-1', '--wait=false');
    }));

  it('a worker that goes at once', async () => {
    await until('there are two workers', async () => ((await workers()) >= 2 ? true : undefined));
    await survives(2, async () => {
      await kubectl('delete', 'pod', 'hyperslab-worker-pool-0', '--wait=false', ...now);
    });
  });

  it('the scheduler that leads', async () => {
    const old = await until('a scheduler leads', leader);
    await survives(3, async () => {
      await kubectl('delete', 'pod', old, '--wait=false', ...now);
    });
    assert.notEqual(await until('another scheduler leads', leader), old);
  });

  it('the scheduler that leads, while versions are published', async () => {
    const old = await until('a scheduler leads', leader);
    const versions: number[] = [];
    let deleted = false;
    const publishing = (async () => {
      for (let i = 0; i < 3 || !deleted; i++) {
        const { version } = await hyperslab('publish', 'cluster/led', `${release.run.folder}*.nc`);
        versions.push(version);
      }
    })();
    publishing.catch(() => undefined);
    await until('one version is there', async () => (versions.length > 0 ? true : undefined));
    await kubectl('delete', 'pod', old, '--wait=false');
    deleted = true;
    await publishing;
    assert.notEqual(
      await until('another scheduler leads', async () => {
        const now = await leader();
        return now === old ? undefined : now;
      }),
      old,
    );
    assert.deepEqual(
      versions,
      versions.map((_, i) => i + 1),
    );
    const listed: { version: number }[] = await hyperslab('versions', 'cluster/led');
    assert.deepEqual(
      listed.map(({ version }) => version).sort((a, b) => a - b),
      versions,
    );
    const [of, like] = [
      await hyperslab('compute', 'cluster/led', 'mean(t, time)'),
      await hyperslab('compute', name, 'mean(t, time)'),
    ];
    assert.deepEqual(of.values, like.values);
  });
});
