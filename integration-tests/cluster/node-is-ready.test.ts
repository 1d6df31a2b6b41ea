import assert from 'node:assert/strict';
import { type Cluster, useCluster } from '../harness/start-cluster.ts';

// What all other cluster tests rest on.
describe('the cluster of the tests', () => {
  let cluster: Cluster;

  before(async function () {
    cluster = await useCluster(this);
  });

  it('has a node that is ready', async () => {
    const { json, stderr } = await cluster.kubectl(['get', 'nodes', '-o', 'json']);
    assert.ok(json?.items.length > 0, stderr);
    for (const node of json.items) {
      const ready = node.status.conditions.find((each: { type: string }) => each.type === 'Ready');
      assert.equal(ready.status, 'True', node.metadata.name);
    }
  });

  it('gives namespaces that are empty', async () => {
    const namespace = await cluster.createNamespace('hyperslab-empty');
    const { json } = await cluster.kubectl(['get', 'pods', '-n', namespace, '-o', 'json']);
    assert.deepEqual(json.items, []);
    const { code, stderr } = await cluster.kubectl(['delete', 'namespace', namespace, '--wait=false']);
    assert.equal(code, 0, stderr);
  });
});
