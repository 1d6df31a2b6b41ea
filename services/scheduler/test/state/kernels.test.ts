import assert from 'node:assert/strict';
import { Plan } from '@hyperslab/proto/expression';
import { jobView } from '../../src/jobs/job-view.ts';
import type { Effect } from '../../src/state/effects.ts';
import { taskStates } from '../../src/state/task-table.ts';
import { chain, definition, publishPlan } from './example-plans.ts';
import { SimulatedMesh } from './simulated-mesh.ts';

/** A plan that workers know from version 4 of the protocol on. */
function planWithOperation(tasks: number): Plan {
  const node = {
    kind: { $case: 'operation' as const, value: { name: 'diff', inputs: [0], parameters: '' } },
  };
  return Plan.fromPartial({ ...chain(tasks), nodes: [{}, node] });
}

describe('kernels of different versions', () => {
  const upgraded = { kernelVersion: '2' };

  it('never work on one job: it stays with those of the worker that got its first task', () => {
    const mesh = new SimulatedMesh();
    mesh.join('old', 1);
    mesh.send({ type: 'JobAccepted', job: definition('j', 'compute', chain(4)) });
    mesh.join('new', 8, upgraded);
    assert.equal(mesh.workers.get('new')?.queue.length, 0);
    mesh.send({ type: 'JobAccepted', job: definition('k', 'compute', chain(4)) });
    assert.equal(mesh.workers.get('new')?.queue.length, 4);
    mesh.drain();
    assert.deepEqual([...mesh.workers.get('old')!.blocks.keys()].sort(), [
      'j/0/0',
      'j/0/1',
      'j/0/2',
      'j/0/3',
    ]);
  });

  it('get no plan that their worker does not understand, which waits for one that does', () => {
    const mesh = new SimulatedMesh();
    mesh.join('old', 8, { protocolVersion: 3 });
    mesh.send({ type: 'JobAccepted', job: definition('j', 'compute', planWithOperation(4)) });
    assert.equal(mesh.workers.get('old')?.queue.length, 0);
    const phase = () => jobView(mesh.state.jobs.get('j')!, mesh.state).phase;
    assert.equal(phase(), 'waiting for newer workers');
    mesh.join('new', 8, { ...upgraded, protocolVersion: 4 });
    assert.equal(phase(), 'computing');
    assert.equal(mesh.workers.get('new')?.queue.length, 4);
  });

  it('tell whoever watches a job when it waits for newer ones, and when no more', () => {
    const mesh = new SimulatedMesh();
    const plan = planWithOperation(4);
    mesh.send({ type: 'JobAccepted', job: definition('j', 'compute', plan, 'ann', 'same') });
    const told = (effects: Effect[]) => effects.some(({ type }) => type === 'JobChanged');
    const join = (workerId: string, protocolVersion: number) => {
      const worker = { workerId, address: `${workerId}:1`, slots: 1, kernelVersion: '1', protocolVersion };
      return told(mesh.send({ type: 'WorkerJoined', ...worker, held: [] }));
    };
    const leave = (workerId: string) => told(mesh.send({ type: 'WorkerLeft', workerId }));
    assert.deepEqual([join('a', 3), join('b', 3), leave('b')], [true, false, false]);
    assert.ok(leave('a'), 'it waits for any');
    assert.ok(join('a', 3));
    assert.ok(join('new', 4));
    assert.ok(told(mesh.send({ type: 'WorkerDraining', workerId: 'new' })));
  });

  it('let a task be tried again where it failed when others of its version do not understand the plan', () => {
    const mesh = new SimulatedMesh();
    mesh.join('old', 8, { protocolVersion: 3 });
    mesh.join('new', 8, { protocolVersion: 4 });
    mesh.send({ type: 'JobAccepted', job: definition('j', 'compute', planWithOperation(1)) });
    mesh.fail('new', 0, true);
    assert.equal(mesh.workers.get('new')?.queue.length, 1);
  });

  it('are not waited for when those who have them do not understand the plan', () => {
    const mesh = new SimulatedMesh();
    mesh.join('old', 8, { protocolVersion: 3 });
    mesh.join('new', 8, { protocolVersion: 4 });
    mesh.send({ type: 'JobAccepted', job: definition('j', 'compute', planWithOperation(1)) });
    mesh.leave('new');
    mesh.now += 6_000;
    mesh.send({ type: 'Tick' });
    assert.equal(mesh.state.jobs.get('j')?.kernelVersion, '1', 'nobody could begin it again');
    mesh.join('newer', 8, { ...upgraded, protocolVersion: 4 });
    mesh.send({ type: 'Tick' });
    assert.equal(mesh.workers.get('newer')?.queue.length, 1);
  });

  it('let a task be tried again where it failed when there is no other worker of its version', () => {
    const mesh = new SimulatedMesh();
    mesh.join('old', 1);
    mesh.send({ type: 'JobAccepted', job: definition('j', 'compute', chain(1)) });
    mesh.join('new', 8, upgraded);
    mesh.fail('old', 0, true);
    assert.equal(mesh.workers.get('old')?.queue.length, 1);
  });

  it('are not adopted with the blocks of a worker that comes back', () => {
    const mesh = new SimulatedMesh();
    mesh.send({ type: 'JobAccepted', job: { ...definition('j', 'persist', chain(3)), startAfterMs: 9_000 } });
    const held = [{ jobId: 'j', stage: 0, tasks: [0], sizes: [8], fingerprint: 'plan of j' }];
    mesh.join('old', 1, { held });
    const effects = mesh.send({
      type: 'WorkerJoined',
      workerId: 'new',
      address: 'new:1',
      slots: 1,
      protocolVersion: 2,
      ...upgraded,
      held: [{ ...held[0], tasks: [1] }],
    });
    assert.deepEqual(effects, [{ type: 'SendForget', workerId: 'new', jobId: 'j', stages: [] }]);
    assert.equal(mesh.state.jobs.get('j')?.stages[0].tasks?.counts[taskStates.held], 1);
  });

  it('make a job as a whole again when the last worker of its version is gone for a while', () => {
    const mesh = new SimulatedMesh();
    mesh.join('old', 4);
    mesh.join('older', 4);
    mesh.send({ type: 'JobAccepted', job: definition('j', 'persist', chain(4, 2)) });
    mesh.drain();
    mesh.send({ type: 'JobAccepted', job: definition('p', 'publish', publishPlan(1)) });
    mesh.finish('old');
    mesh.finish('older');
    mesh.join('new', 4, upgraded);
    mesh.leave('old');
    mesh.leave('older');
    assert.equal(mesh.workers.get('new')?.queue.length, 0);
    mesh.now += 4_000;
    mesh.send({ type: 'Tick' });
    assert.equal(mesh.workers.get('new')?.queue.length, 0, 'it may only have lost its connection');
    mesh.now += 1_000;
    mesh.send({ type: 'Tick' });
    mesh.drain();
    const job = mesh.state.jobs.get('j')!;
    assert.equal(job.kernelVersion, '2');
    assert.equal(job.stages[1].tasks?.counts[taskStates.held], 2);
    assert.match(job.story.join(), /no worker has version 1 of the kernels any more/);
    assert.equal(mesh.state.jobs.get('p')?.phase, 'succeeded');
  });

  it('take no blocks from each other', () => {
    const mesh = new SimulatedMesh();
    mesh.join('old', 4);
    mesh.send({ type: 'JobAccepted', job: definition('j', 'persist', chain(4)) });
    mesh.drain();
    mesh.join('new', 4, upgraded);
    mesh.stop('old');
    mesh.moveAll();
    assert.equal(mesh.workers.get('old')?.drained?.left, 4);
    assert.equal(mesh.workers.get('new')?.blocks.size, 0);
  });

  it('follow each other through a mesh that is upgraded worker by worker, and results stay', () => {
    const mesh = new SimulatedMesh();
    for (const id of ['w0', 'w1', 'w2']) mesh.join(id, 2);
    mesh.send({ type: 'JobAccepted', job: definition('j', 'persist', chain(30, 9)) });
    mesh.drain();
    const { started } = mesh;
    for (const id of ['w2', 'w1']) {
      mesh.stop(id);
      mesh.moveAll();
      mesh.leave(id);
      mesh.join(id, 2, upgraded);
    }
    mesh.drain();
    assert.equal(mesh.started, started, 'the last worker with the old kernels has it all');
    mesh.stop('w0');
    mesh.moveAll();
    mesh.leave('w0');
    mesh.now += 5_000;
    mesh.send({ type: 'Tick' });
    mesh.drain();
    assert.equal(mesh.started, started + 39);
    assert.equal(mesh.state.jobs.get('j')?.kernelVersion, '2');
  });
});
