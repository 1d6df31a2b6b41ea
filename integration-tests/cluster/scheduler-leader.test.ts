import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, connect } from '@hyperslab/client';
import { JobState, SchedulerServiceClient } from '@hyperslab/proto/scheduler';
import { call, connect as dial } from '@hyperslab/rpc';
import { freePortOffset } from '../harness/free-ports.ts';
import { runHyperslab } from '../harness/run-command.ts';
import { type Cluster, useCluster } from '../harness/start-cluster.ts';
import { type ServiceProcess, startService } from '../harness/start-service.ts';
import { type LeaderService, serveLeader } from './leader-service.ts';

const lease = 'hyperslab-scheduler';
const caller = 'tester';
const names = ['scheduler-a', 'scheduler-b'] as const;
type Name = (typeof names)[number];

// Two schedulers on this machine, with a Lease and pods (objects only) of a real API server.
describe('schedulers that take turns', function () {
  this.timeout(120_000);
  let cluster: Cluster;
  let namespace: string;
  let folder: string;
  let run: string;
  let service: LeaderService;
  let client: Client;
  let expected: Float32Array;
  let persisted: string;
  const ports = {} as Record<Name | 'catalog' | 'backup' | 'worker', number>;
  const schedulers = {} as Record<Name, ServiceProcess>;
  const others: ServiceProcess[] = [];

  before(async function () {
    cluster = await useCluster(this);
    namespace = await cluster.createNamespace('hyperslab-leader');
    folder = await mkdtemp(join(tmpdir(), 'hyperslab-leader-'));
    const offset = await freePortOffset();
    Object.assign(ports, {
      catalog: 7401 + offset,
      'scheduler-a': 7402 + offset,
      worker: 7403 + offset,
      backup: 7404 + offset,
      'scheduler-b': 7405 + offset,
    });
    for (const name of names) await createPod(name);
    service = await serveLeader(cluster, namespace, ports);
    for (const name of ['metadata-backup', 'catalog'])
      others.push(
        await startService(name, (name === 'catalog' ? ports.catalog : ports.backup) + 1000, common()),
      );
    await start('scheduler-a');
    await schedulers['scheduler-a'].says('serving');
    await start('scheduler-b');
    others.push(await startService('worker-pool', ports.worker + 1000, common()));

    run = join(folder, 'run');
    const made = await runHyperslab(['sample', run, '--size', '6MiB']);
    assert.equal(made.code, 0, made.stderr);
    client = await connect({
      catalog: `127.0.0.1:${ports.catalog}`,
      scheduler: `127.0.0.1:${service.port}`,
      workers: [`127.0.0.1:${ports.worker}`],
      caller,
    });
    await client.publish('turns/first', [`${run}/`]);
    const mean = (await client.open('turns/first')).cube('t').mean('time');
    expected = (await mean.compute()).values as Float32Array;
    const kept = await mean.persist();
    await kept.wait();
    persisted = kept.jobId;
  });

  after(async () => {
    client?.close();
    for (const each of [...Object.values(schedulers), ...others]) each.kill('SIGKILL');
    service?.close();
    if (namespace !== undefined) await cluster.kubectl(['delete', 'namespace', namespace, '--wait=false']);
    if (folder !== undefined) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  });

  function common(): NodeJS.ProcessEnv {
    return {
      HYPERSLAB_STATE: folder,
      HYPERSLAB_DATA_ROOTS: folder,
      HYPERSLAB_CATALOG: `127.0.0.1:${ports.catalog}`,
      HYPERSLAB_SCHEDULER: `127.0.0.1:${service.port}`,
      HYPERSLAB_METADATA_BACKUP: `127.0.0.1:${ports.backup}`,
      HYPERSLAB_CATALOG_PORT: String(ports.catalog),
      HYPERSLAB_METADATA_BACKUP_PORT: String(ports.backup),
      HYPERSLAB_WORKER_PORT: String(ports.worker),
      HYPERSLAB_WORKER_THREADS: '1',
    };
  }

  async function createPod(name: Name): Promise<void> {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name },
      spec: { nodeSelector: { nowhere: 'true' }, containers: [{ name: 'none', image: 'localhost/none:1' }] },
    };
    const made = await cluster.kubectl(['apply', '-n', namespace, '-f', '-'], { input: JSON.stringify(pod) });
    assert.equal(made.code, 0, made.stderr);
  }

  async function start(name: Name): Promise<void> {
    schedulers[name] = await startService('scheduler', ports[name] + 1000, {
      ...common(),
      ...cluster.env,
      // As in a pod: its state is its own, and of this life.
      HYPERSLAB_STATE: join(folder, name),
      HYPERSLAB_SCHEDULER_PORT: String(ports[name]),
      HYPERSLAB_OBJECTS: join(folder, 'objects'),
      HYPERSLAB_LEASE: lease,
      HYPERSLAB_LEASE_DURATION: '4s',
      HYPERSLAB_POD_NAME: name,
      HYPERSLAB_POD_NAMESPACE: namespace,
    });
  }

  async function tasksDone(): Promise<number> {
    const metrics = await (await fetch(`http://127.0.0.1:${ports.worker + 1000}/metrics`)).text();
    const counts = [...metrics.matchAll(/^hyperslab_worker_tasks_total\{[^}]*\} (\d+)/gm)];
    return counts.reduce((sum, [, count]) => sum + Number(count), 0);
  }

  /** What was acknowledged before is there, whoever leads now. */
  async function assertNothingLost(): Promise<void> {
    const dataset = await client.open('turns/first@1');
    assert.deepEqual((await dataset.cube('t').mean('time').compute()).values, expected);
    const job = await client.persisted(persisted).wait();
    assert.equal(job.state, JobState.JOB_STATE_SUCCEEDED);
    assert.deepEqual((await client.persisted(persisted).compute()).values, expected);
  }

  async function submitTo(port: number, name: string, requestId: string) {
    const scheduler = dial(SchedulerServiceClient, `127.0.0.1:${port}`, { caller });
    const request = {
      requestId,
      name,
      urls: [`${run}/`],
      merge: undefined,
      expression: undefined,
      variable: '',
    };
    return call(scheduler, 'submitPublish', request, { deadlineMs: 30_000 }).finally(() => scheduler.close());
  }

  it('has one that serves, and one that is ready and says who leads', async () => {
    assert.deepEqual(await service.leaders(), ['scheduler-a']);
    await assert.rejects(submitTo(ports['scheduler-b'], 'turns/none', 'none'), {
      reason: 'UNAVAILABLE',
      message: /standby; the leader is scheduler-a_/,
    });
  });

  it('is succeeded when it is killed: what was published, persisted or submitted is there', async () => {
    // The same bits as in the test of one scheduler: a computation that is under way is submitted again by its client.
    const underWay = (await client.open('turns/first')).cube('t').mean('time', 'latitude').compute();
    const submitted = await submitTo(service.port, 'turns/second', 'second');
    const done = await tasksDone();
    schedulers['scheduler-a'].kill('SIGKILL');
    await schedulers['scheduler-b'].says('serving');
    assert.deepEqual(await service.leaders(), ['scheduler-b']);

    const again = await submitTo(service.port, 'turns/second', 'second');
    assert.equal(again.jobId, submitted.jobId);
    let last = again;
    for await (const job of client.watchJob(again.jobId)) last = job;
    assert.equal(last.published, 'turns/second@1');
    assert.ok((await underWay).values.length > 0);

    const before = await tasksDone();
    assert.ok(before > done, 'the publish was run');
    const kept = await client.persisted(persisted).wait();
    assert.equal(kept.state, JobState.JOB_STATE_SUCCEEDED);
    assert.equal(await tasksDone(), before, 'the worker still had what was persisted');
    await assertNothingLost();
  });

  it('is succeeded when it stands still, and acknowledges nothing when it goes on', async () => {
    await start('scheduler-a');
    await schedulers['scheduler-a'].says('standing by');
    const stopped = schedulers['scheduler-b'];
    stopped.kill('SIGSTOP');
    const late = submitTo(ports['scheduler-b'], 'turns/late', 'late');
    late.catch(() => undefined);
    await schedulers['scheduler-a'].says('serving');
    // The label of a pod that can't remove it itself.
    assert.deepEqual(await service.leaders(), ['scheduler-a']);
    await client.publish('turns/third', [`${run}/`]);
    stopped.kill('SIGCONT');
    await assert.rejects(late, { reason: 'UNAVAILABLE' });
    assert.equal(await stopped.exited(), 1);
    const known = [];
    for await (const job of client.jobs()) known.push(job.description);
    assert.ok(known.includes('turns/third'), known.join());
    assert.ok(!known.includes('turns/late'), known.join());
    await assertNothingLost();
  });

  it('hands over when it is told to stop, and the next does not wait for the lease to run out', async () => {
    await start('scheduler-b');
    await schedulers['scheduler-b'].says('standing by');
    schedulers['scheduler-a'].kill('SIGTERM');
    assert.equal(await schedulers['scheduler-a'].exited(), 0);
    await schedulers['scheduler-b'].says('serving');
    const leading = schedulers['scheduler-b'].log.find(({ msg }) => msg === 'leading');
    assert.equal(leading.predecessor, undefined, 'the lease was given back');
    assert.deepEqual(await service.leaders(), ['scheduler-b']);
    await assertNothingLost();
  });

  it('ends itself when another has taken its lease', async () => {
    const patch = JSON.stringify({ spec: { holderIdentity: 'somebody', leaseDurationSeconds: 1 } });
    await cluster.kubectl(['patch', 'lease', lease, '-n', namespace, '--type=merge', '-p', patch]);
    assert.equal(await schedulers['scheduler-b'].exited(), 1);
  });
});
