import assert from 'node:assert/strict';
import { clusterView } from '../../src/workers/cluster-view.ts';
import { chain, definition } from '../state/example-plans.ts';
import { SimulatedMesh } from '../state/simulated-mesh.ts';

describe('the view of the cluster', () => {
  it('counts tasks that were handed out beyond the slots as waiting', () => {
    const mesh = new SimulatedMesh();
    mesh.join('a', 4);
    mesh.send({ type: 'JobAccepted', job: definition('j', 'compute', chain(50)) });
    const handedOut = mesh.state.workers.get('a')!.running.size;
    assert.ok(handedOut > 4, 'a worker has its next tasks at hand');
    const { workers, tasksQueued } = clusterView(mesh.state, mesh.history);
    assert.deepEqual([workers[0].running, workers[0].slots], [4, 4]);
    assert.equal(tasksQueued, 46);
  });

  it('estimates queued work by how long the tasks of a job took, and counts the bytes that must stay', () => {
    const mesh = new SimulatedMesh();
    mesh.join('a', 4);
    mesh.send({ type: 'JobAccepted', job: definition('j', 'persist', chain(50)) });
    assert.equal(
      clusterView(mesh.state, mesh.history).queuedSlotSeconds,
      25,
      'half a second each, before anything is known',
    );
    mesh.now += 2_000;
    mesh.finish('a', 0, 2_000);
    const { queuedSlotSeconds, heldBytes } = clusterView(mesh.state, mesh.history);
    assert.equal(queuedSlotSeconds, 49 * 2);
    assert.equal(heldBytes, 8);
  });
});
