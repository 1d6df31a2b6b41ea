import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePortOffset } from '../harness/free-ports.ts';
import { runHyperslab } from '../harness/run-command.ts';
import { explainFailures, type SharedRelease, useRelease } from '../harness/use-release.ts';

interface Pod {
  metadata: { name: string; labels: Record<string, string> };
  spec: { containers: { image: string }[] };
  status: { conditions: { type: string; status: string }[] };
}

// `helm install` waits until everything is ready; here is what it made.
describe('the chart on a cluster', function () {
  this.timeout(240_000);
  let release: SharedRelease;

  before(async function () {
    release = await useRelease(this);
  });
  explainFailures(() => release);

  it('made a pod of every service ready, in a namespace that enforces the restricted standard', async () => {
    const { json: namespace } = await release.kubectl(['get', 'namespace', release.namespace, '-o', 'json']);
    assert.equal(namespace.metadata.labels['pod-security.kubernetes.io/enforce'], 'restricted');
    const selector = ['-l', 'app.kubernetes.io/name=hyperslab'];
    const { json } = await release.kubectl(['get', 'pods', ...selector, '-o', 'json']);
    const pods = json.items as Pod[];
    const components = new Set(pods.map(({ metadata }) => metadata.labels['app.kubernetes.io/component']));
    assert.deepEqual([...components].sort(), [
      'autoscaler',
      'catalog',
      'dashboard',
      'metadata-backup',
      'opendap-gateway',
      'scheduler',
      'worker-pool',
    ]);
    for (const { metadata, spec, status } of pods) {
      const ready = status.conditions.find(({ type }) => type === 'Ready');
      assert.equal(ready?.status, 'True', metadata.name);
      assert.equal(spec.containers[0].image, release.images.hyperslab);
    }
  });

  it('has one scheduler that leads, to which the Service leads, and one that stands by', async () => {
    const pods = async (labels: string) => {
      const { json } = await release.kubectl(['get', 'pods', '-l', labels, '-o', 'json']);
      return (json.items as Pod[]).map(({ metadata }) => metadata.name);
    };
    const [leader, ...others] = await pods('hyperslab.io/role=leader');
    assert.deepEqual(others, []);
    assert.equal((await pods('app.kubernetes.io/component=scheduler')).length, 2);
    const lease = await release.kubectl(['get', 'lease', 'hyperslab-scheduler', '-o', 'json']);
    assert.ok(lease.json.spec.holderIdentity.startsWith(`${leader}_`), lease.json.spec.holderIdentity);
  });

  it('runs as a user without rights, on a root file system that cannot be written', async () => {
    const inCatalog = (command: string) =>
      release.kubectl(['exec', 'hyperslab-catalog-0', '--', 'sh', '-c', command]);
    assert.equal((await inCatalog('id -u')).stdout.trim(), '10001');
    assert.match((await inCatalog('touch /app/x')).stderr, /Read-only file system/);
    assert.equal((await inCatalog('ls /var/lib/hyperslab/catalog/catalog.sqlite')).code, 0);
    const token = await inCatalog('ls /var/run/secrets/kubernetes.io');
    assert.notEqual(token.code, 0, 'the catalog has no token of the Kubernetes API');
  });

  it('passes its own test, which publishes and computes from within', async () => {
    const { code, stdout, stderr } = await release.cluster.helm(
      ['test', 'hyperslab', '--namespace', release.namespace, '--logs', '--timeout', '200s'],
      { timeoutMs: 220_000 },
    );
    assert.equal(code, 0, `${stderr}${stdout}`);
    assert.match(stdout, /published test\/install@\d+ with 8 cubes/);
  });

  it('publishes from a volume and computes through hyperslab port-forward', async () => {
    const state = await mkdtemp(join(tmpdir(), 'hyperslab-forwarded-'));
    const offset = String(await freePortOffset());
    const hyperslab = async (...args: string[]) => {
      const options = { env: release.cluster.env };
      const { code, json, stderr } = await runHyperslab([...args, '--json', '--state', state], options);
      assert.equal(code, 0, stderr);
      return json;
    };
    try {
      const where = ['--namespace', release.namespace, '--port-offset', offset];
      await hyperslab('port-forward', '--detach', ...where);
      const published = await hyperslab('publish', 'forwarded/run', `file://${release.run.folder}`);
      assert.equal(published.cubes, 8);
      const { values } = await hyperslab('compute', 'forwarded/run', 'mean(t)');
      // The mean of the whole is that of the means of its parts: they are of one size, and nothing is missing.
      const { values: parts } = await hyperslab('compute', 'forwarded/run', 'mean(t, latitude, longitude)');
      const mean = (parts as number[]).reduce((sum, value) => sum + value, 0) / parts.length;
      assert.ok(Math.abs(values[0] - mean) < 1e-5 * mean, `${values[0]}, expected ${mean}`);
      assert.ok(mean > 180 && mean < 330, `${mean} K`);
    } finally {
      await runHyperslab(['down', '--state', state]);
      await rm(state, { recursive: true, force: true });
    }
  });

  it('answers HTTP under the names of its Services', async () => {
    const get = async (url: string) => {
      const program = `fetch('${url}').then(async (r) => console.log(r.status, await r.text()))`;
      const { stdout, stderr } = await release.kubectl(['exec', 'client', '--', 'node', '-e', program]);
      return stdout || stderr;
    };
    assert.match(await get('http://hyperslab-dashboard:8787/'), /^200 <!doctype html>/i);
    const service = `hyperslab-opendap-gateway.${release.namespace}.svc.cluster.local`;
    assert.match(await get(`http://${service}:8080/readyz`), /^200 ok/);
    // A page of another site would ask under a name of its own.
    const { clusterIP } = (await release.kubectl(['get', 'service', 'hyperslab-dashboard', '-o', 'json']))
      .json.spec;
    const foreign = `const { get } = require('node:http');
      get({ host: '${clusterIP}', port: 8787, headers: { host: 'evil.example' } }, (r) => console.log(r.statusCode))`;
    const { stdout } = await release.kubectl(['exec', 'client', '--', 'node', '-e', foreign]);
    assert.equal(stdout.trim(), '421');
  });
});
