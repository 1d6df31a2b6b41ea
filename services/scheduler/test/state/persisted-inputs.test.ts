import assert from 'node:assert/strict';
import { regularRuns } from '@hyperslab/array';
import { Plan, StageKind } from '@hyperslab/proto/expression';
import type { JobKind, JobRun } from '../../src/state/scheduler-state.ts';
import { chain, definition, oops, reading } from './example-plans.ts';
import { SimulatedMesh } from './simulated-mesh.ts';

function submit(mesh: SimulatedMesh, id: string, kind: JobKind, read?: string): JobRun {
  const plan = read === undefined ? chain(2) : reading(chain(2), read, 2);
  mesh.send({ type: 'JobAccepted', job: definition(id, kind, plan) });
  return mesh.state.jobs.get(id)!;
}

function startMesh(keptResultBytes = 0): SimulatedMesh {
  const mesh = new SimulatedMesh({ keptResultBytes, keptResultMs: 60_000 });
  mesh.join('w1');
  return mesh;
}

describe('what jobs read that others have persisted', () => {
  it('is waited for', () => {
    const mesh = startMesh();
    submit(mesh, 'kept', 'persist');
    const reader = submit(mesh, 'reader', 'compute', 'kept');
    assert.equal(mesh.started, 2);
    mesh.finish('w1');
    assert.equal(mesh.started, 2, 'one of two blocks is not all');
    mesh.drain();
    assert.deepEqual(mesh.ended, ['kept', 'reader']);
    assert.equal(reader.phase, 'succeeded');
  });

  it('is made again when it is lost, before those who read it go on', () => {
    const mesh = startMesh();
    submit(mesh, 'kept', 'persist');
    mesh.drain();
    mesh.lose('w1', 0);
    const reader = submit(mesh, 'reader', 'compute', 'kept');
    assert.equal(mesh.started, 3);
    mesh.finish('w1');
    assert.equal(mesh.started, 5);
    mesh.drain();
    assert.equal(reader.phase, 'succeeded');
  });

  it('stays until nobody reads it, however soon it is released', () => {
    const mesh = startMesh();
    const kept = submit(mesh, 'kept', 'persist');
    mesh.drain();
    const reader = submit(mesh, 'reader', 'persist', 'kept');
    mesh.send({ type: 'ReleaseRequested', jobId: 'kept' });
    assert.deepEqual([kept.returned, kept.released], [true, false]);
    mesh.drain();
    assert.equal(reader.phase, 'succeeded');
    mesh.lose('w1', 2);
    mesh.drain();
    assert.equal(reader.stages[0].tasks?.complete, true, 'its blocks can be made again');
    mesh.send({ type: 'ReleaseRequested', jobId: 'reader' });
    mesh.send({ type: 'Tick' });
    assert.equal(kept.released, true);
    assert.equal(mesh.workers.get('w1')!.blocks.size, 0);
  });

  it('goes when it is released, though what was made of it is kept for equal requests', () => {
    const mesh = startMesh(1000);
    const kept = submit(mesh, 'kept', 'persist');
    const reader = submit(mesh, 'reader', 'compute', 'kept');
    mesh.drain();
    mesh.send({ type: 'ReleaseRequested', jobId: 'reader' });
    assert.equal(mesh.state.kept.has(reader), true);
    assert.equal(kept.readers.size, 0);
    mesh.send({ type: 'ReleaseRequested', jobId: 'kept' });
    assert.equal(mesh.state.kept.has(kept), true);
    mesh.lose('w1', 0);
    assert.equal(kept.released, true, 'nobody needs what is lost of it');
  });

  it('fails those who read it with the reason of its own failure', () => {
    const mesh = startMesh();
    submit(mesh, 'kept', 'persist');
    const reader = submit(mesh, 'reader', 'compute', 'kept');
    mesh.fail('w1', 0, false);
    assert.deepEqual([reader.phase, reader.error?.reason], ['failed', oops.reason]);
    assert.match(reader.error!.message, /^job kept, whose result it reads: /);
  });

  it('is gone for those who read it when it is cancelled, and for those who come too late', () => {
    const mesh = startMesh();
    submit(mesh, 'kept', 'persist');
    const reader = submit(mesh, 'reader', 'compute', 'kept');
    mesh.send({ type: 'CancelRequested', jobId: 'kept' });
    assert.deepEqual([reader.phase, reader.error?.reason], ['failed', 'JOB_NOT_FOUND']);
    const late = submit(mesh, 'late', 'compute', 'kept');
    assert.deepEqual([late.phase, late.error?.reason], ['failed', 'JOB_NOT_FOUND']);
    assert.match(late.error!.message, /released or is gone; if you persisted it, do so again/);
  });

  it('is read where it is, as long as nobody would wait for that', () => {
    const mesh = new SimulatedMesh();
    mesh.join('w1', 4);
    mesh.join('w2', 4);
    const grid = [2, 2, 2].map((extent) => regularRuns(extent, 1));
    const plan = Plan.fromPartial({
      stages: [{ kind: StageKind.STAGE_KIND_EVALUATE, tasks: 8, blockGrid: grid }],
    });
    mesh.send({ type: 'JobAccepted', job: definition('kept', 'persist', plan) });
    const tasksOn = (id: string) => mesh.workers.get(id)!.queue.map(({ task }) => task);
    assert.deepEqual(
      [tasksOn('w1'), tasksOn('w2')],
      [
        [0, 1, 4, 5],
        [2, 3, 6, 7],
      ],
      'rows of maps',
    );
    mesh.drain();
    const job = definition('reader', 'compute', reading(chain(8), 'kept', 8));
    mesh.send({ type: 'JobAccepted', job });
    assert.deepEqual(
      [tasksOn('w1'), tasksOn('w2')],
      [
        [0, 1, 4, 5],
        [2, 3, 6, 7],
      ],
    );
    mesh.drain();
    mesh.leave('w2');
    mesh.join('w3', 4);
    mesh.drain();
    const again = definition('again', 'compute', reading(chain(8), 'kept', 8));
    mesh.send({ type: 'JobAccepted', job: again });
    assert.equal(tasksOn('w1').length + tasksOn('w3').length, 8);
  });

  it('is left to those who have it, until a worker would be idle for that', () => {
    const mesh = new SimulatedMesh();
    mesh.join('w1', 2);
    mesh.join('w2', 2);
    const grid = [regularRuns(2, 1), regularRuns(10, 1)];
    const plan = Plan.fromPartial({
      stages: [{ kind: StageKind.STAGE_KIND_EVALUATE, tasks: 20, blockGrid: grid }],
    });
    mesh.send({ type: 'JobAccepted', job: definition('kept', 'persist', plan) });
    while (mesh.state.jobs.get('kept')?.phase === 'running') for (const id of ['w1', 'w2']) mesh.finish(id);
    mesh.send({
      type: 'JobAccepted',
      job: definition('reader', 'compute', reading(chain(20), 'kept', 20)),
    });
    const tasks = () => mesh.workers.get('w1')!.queue.map(({ task }) => task);
    const its = new Set<number>();
    for (let done = 0; done < 8; done++) {
      for (const task of tasks()) its.add(task);
      mesh.finish('w1');
    }
    for (const task of tasks()) its.add(task);
    assert.deepEqual([tasks().length, its.size], [2, 10], 'its own to the last, and none ahead of the other');
    assert.ok([...its].every((task) => task < 10));
    mesh.finish('w1');
    assert.equal(tasks().filter((task) => task >= 10).length, 1);
    mesh.drain();
    assert.equal(mesh.state.jobs.get('reader')?.phase, 'succeeded');
  });

  it('is read anywhere by tasks that read so much of it that working out where would hold up everybody', () => {
    const mesh = new SimulatedMesh();
    mesh.join('w1', 4);
    mesh.send({ type: 'JobAccepted', job: definition('kept', 'persist', chain(100)) });
    mesh.drain();
    const places = [2_000, 3_000].map((tasks) => {
      // Each task reads a part of every block.
      const shape = [tasks, 100];
      const dimensions = ['y', 'x'];
      const chunkGrid = [regularRuns(tasks, tasks), regularRuns(100, 1)];
      const ranges = shape.map((count) => ({ start: 0, count, step: 1 }));
      const plan = Plan.fromPartial({
        sources: [
          { variable: { dtype: 'float32', dimensions, shape, chunkGrid }, persisted: { jobId: 'kept' } },
        ],
        nodes: [{ dtype: 'float32', dimensions, shape, kind: { $case: 'read', value: { ranges } } }],
        stages: [
          {
            kind: StageKind.STAGE_KIND_EVALUATE,
            tasks,
            blockGrid: [regularRuns(tasks, 1), regularRuns(100, 100)],
          },
        ],
      });
      const id = `reader of ${tasks}`;
      mesh.send({ type: 'JobAccepted', job: definition(id, 'compute', plan, id) });
      return mesh.state.jobs.get(id)!.stages[0].places?.size;
    });
    assert.deepEqual(places, [1, 0]);
  });

  it('is read by workers alone that know how', () => {
    const mesh = new SimulatedMesh();
    mesh.join('old', 2, { protocolVersion: 5 });
    submit(mesh, 'kept', 'persist');
    mesh.drain();
    const reader = submit(mesh, 'reader', 'compute', 'kept');
    mesh.drain();
    assert.equal(reader.phase, 'running');
    mesh.join('new', 2);
    mesh.drain();
    assert.equal(reader.phase, 'succeeded');
  });

  it('begins again with other kernels together with what reads it', () => {
    const mesh = startMesh();
    submit(mesh, 'kept', 'persist');
    mesh.drain();
    const reader = submit(mesh, 'reader', 'persist', 'kept');
    mesh.drain();
    mesh.leave('w1');
    mesh.join('w2', 2, { kernelVersion: '2' });
    mesh.now += 5_000;
    mesh.send({ type: 'Tick' });
    mesh.drain();
    assert.deepEqual([reader.kernelVersion, reader.stages[0].tasks?.complete], ['2', true]);
  });

  it('stays for equal jobs when the one that read it for all of them is cancelled', () => {
    const mesh = startMesh();
    const kept = submit(mesh, 'kept', 'persist');
    mesh.drain();
    const [first, equal] = ['first', 'equal'].map((id) => {
      const job = definition(id, 'compute', reading(chain(2), 'kept', 2), id, 'the same');
      mesh.send({ type: 'JobAccepted', job });
      return mesh.state.jobs.get(id)!;
    });
    assert.equal(equal.lender, first);
    mesh.send({ type: 'ReleaseRequested', jobId: 'kept' });
    mesh.lose('w1', 0);
    assert.equal(kept.stages[0].tasks?.complete, false);
    mesh.send({ type: 'CancelRequested', jobId: 'first' });
    mesh.drain();
    assert.deepEqual([equal.phase, equal.error?.message], ['succeeded', undefined]);
  });

  it('reads again what it was made of when somebody reads it who asked before it was released', () => {
    const mesh = startMesh(1000);
    const origin = submit(mesh, 'origin', 'persist');
    const kept = submit(mesh, 'kept', 'persist', 'origin');
    mesh.drain();
    mesh.send({ type: 'ReleaseRequested', jobId: 'kept' });
    assert.deepEqual([mesh.state.kept.has(kept), origin.readers.size], [true, 0]);
    const reader = submit(mesh, 'reader', 'compute', 'kept');
    assert.equal(origin.readers.has(kept), true);
    const at = [...mesh.workers.get('w1')!.blocks.keys()].findIndex((key) => key.startsWith('kept/'));
    mesh.lose('w1', at);
    mesh.drain();
    assert.deepEqual([reader.phase, reader.error?.message], ['succeeded', undefined]);
  });
});
