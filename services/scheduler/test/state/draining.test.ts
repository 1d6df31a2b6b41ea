import assert from 'node:assert/strict';
import { Plan } from '@hyperslab/proto/expression';
import { WorkerReport } from '@hyperslab/proto/scheduler';
import { exchangesSince } from '@hyperslab/rpc';
import { taskStates } from '../../src/state/task-table.ts';
import { chain, definition, publishPlan } from './example-plans.ts';
import { SimulatedMesh } from './simulated-mesh.ts';

describe('a worker that drains', () => {
  /** A mesh whose worker `a` holds all blocks of the persisted job `j`. */
  function meshWithHolder(blocks: number): SimulatedMesh {
    const mesh = new SimulatedMesh();
    mesh.join('a', 4);
    mesh.send({ type: 'JobAccepted', job: definition('j', 'persist', chain(blocks)) });
    mesh.drain();
    return mesh;
  }

  const holders = (mesh: SimulatedMesh, jobId = 'j', stage = 0) => {
    const table = mesh.state.jobs.get(jobId)!.stages[stage].tasks!;
    return Array.from(
      { length: table.count },
      (_, task) => mesh.state.workersByOrdinal.get(table.workerOf(task))?.id,
    );
  };

  it('has others take its blocks, and goes without a task run again', () => {
    const mesh = meshWithHolder(200);
    mesh.join('b', 4);
    mesh.join('c', 4);
    const { started } = mesh;
    mesh.stop('a');
    assert.equal(mesh.workers.get('b')?.takes.length, 0, 'others may be about to stop, too');
    mesh.moveAll();
    assert.deepEqual(mesh.workers.get('a')?.drained?.handedOver, 200);
    assert.equal(mesh.workers.get('a')?.drained?.left, 0);
    mesh.leave('a');
    mesh.drain();
    assert.equal(mesh.started, started);
    assert.deepEqual([...new Set(holders(mesh))].sort(), ['b', 'c']);
    for (const [task, holder] of holders(mesh).entries())
      assert.ok(mesh.workers.get(holder!)?.blocks.has(`j/0/${task}`));
  });

  it('asks each of the others for one batch at a time, the one with most room first', () => {
    const mesh = meshWithHolder(1000);
    const report = (workerId: string, blockBytes: number) => {
      const report = WorkerReport.fromPartial({ memoryLimit: 1000, blockBytes });
      mesh.send({ type: 'WorkerReported', workerId, report });
    };
    for (const [index, id] of ['b', 'c', 'd', 'e', 'f', 'g'].entries()) {
      mesh.join(id, 4);
      report(id, index * 10);
    }
    mesh.stop('a');
    mesh.now += 250;
    mesh.send({ type: 'Tick' });
    mesh.send({ type: 'Tick' });
    const asked = [...mesh.workers.values()].filter(({ takes }) => takes.length > 0);
    assert.deepEqual(
      asked.map(({ id, takes }) => [id, takes.length, takes[0].tasks.length]),
      ['b', 'c', 'd', 'e'].map((id) => [id, 1, 64]),
    );
    // Full now: the next batch is another one's.
    report('b', 900);
    mesh.take('c');
    mesh.take('b');
    assert.deepEqual(
      ['b', 'c', 'f', 'g'].map((id) => mesh.workers.get(id)!.takes.length),
      [0, 0, 1, 1],
    );
  });

  it('is not waited for by its tasks, finishes what it has begun, and hands that over as well', () => {
    const mesh = new SimulatedMesh();
    mesh.join('a', 2);
    mesh.send({ type: 'JobAccepted', job: definition('j', 'persist', chain(3)) });
    mesh.join('b', 1);
    assert.equal(mesh.workers.get('a')?.queue.length, 3);
    mesh.stop('a', 2);
    assert.equal(mesh.workers.get('b')?.queue.length, 1);
    mesh.moveAll();
    assert.equal(mesh.workers.get('a')?.drained, undefined);
    mesh.finish('a');
    mesh.finish('a');
    mesh.moveAll();
    assert.equal(mesh.workers.get('a')?.drained?.handedOver, 2);
    mesh.leave('a');
    mesh.drain();
    assert.equal(mesh.started, 4);
    assert.deepEqual(holders(mesh), ['b', 'b', 'b']);
  });

  it('moves blocks to none that does not know their plan, and does not wait for one that does', () => {
    const mesh = new SimulatedMesh();
    mesh.join('a', 4);
    const exchange = { kind: { $case: 'exchange' as const, value: { input: 0 } } };
    const exchanging = Plan.fromPartial({ ...chain(5), nodes: [{}, exchange] });
    mesh.send({ type: 'JobAccepted', job: definition('j', 'persist', exchanging) });
    mesh.send({ type: 'JobAccepted', job: definition('k', 'persist', chain(3)) });
    mesh.drain();
    mesh.join('old', 4, { protocolVersion: exchangesSince - 1 });
    mesh.stop('a');
    mesh.moveAll();
    assert.deepEqual(holders(mesh, 'k'), ['old', 'old', 'old']);
    assert.deepEqual(holders(mesh, 'j'), ['a', 'a', 'a', 'a', 'a']);
    assert.deepEqual(
      [mesh.workers.get('a')?.drained?.handedOver, mesh.workers.get('a')?.drained?.left],
      [3, 5],
    );
  });

  it('moves blocks past one that does not know their plan to one that does', () => {
    const mesh = new SimulatedMesh();
    mesh.join('a', 4);
    const exchange = { kind: { $case: 'exchange' as const, value: { input: 0 } } };
    const exchanging = Plan.fromPartial({ ...chain(100), nodes: [{}, exchange] });
    mesh.send({ type: 'JobAccepted', job: definition('j', 'persist', exchanging) });
    mesh.drain();
    mesh.join('old', 4, { protocolVersion: exchangesSince - 1 });
    mesh.join('b', 4);
    mesh.stop('a');
    mesh.moveAll();
    assert.deepEqual([...new Set(holders(mesh))], ['b']);
    assert.equal(mesh.workers.get('a')?.drained?.left, 0);
  });

  it('moves what a running job will read, and its readers find it', () => {
    const mesh = new SimulatedMesh();
    mesh.join('a', 4);
    mesh.send({ type: 'JobAccepted', job: definition('j', 'compute', chain(4, 4)) });
    for (let n = 0; n < 4; n++) mesh.finish('a');
    mesh.join('b', 4);
    mesh.stop('a');
    mesh.moveAll();
    assert.deepEqual(holders(mesh), ['b', 'b', 'b', 'b']);
    assert.ok(mesh.workers.get('a')?.drained);
    mesh.leave('a');
    mesh.drain();
    assert.equal(mesh.started, 8 + 4, 'only the tasks that were returned are run elsewhere');
  });

  it('keeps what a publish has listed and indexed', () => {
    const mesh = new SimulatedMesh();
    mesh.objects = 6;
    mesh.join('a', 2);
    mesh.send({ type: 'JobAccepted', job: definition('p', 'publish', publishPlan(2)) });
    mesh.finish('a');
    mesh.finish('a');
    const { listing } = mesh.state.jobs.get('p')!;
    mesh.join('b', 4);
    mesh.stop('a');
    mesh.moveAll();
    mesh.leave('a');
    assert.equal(mesh.state.jobs.get('p')?.listing, listing);
    mesh.drain();
    assert.equal(mesh.state.jobs.get('p')?.phase, 'succeeded');
    assert.equal(mesh.state.jobs.get('p')?.listing, listing, 'it was listed once');
  });

  it('does not wait for what it has begun of an older listing', () => {
    const mesh = new SimulatedMesh();
    mesh.objects = 6;
    mesh.join('a', 4);
    mesh.send({ type: 'JobAccepted', job: definition('p', 'publish', publishPlan(2)) });
    mesh.finish('a');
    mesh.lose('a', 0);
    mesh.join('b', 4);
    mesh.stop('a', 2);
    mesh.moveAll();
    assert.equal(mesh.workers.get('a')?.drained, undefined);
    mesh.finish('b');
    mesh.moveAll();
    assert.ok(mesh.workers.get('a')?.drained);
    mesh.drain();
    assert.equal(mesh.state.jobs.get('p')?.phase, 'succeeded');
  });

  it('moves nothing when nobody stays, and nothing that nobody needs', () => {
    const mesh = meshWithHolder(5);
    mesh.join('b', 4);
    mesh.stop('a');
    mesh.stop('b');
    mesh.moveAll();
    assert.deepEqual(
      ['a', 'b'].map((id) => mesh.workers.get(id)?.drained),
      [
        { type: 'SendDrained', workerId: 'a', handedOver: 0, left: 5 },
        { type: 'SendDrained', workerId: 'b', handedOver: 0, left: 0 },
      ],
    );
    const other = meshWithHolder(5);
    other.join('b', 4);
    other.send({ type: 'ReleaseRequested', jobId: 'j' });
    other.stop('a');
    assert.equal(other.workers.get('a')?.drained?.left, 0);
  });

  it('waits a little for workers that may be on their way back to a scheduler that has just begun', () => {
    const mesh = meshWithHolder(5);
    mesh.state.startedMs = mesh.now;
    mesh.stop('a');
    mesh.moveAll();
    assert.equal(mesh.workers.get('a')?.drained, undefined);
    mesh.join('b', 4);
    mesh.moveAll();
    assert.deepEqual(holders(mesh), ['b', 'b', 'b', 'b', 'b']);
    assert.equal(mesh.workers.get('a')?.drained?.handedOver, 5);
  });

  it('waits a little for a worker of the same kernels that was lost, but for none that said it goes', () => {
    const mesh = meshWithHolder(5);
    mesh.join('b', 4);
    mesh.join('other', 4, { kernelVersion: '2' });
    mesh.leave('b');
    mesh.stop('a');
    mesh.moveAll();
    assert.equal(mesh.workers.get('a')?.drained, undefined);
    mesh.now += 5_000;
    mesh.moveAll();
    assert.equal(mesh.workers.get('a')?.drained?.left, 5);

    const stopping = meshWithHolder(5);
    stopping.join('b', 4);
    stopping.stop('b');
    stopping.leave('b');
    stopping.stop('a');
    assert.equal(stopping.workers.get('a')?.drained?.left, 5);
  });

  it('stays until it is known whether a job that is being planned again needs its blocks', () => {
    const mesh = new SimulatedMesh();
    mesh.send({ type: 'JobExpected', jobId: 'j' });
    const held = [{ jobId: 'j', stage: 0, tasks: [0, 1], sizes: [8, 8], fingerprint: 'plan of j' }];
    mesh.join('a', 4, { held });
    for (const task of [0, 1])
      mesh.workers.get('a')!.blocks.set(`j/0/${task}`, {
        jobId: 'j',
        stage: 0,
        task,
        attempt: 1,
        listing: '',
        kernelVersion: '1',
      });
    mesh.join('b', 4);
    mesh.stop('a');
    mesh.moveAll();
    assert.equal(mesh.workers.get('a')?.drained, undefined);
    mesh.send({ type: 'JobAccepted', job: definition('j', 'persist', chain(2)) });
    mesh.moveAll();
    assert.deepEqual(holders(mesh), ['b', 'b']);
    assert.equal(mesh.workers.get('a')?.drained?.left, 0);
  });

  it('is left to go as before when it does not speak of draining, and no such worker is asked', () => {
    const mesh = meshWithHolder(5);
    mesh.join('old', 4, { protocolVersion: 1 });
    mesh.stop('old');
    mesh.join('older', 4, { protocolVersion: 1 });
    mesh.stop('a');
    mesh.moveAll();
    assert.equal(mesh.workers.get('old')?.drained, undefined);
    assert.equal(mesh.workers.get('older')?.takes.length, 0);
    assert.equal(mesh.workers.get('a')?.drained?.left, 5);
  });

  it('asks somebody else when one refuses or dies', () => {
    const mesh = meshWithHolder(64);
    for (const id of ['refuses', 'dies', 'takes']) mesh.join(id, 4);
    mesh.stop('a');
    const asked = () =>
      [...mesh.workers.values()].filter(({ takes }) => takes.length > 0).map(({ id }) => id);
    mesh.now += 250;
    mesh.send({ type: 'Tick' });
    assert.deepEqual(asked(), ['refuses']);
    mesh.take('refuses', 64);
    assert.deepEqual(asked(), ['dies']);
    mesh.leave('dies');
    assert.deepEqual(asked(), ['takes']);
    mesh.take('takes');
    assert.equal(mesh.workers.get('a')?.drained?.left, 0);
    assert.ok(!holders(mesh).includes('a'));
  });

  it('leaves behind a block that nobody can take, and nothing else', () => {
    const mesh = meshWithHolder(200);
    mesh.join('b', 4);
    mesh.workers.get('a')?.blocks.delete('j/0/7');
    mesh.stop('a');
    mesh.moveAll();
    assert.deepEqual(
      holders(mesh).flatMap((id, task) => (id === 'a' ? [task] : [])),
      [7],
    );
    for (let n = 0; n < 3; n++) {
      assert.equal(mesh.workers.get('a')?.drained, undefined, 'it may be had later');
      mesh.now += 2_000;
      mesh.moveAll();
    }
    assert.deepEqual(mesh.workers.get('a')?.drained, {
      type: 'SendDrained',
      workerId: 'a',
      handedOver: 199,
      left: 1,
    });
  });

  it('asks one that took nothing once more after a while', () => {
    const mesh = meshWithHolder(64);
    mesh.join('b', 4);
    mesh.stop('a');
    mesh.now += 250;
    mesh.send({ type: 'Tick' });
    mesh.take('b', 64);
    mesh.moveAll();
    assert.deepEqual(new Set(holders(mesh)), new Set(['a']));
    mesh.now += 2_000;
    mesh.moveAll();
    assert.deepEqual(new Set(holders(mesh)), new Set(['b']));
    assert.equal(mesh.workers.get('a')?.drained?.left, 0);
  });

  it('is not left by blocks that one forgets while it takes them, having lost all of its own', () => {
    const mesh = new SimulatedMesh();
    for (const id of ['a', 'b']) mesh.join(id, 4);
    mesh.send({ type: 'JobAccepted', job: definition('j', 'persist', chain(40)) });
    mesh.drain();
    mesh.stop('a');
    mesh.now += 250;
    mesh.send({ type: 'Tick' });
    const b = mesh.workers.get('b')!;
    const first = `j/0/${b.takes[0].tasks[0]}`;
    b.blocks.set(first, mesh.workers.get('a')!.blocks.get(first)!);
    const own = holders(mesh).flatMap((id, task) => (id === 'b' ? [task] : []));
    for (const task of own) b.blocks.delete(`j/0/${task}`);
    mesh.send({ type: 'BlocksLost', workerId: 'b', jobId: 'j', stage: 0, tasks: own, listing: '' });
    assert.ok(own.length > 0 && b.blocks.has(first));
    mesh.moveAll();
    mesh.drain();
    assert.equal(mesh.workers.get('a')?.drained?.left, 0);
    assert.deepEqual([...new Set(holders(mesh))], ['b']);
  });

  it('does not wait for ever for one that was asked', () => {
    const mesh = meshWithHolder(2);
    mesh.join('silent', 4);
    mesh.stop('a');
    mesh.now += 250;
    mesh.send({ type: 'Tick' });
    const asked = mesh.workers.get('silent')!.takes[0];
    for (let n = 0; n < 40; n++) {
      mesh.now += 9_000;
      for (const { id } of mesh.workers.values())
        mesh.send({ type: 'BlocksLost', workerId: id, jobId: 'none', stage: 0, tasks: [], listing: '' });
      for (const worker of mesh.state.workers.values()) worker.seenMs = mesh.now;
      mesh.send({ type: 'Tick' });
    }
    assert.equal(mesh.workers.get('a')?.drained?.left, 2);
    mesh.send({ ...asked, type: 'BlocksTaken' });
    assert.deepEqual(holders(mesh), ['a', 'a'], 'too late: nobody counts on it');
  });

  it('forgets moves of a job that is released meanwhile, and of a worker that comes back', () => {
    const mesh = meshWithHolder(3);
    mesh.join('b', 4);
    mesh.stop('a');
    mesh.now += 250;
    mesh.send({ type: 'Tick' });
    mesh.reconnect('a');
    mesh.take('b');
    mesh.drain();
    mesh.moveAll();
    assert.equal(mesh.state.jobs.get('j')?.stages[0].tasks?.counts[taskStates.held], 3);
    assert.ok(!holders(mesh).includes('a'));
    mesh.send({ type: 'ReleaseRequested', jobId: 'j' });
    mesh.moveAll();
    assert.equal(mesh.workers.get('b')?.blocks.size, 0);
    assert.ok(mesh.workers.get('a')?.drained);
  });
});
