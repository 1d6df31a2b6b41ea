import assert from 'node:assert/strict';
import { type InstalledChart, useChart } from '../harness/install-chart.ts';
import { runProgram } from '../harness/run-command.ts';

interface Pod {
  metadata: { name: string; labels: Record<string, string> };
  spec: { containers: { image: string }[] };
  status: { conditions: { type: string; status: string }[]; containerStatuses: { restartCount: number }[] };
}

describe('the chart on a cluster', function () {
  this.timeout(240_000);
  let chart: InstalledChart;

  before(async function () {
    chart = await useChart(this);
  });

  it('makes a pod of every service ready, within the restricted standard', async () => {
    await chart.ready();
    const { json } = await chart.kubectl(['get', 'pods', '-o', 'json']);
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
      assert.equal(spec.containers[0].image, `${chart.image.repository}:${chart.image.tag}`);
    }
  });

  it('has one scheduler that leads, and the Service leads to it', async () => {
    const { json } = await chart.kubectl(['get', 'pods', '-l', 'hyperslab.io/role=leader', '-o', 'json']);
    assert.equal(json.items.length, 1);
    const lease = await chart.kubectl(['get', 'lease', 'hyperslab-scheduler', '-o', 'json']);
    assert.ok(lease.json.spec.holderIdentity.startsWith(`${json.items[0].metadata.name}_`));
  });

  it('writes nothing into its root file system, and runs as nobody in particular', async () => {
    const inCatalog = (command: string) =>
      chart.kubectl(['exec', 'hyperslab-catalog-0', '--', 'sh', '-c', command]);
    assert.equal((await inCatalog('id -u')).stdout.trim(), '10001');
    assert.match((await inCatalog('touch /app/x')).stderr, /Read-only file system/);
    assert.equal((await inCatalog('ls /var/lib/hyperslab/catalog/catalog.sqlite')).code, 0);
  });

  it('passes its own test, which publishes and computes from within', async () => {
    const { code, stdout, stderr } = await chart.cluster.helm(
      ['test', 'hyperslab', '--namespace', chart.namespace, '--logs', '--timeout', '200s'],
      { timeoutMs: 220_000 },
    );
    assert.equal(code, 0, `${stderr}${stdout}`);
    assert.match(stdout, /published test\/install@\d+ with 8 cubes/);
  });

  it('publishes from a volume and computes, through port-forward', async () => {
    const published = await chart.hyperslab(['publish', 'cluster/run', `file://${chart.run}`, '--json']);
    assert.equal(published.code, 0, published.stderr);
    assert.equal(published.json.cubes, 8);
    const computed = await chart.hyperslab(['compute', 'cluster/run', 'mean(t)', '--json']);
    assert.equal(computed.code, 0, computed.stderr);
    // The mean of the whole is that of the means of its parts: they are of one size, and nothing is missing.
    const parts = await chart.hyperslab(['compute', 'cluster/run', 'mean(t, latitude, longitude)', '--json']);
    const means = parts.json.values as number[];
    const mean = means.reduce((sum, value) => sum + value, 0) / means.length;
    assert.ok(Math.abs(computed.json.values[0] - mean) < 1e-3 * mean, `${computed.json.values} and ${mean}`);
    assert.ok(mean > 180 && mean < 330, `${mean} K`);
  });

  it('answers OPeNDAP and shows the dashboard under the names of its Services', async () => {
    const get = (url: string) =>
      runProgram(
        'kubectl',
        [
          ...['exec', '-n', chart.namespace, 'hyperslab-catalog-0', '--', 'node', '-e'],
          `fetch('${url}').then(async (r) => console.log(r.status, (await r.text()).slice(0, 200)))`,
        ],
        { env: chart.cluster.env },
      );
    assert.match(
      (await get('http://hyperslab-opendap-gateway:8080/dap/cluster/run.dds')).stdout,
      /^200 Dataset/,
    );
    assert.match((await get('http://hyperslab-dashboard:8787/')).stdout, /^200 <!doctype html>/i);
    // Under a name that nobody has given it, a page of another site could ask.
    assert.match(
      (await get('http://hyperslab-dashboard.other.svc.cluster.local:8787/')).stdout,
      /^$/,
      'there is no such Service',
    );
  });
});
