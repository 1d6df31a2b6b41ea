import assert from 'node:assert/strict';
import { join } from 'node:path';
import { connect } from '@hyperslab/client';
import { isHyperslabError } from '@hyperslab/errors';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';

// A process that is stopped keeps its connections and answers nothing on them: nobody must wait for it for ever.
describe('a stopped worker', function () {
  this.timeout(180_000);
  let mesh: Mesh;
  let expected: number[];

  before(async () => {
    mesh = await startMesh();
    const run = join(mesh.state, 'run');
    const made = await mesh.hyperslab(['sample', run, '--size', '6MiB']);
    assert.equal(made.code, 0, made.stderr);
    const published = await mesh.hyperslab(['publish', 'stopped/run', `${run}/`]);
    assert.equal(published.code, 0, published.stderr);
    expected = await mean();
  });

  after(() => mesh?.stop());

  async function mean(): Promise<number[]> {
    const args = ['compute', 'stopped/run', 'mean(t, time)', '--json'];
    const { code, json, stderr } = await mesh.hyperslab(args, { timeoutMs: 75_000 });
    assert.equal(code, 0, stderr);
    return json.values;
  }

  for (const worker of ['worker-pool-1', 'worker-pool-2']) {
    it(`is done without: ${worker}`, async () => {
      await mesh.ready();
      const pid = await mesh.pidOf(worker);
      process.kill(pid, 'SIGSTOP');
      try {
        assert.deepEqual(await mean(), expected);
      } finally {
        process.kill(pid, 'SIGCONT');
      }
    });
  }

  it('is named when there is no other', async () => {
    await mesh.ready();
    const pid = await mesh.pidOf('worker-pool-1');
    const { catalog, scheduler, worker_pool } = mesh.endpoints;
    const client = await connect({ catalog, scheduler, workers: [worker_pool], patienceMs: 5_000 });
    process.kill(pid, 'SIGSTOP');
    try {
      const dataset = await client.open('stopped/run');
      await assert.rejects(dataset.expression('min(t, time)').compute(), (error) => {
        assert.ok(isHyperslabError(error, 'UNAVAILABLE'), String(error));
        assert.ok(error.message.includes(worker_pool), error.message);
        return true;
      });
    } finally {
      process.kill(pid, 'SIGCONT');
      client.close();
    }
  });
});
