import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { type Config, readConfig, unknownVariables } from '@hyperslab/config';
import { endpointsOf, offsetPorts, planServices, planWorker } from '../../src/up/mesh-plan.ts';

const { firstWorker, ...ports } = offsetPorts(readConfig({}) as Config, 100);
const choice = {
  state: '/state',
  host: '127.0.0.1',
  ports: { ...ports, workers: [firstWorker, 9999] },
  roots: ['/a', 's3://b'],
  workerMemory: '1GiB',
};

const plans = [
  ...Object.values(planServices(choice)),
  ...choice.ports.workers.map((port, index) => planWorker(choice, index, port)),
];

describe('the plan of a mesh', () => {
  it('gives each service its port, the offset added', () => {
    const addresses = plans.map(({ name, address }) => [name, address]);
    assert.deepEqual(addresses, [
      ['metadata-backup', '127.0.0.1:7504'],
      ['catalog', '127.0.0.1:7501'],
      ['scheduler', '127.0.0.1:7502'],
      ['opendap-gateway', 'http://127.0.0.1:8180'],
      ['dashboard', 'http://127.0.0.1:8887'],
      ['worker-pool-1', '127.0.0.1:7503'],
      ['worker-pool-2', '127.0.0.1:9999'],
    ]);
  });

  it('names programs that are there, and settings that there are', () => {
    for (const { entry, env } of plans) {
      assert.ok(existsSync(entry), entry);
      assert.deepEqual(unknownVariables(env), []);
      assert.deepEqual(readConfig(env).dataRoots, ['/a', 's3://b', '/state/sample']);
      assert.equal(readConfig(env).catalog, '127.0.0.1:7501');
    }
  });

  it('writes the endpoints under the keys that clients know', () => {
    assert.deepEqual(endpointsOf(choice), {
      catalog: '127.0.0.1:7501',
      scheduler: '127.0.0.1:7502',
      worker_pool: '127.0.0.1:7503',
      workers: ['127.0.0.1:7503', '127.0.0.1:9999'],
      metadata_backup: '127.0.0.1:7504',
      opendap_gateway: 'http://127.0.0.1:8180',
      dashboard: 'http://127.0.0.1:8887',
    });
  });

  it('writes the workers that there are by now', () => {
    const now = ['127.0.0.1:7503', '127.0.0.1:9999', '127.0.0.1:9997'];
    const { worker_pool, workers } = endpointsOf(choice, now);
    assert.deepEqual([worker_pool, workers], ['127.0.0.1:7503', now]);
  });
});
