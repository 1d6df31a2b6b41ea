import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  followAddresses,
  HeldLease,
  type KubernetesApi,
  openKubernetes,
  openLease,
  openScale,
  watchEndpoints,
} from '@hyperslab/kubernetes';
import { createLogger } from '@hyperslab/telemetry';
import { withTemporaryDirectory } from '@hyperslab/testing';
import { type Cluster, useCluster } from '../harness/start-cluster.ts';

const log = createLogger('test', { level: 'silent' });

/** Waits for something that happens elsewhere. */
async function until(what: string, isSo: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (isSo()) return;
    await sleep(100);
  }
  throw new Error(`it did not happen: ${what}`);
}

describe('libs/kubernetes on a real API server', function () {
  this.timeout(60_000);
  let cluster: Cluster;
  let namespace: string;
  let api: KubernetesApi;

  before(async function () {
    cluster = await useCluster(this);
    namespace = await cluster.createNamespace('hyperslab-api');
    api = await openKubernetes(cluster.kubeconfig);
  });

  after(async () => {
    await cluster?.kubectl(['delete', 'namespace', namespace, '--wait=false']);
  });

  async function apply(object: object): Promise<void> {
    const { code, stderr } = await cluster.kubectl(['apply', '-n', namespace, '-f', '-'], {
      input: JSON.stringify(object),
    });
    assert.equal(code, 0, stderr);
  }

  it('has one leader, and another as soon as it gives the lease back', async () => {
    const hold = (identity: string) =>
      new HeldLease(openLease(api, namespace, 'election', 2_000), {
        identity,
        leaseMs: 6_000,
        renewMs: 1_000,
        log,
      });
    const one = hold('one');
    await one.gained;
    const two = hold('two');
    await until('two sees who leads', () => two.holder === 'one');
    assert.deepEqual([one.isValid(), two.isValid()], [true, false]);
    await one.release();
    await two.gained;
    assert.deepEqual([one.isValid(), two.isValid(), two.predecessor], [false, true, undefined]);
    const { json } = await cluster.kubectl(['get', 'lease', 'election', '-n', namespace, '-o', 'json']);
    assert.equal(json.spec.holderIdentity, 'two');
    assert.equal(json.spec.leaseDurationSeconds, 6);
    // Given back counts as a change, and taken as the next.
    assert.equal(json.spec.leaseTransitions, 1);
    await two.release();
  });

  it('loses the lease when another has it', async () => {
    const lease = new HeldLease(openLease(api, namespace, 'taken', 2_000), {
      identity: 'one',
      leaseMs: 6_000,
      renewMs: 500,
      log,
    });
    await lease.gained;
    const patch = JSON.stringify({ spec: { holderIdentity: 'two', leaseDurationSeconds: 60 } });
    const { code, stderr } = await cluster.kubectl([
      'patch',
      'lease',
      'taken',
      '-n',
      namespace,
      '--type=merge',
      '-p',
      patch,
    ]);
    assert.equal(code, 0, stderr);
    assert.match((await lease.lost).message, /two has it/);
    assert.equal(lease.isValid(), false);
    await lease.release();
  });

  it('follows the endpoints of a Service', async () => {
    const slice = (name: string, ips: [ip: string, ready: boolean][]) => ({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name, labels: { 'kubernetes.io/service-name': 'workers' } },
      addressType: 'IPv4',
      ports: [{ name: 'grpc', port: 7403 }],
      endpoints: ips.map(([ip, ready]) => ({ addresses: [ip], conditions: { ready } })),
    });
    const watched = watchEndpoints(api, { namespace, service: 'workers', port: 'grpc' });
    const ready = () =>
      watched
        .current()
        .filter((each) => each.ready)
        .map((each) => each.address)
        .join(' ');
    await watched.known(AbortSignal.timeout(10_000));
    assert.equal(ready(), '');
    await apply(
      slice('one', [
        ['192.0.2.1', true],
        ['192.0.2.2', false],
      ]),
    );
    await until('the first is seen', () => ready() === '192.0.2.1:7403');
    await apply(slice('two', [['192.0.2.3', true]]));
    await until('another slice is seen', () => ready() === '192.0.2.1:7403 192.0.2.3:7403');
    await apply(slice('one', [['192.0.2.2', true]]));
    await until('changes are seen', () => ready() === '192.0.2.2:7403 192.0.2.3:7403');
    await cluster.kubectl(['delete', 'endpointslice', 'two', '-n', namespace]);
    await until('that it is gone is seen', () => ready() === '192.0.2.2:7403');
    assert.equal(watched.problem(), undefined);
    watched.close();

    const kubeconfigBefore = process.env.KUBECONFIG;
    process.env.KUBECONFIG = cluster.kubeconfig;
    const followed = followAddresses([`kubernetes://${namespace}/workers:7403`, 'other:1']);
    await followed.known(AbortSignal.timeout(10_000));
    assert.deepEqual(followed.current(), ['other:1', '192.0.2.2:7403']);
    followed.close();
    if (kubeconfigBefore === undefined) delete process.env.KUBECONFIG;
    else process.env.KUBECONFIG = kubeconfigBefore;
  });

  it('scales a StatefulSet', async () => {
    const labels = { app: 'workers' };
    await apply({
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'workers' },
      spec: {
        replicas: 0,
        serviceName: 'workers',
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          // No node has it: pods are made and never run.
          spec: {
            nodeSelector: { nowhere: 'true' },
            containers: [{ name: 'none', image: 'localhost/none:1' }],
          },
        },
      },
    });
    const scale = openScale(api, { namespace, kind: 'StatefulSet', name: 'workers' });
    assert.deepEqual(await scale.get(), { wanted: 0, present: 0 });
    await scale.set(1);
    assert.equal((await scale.get()).wanted, 1);
    await scale.set(0);
    assert.equal((await scale.get()).wanted, 0);
    const missing = openScale(api, { namespace, kind: 'StatefulSet', name: 'none' });
    await assert.rejects(missing.get(), { reason: 'KUBERNETES_NOT_FOUND' });
  });

  it('says which right is missing', async () => {
    const { stdout, code, stderr } = await cluster.kubectl(['create', 'token', 'default', '-n', namespace]);
    assert.equal(code, 0, stderr);
    const config = await cluster.kubectl(['config', 'view', '--raw', '-o', 'json']);
    await withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'kubeconfig');
      const users = [{ name: config.json.users[0].name, user: { token: stdout.trim() } }];
      await writeFile(path, JSON.stringify({ ...config.json, users }));
      const denied = openLease(await openKubernetes(path), namespace, 'election', 2_000);
      await assert.rejects(denied.read(AbortSignal.timeout(5_000)), {
        reason: 'KUBERNETES_DENIED',
        message: /we lack the verb "get" on leases of coordination\.k8s\.io/,
      });
    });
  });
});
