import assert from 'node:assert/strict';
import { Plan } from '@hyperslab/proto/expression';
import { chain, definition } from './example-plans.ts';
import { SimulatedMesh } from './simulated-mesh.ts';

const newest = { protocolVersion: 5 };

function knowing(mesh: SimulatedMesh): string[] {
  return [...mesh.workers.values()].filter(({ plans }) => plans.has('j')).map(({ id }) => id);
}

describe('jobs that have workers write a store', () => {
  const plan = Plan.fromPartial({ ...chain(1), output: { url: '/a.zarr' } });

  it('are known to all workers, each of which removes the store of one that it was told to forget', () => {
    const mesh = new SimulatedMesh();
    mesh.join('w1', 1, newest);
    mesh.join('w2', 1, newest);
    mesh.join('old', 1, { protocolVersion: 4 });
    mesh.send({ type: 'JobAccepted', job: definition('j', 'compute', plan) });
    assert.deepEqual(knowing(mesh), ['w1', 'w2']);
    // What it holds is of another plan, which another scheduler made.
    const held = [{ jobId: 'j', stage: 0, tasks: [0], sizes: [8], fingerprint: 'other' }];
    mesh.join('w3', 1, { ...newest, held });
    assert.deepEqual(knowing(mesh), ['w1', 'w2', 'w3']);
    mesh.send({ type: 'CancelRequested', jobId: 'j' });
    assert.deepEqual(knowing(mesh), []);
  });

  it('are so when they begin again with other kernels', () => {
    const mesh = new SimulatedMesh();
    mesh.join('w1', 1, newest);
    mesh.send({ type: 'JobAccepted', job: definition('j', 'compute', plan) });
    mesh.join('w2', 1, { ...newest, kernelVersion: '2' });
    mesh.join('w3', 1, { ...newest, kernelVersion: '3' });
    mesh.leave('w1');
    mesh.now += 6_000;
    mesh.send({ type: 'Tick' });
    assert.deepEqual(knowing(mesh), ['w2', 'w3']);
    // It comes back with what is of no use any more, when others write the store.
    mesh.join('w1', 1, {
      ...newest,
      held: [{ jobId: 'j', stage: 0, tasks: [0], sizes: [8], fingerprint: 'plan of j' }],
    });
    assert.deepEqual(knowing(mesh), ['w2', 'w3', 'w1']);
  });
});
