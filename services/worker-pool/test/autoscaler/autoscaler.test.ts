import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SchedulerServiceClient } from '@hyperslab/proto/scheduler';
import { call, connect } from '@hyperslab/rpc';
import { repository } from '@hyperslab/testing';
import { type Services, startServices } from '../mesh/start-services.ts';
import { type StandInCluster, startStandInCluster } from './stand-in-cluster.ts';

const target = 'run-worker-pool';

// The real process beside a real scheduler; the pods of the StatefulSet are a worker that the test starts.
describe('the autoscaler', function () {
  this.timeout(120_000);
  let state: string;
  let services: Services;
  let cluster: StandInCluster;
  let autoscaler: ChildProcess;
  let http = '';
  let log = '';

  before(async () => {
    state = await mkdtemp(join(tmpdir(), 'hyperslab-autoscaler-'));
    services = await startServices(state, [], {}, ['metadata-backup', 'catalog', 'scheduler']);
    cluster = await startStandInCluster(target, 0);
    autoscaler = spawn(process.execPath, [join(repository, 'services/worker-pool/src/autoscaler/main.ts')], {
      env: {
        ...process.env,
        KUBECONFIG: cluster.kubeconfig,
        HYPERSLAB_STATE: state,
        HYPERSLAB_SCHEDULER: services.addresses.scheduler,
        HYPERSLAB_AUTOSCALER_PORT: '0',
        HYPERSLAB_AUTOSCALE_TARGET_NAME: target,
        HYPERSLAB_AUTOSCALE_MIN: '0',
        HYPERSLAB_AUTOSCALE_INTERVAL: '200ms',
        HYPERSLAB_AUTOSCALE_DOWN_AFTER: '1s',
        HYPERSLAB_AUTOSCALE_IDLE: '2s',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    autoscaler.stderr!.setEncoding('utf8').on('data', (text) => {
      log += text;
    });
    await until('its port', () => /"http":\{"address":"127.0.0.1"/.test(log));
    http = `http://127.0.0.1:${/"port":(\d+)/.exec(log)![1]}`;
  });
  after(async () => {
    autoscaler?.kill('SIGKILL');
    await services?.stopAll();
    await cluster?.stop();
    await rm(state, { recursive: true, force: true });
  });

  async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
    for (const end = performance.now() + 60_000; performance.now() < end; await sleep(50)) {
      if (await condition()) return;
    }
    throw new Error(`${what} did not come; the autoscaler said:\n${log}`);
  }

  async function metric(series: string): Promise<string | undefined> {
    const text = await (await fetch(`${http}/metrics`)).text();
    return text
      .split('\n')
      .find((line) => line.startsWith(`${series} `))
      ?.slice(series.length + 1);
  }

  it('is ready when it has decided, and leaves none at none', async () => {
    await until('readiness', async () => (await fetch(`${http}/readyz`)).ok);
    assert.deepEqual(cluster.replicas, [0]);
    assert.equal(await metric('hyperslab_autoscaler_workers{state="wanted"}'), '0');
  });

  it('asks for a worker when there is a job, and for none when it has been idle', async () => {
    const client = connect(SchedulerServiceClient, services.addresses.scheduler);
    try {
      const request = { requestId: 'r', urls: [`file://${state}/no-such-*.nc`] };
      const { jobId } = await call(client, 'submitInspect', request);
      await until('a wish for a worker', () => cluster.replicas.length > 1);
      assert.deepEqual(cluster.replicas, [0, 1]);
      let reason = '';
      await until('the report', async () => {
        const { scaling } = await call(client, 'getCluster', {});
        reason = scaling?.wanted === 1 ? scaling.reason : '';
        return reason !== '';
      });
      assert.match(reason, /^\d\.\d slot seconds of work need 1 .*; (up from 0 to 1|1 is right)$/);
      await services.start('worker-1');
      await until(
        'the end of the job',
        async () => (await call(client, 'getJob', { jobId })).ended !== undefined,
      );
      await until('the wish for none', () => cluster.replicas.length > 2);
      assert.deepEqual(cluster.replicas, [0, 1, 0]);
    } finally {
      client.close();
    }
    assert.equal(await metric('hyperslab_autoscaler_changes_total{direction="up",rule="work"}'), '1');
    assert.equal(await metric('hyperslab_autoscaler_changes_total{direction="down",rule="idle"}'), '1');
  });

  it('says once that the Kubernetes API refuses, with the rule that is missing, and goes on', async () => {
    cluster.refuse(true);
    await until('unreadiness', async () => (await fetch(`${http}/readyz`)).status === 503);
    await sleep(1_000);
    assert.equal(log.match(/we lack the verb/g)?.length, 1, log);
    cluster.refuse(false);
    await until('readiness', async () => (await fetch(`${http}/readyz`)).ok);
  });

  it('changes nothing while the scheduler is away, and says it once', async () => {
    await services.kill('scheduler');
    await until('unreadiness', async () => (await fetch(`${http}/readyz`)).status === 503);
    await sleep(1_000);
    assert.equal(await metric('hyperslab_autoscaler_failures_total{which="scheduler"}'), '1');
    assert.deepEqual(cluster.replicas, [0, 1, 0]);
    await services.start('scheduler');
    await until('readiness', async () => (await fetch(`${http}/readyz`)).ok);
  });

  it('ends when it is told to', async () => {
    autoscaler.kill('SIGTERM');
    const [code] = await once(autoscaler, 'exit');
    assert.equal(code, 0);
  });
});
