import assert from 'node:assert/strict';
import { LocateBlocksRequest } from '@hyperslab/proto/scheduler';
import { JobChanges } from '../../src/jobs/job-changes.ts';
import { readersView } from '../../src/jobs/job-view.ts';
import { locateBlocks, locateMade } from '../../src/jobs/locate-blocks.ts';
import { chain, definition } from '../state/example-plans.ts';
import { SimulatedMesh } from '../state/simulated-mesh.ts';

const never = new AbortController().signal;

/** A job of four tasks on a worker of two slots, and what is asked of it. */
function startJob() {
  const mesh = new SimulatedMesh();
  mesh.join('w1');
  mesh.send({ type: 'JobAccepted', job: definition('j', 'compute', chain(4), 'caller') });
  const changes = new JobChanges();
  const ask = (wanted: Partial<LocateBlocksRequest>) =>
    locateBlocks(mesh.state, changes, LocateBlocksRequest.fromPartial({ jobId: 'j', ...wanted }), never);
  const finish = () => {
    mesh.finish('w1');
    changes.changed('j');
  };
  return { mesh, ask, finish };
}

describe('where blocks are', () => {
  it('is told of those that are made, as soon as the first is', async () => {
    const { ask, finish } = startJob();
    let told = 0;
    const places = ask({ count: 4, asMade: true });
    places.then(() => told++);
    const all = ask({ count: 4 });
    all.then(() => told++);
    await new Promise(setImmediate);
    assert.equal(told, 0);
    finish();
    assert.deepEqual((await places).locations, [0]);
    finish();
    assert.deepEqual(await ask({ count: 4, asMade: true }), { addresses: ['w1:1'], locations: [0, 0] });
    assert.equal(told, 1);
    finish();
    finish();
    assert.deepEqual((await all).locations, [0, 0, 0, 0]);
  });

  it('is told of several that follow the first together, and of the last at once', async () => {
    const { ask, finish } = startJob();
    finish();
    finish();
    let told = 0;
    const places = ask({ first: 1, count: 3, asMade: true });
    places.then(() => told++);
    await new Promise(setImmediate);
    assert.equal(told, 0);
    finish();
    // What comes next, or nobody in time.
    assert.deepEqual((await places).locations, [0, 0]);
    const last = ask({ first: 2, count: 2, asMade: true });
    finish();
    assert.deepEqual((await last).locations, [0, 0]);
  });

  it('is told with what the result is, as far as it is known', () => {
    const { mesh, finish } = startJob();
    const job = mesh.state.jobs.get('j')!;
    assert.deepEqual(locateMade(mesh.state, job, 0, 4), { addresses: [], locations: [] });
    finish();
    finish();
    assert.deepEqual(locateMade(mesh.state, job, 1, 4), { addresses: ['w1:1'], locations: [0] });
    for (const [first, count] of [
      [0, 0],
      [4, 1],
      [9, 4096],
    ])
      assert.deepEqual(locateMade(mesh.state, job, first, count), { addresses: [], locations: [] });
  });

  it('is told with the job, of the first one as soon as a worker makes it', () => {
    const mesh = new SimulatedMesh();
    const view = () => readersView(mesh.state, mesh.state.jobs.get('j')!).heldAt;
    mesh.send({ type: 'JobAccepted', job: definition('j', 'compute', chain(2), 'caller') });
    assert.equal(view(), '');
    mesh.join('w1');
    assert.equal(view(), 'w1:1');
    mesh.drain();
    assert.equal(view(), 'w1:1');
    mesh.send({ type: 'WorkerLeft', workerId: 'w1' });
    assert.equal(view(), '');
  });

  it('is told at once of what must exist, and of a part only to those who take one', async () => {
    const { ask, finish } = startJob();
    finish();
    assert.deepEqual((await ask({ count: 4, mustExist: true, asMade: true })).locations, [0]);
    await assert.rejects(ask({ count: 4, mustExist: true }), /not made/);
    await assert.rejects(ask({ first: 1, count: 1, mustExist: true, asMade: true }), /not made/);
  });
});
