import assert from 'node:assert/strict';
import { regularRuns } from '@hyperslab/array';
import { Plan, StageKind } from '@hyperslab/proto/expression';
import type { JobKind, JobRun } from '../../src/state/scheduler-state.ts';
import { taskStates } from '../../src/state/task-table.ts';
import { chain, definition, exchanging, oops, reading } from './example-plans.ts';
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

  it('is gone for those who have lost some of what they made of it', () => {
    const mesh = startMesh();
    const jobs = [
      definition('kept', 'persist', chain(2)),
      definition('reader', 'persist', reading(chain(2), 'kept', 2)),
    ];
    for (const job of jobs) mesh.send({ type: 'JobAccepted', job });
    mesh.drain();
    mesh.lose('w1', 0);
    // A job whose blocks are not all there runs again.
    mesh.restart(jobs, 0);
    mesh.lose('w1', 1);
    assert.equal(mesh.state.jobs.get('reader')!.phase, 'succeeded');
    mesh.send({ type: 'CancelRequested', jobId: 'kept' });
    const { phase, error } = mesh.state.jobs.get('reader')!;
    assert.deepEqual([phase, error?.reason], ['failed', 'JOB_NOT_FOUND'], 'nobody waits for the rest');
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

  it('is exchanged where it is', () => {
    const mesh = new SimulatedMesh();
    for (const id of ['w1', 'w2']) mesh.join(id, 4);
    const blockGrid = [2, 2, 2].map((extent) => regularRuns(extent, 1));
    const plan = Plan.fromPartial({
      stages: [{ kind: StageKind.STAGE_KIND_EVALUATE, tasks: 8, blockGrid }],
    });
    mesh.send({ type: 'JobAccepted', job: definition('kept', 'persist', plan) });
    mesh.drain();
    const exchange = exchanging(reading(chain(8, 2), 'kept', 8));
    mesh.send({ type: 'JobAccepted', job: definition('reader', 'compute', exchange) });
    assert.deepEqual(
      ['w1', 'w2'].map((id) => mesh.workers.get(id)!.queue.map(({ task }) => task)),
      [
        [0, 1, 4, 5],
        [2, 3, 6, 7],
      ],
    );
    mesh.drain();
    assert.equal(mesh.state.jobs.get('reader')?.phase, 'succeeded');
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

  it('is left to those who have it to the last, where bringing it elsewhere would take longer', () => {
    const mesh = new SimulatedMesh();
    mesh.join('w1', 2);
    mesh.join('w2', 2);
    const grid = [regularRuns(2, 1), regularRuns(10, 1)];
    const plan = Plan.fromPartial({
      stages: [{ kind: StageKind.STAGE_KIND_EVALUATE, tasks: 20, blockGrid: grid }],
    });
    mesh.send({ type: 'JobAccepted', job: definition('kept', 'persist', plan) });
    while (mesh.state.jobs.get('kept')?.phase === 'running') for (const id of ['w1', 'w2']) mesh.finish(id);
    const wide = reading(chain(20), 'kept', 20);
    // A gigabyte a task; one is taken to last half a second.
    wide.sources[0].variable!.shape = [20 * 2 ** 28];
    mesh.send({ type: 'JobAccepted', job: definition('reader', 'compute', wide) });
    const tasks = (id: string) => mesh.workers.get(id)!.queue.map(({ task }) => task);
    while (tasks('w1').length > 0) mesh.finish('w1');
    assert.equal(mesh.state.jobs.get('reader')!.stages[0].tasks!.counts[taskStates.waiting], 7);
    assert.ok(tasks('w2').every((task) => task >= 10));
    mesh.leave('w2');
    assert.equal(tasks('w1').length, 3, 'those that have it are gone');
    mesh.drain();
    assert.equal(mesh.state.jobs.get('reader')?.phase, 'succeeded');
  });

  it('is made by those whose part it is, but for what would be waited for too long', () => {
    const mesh = new SimulatedMesh();
    mesh.join('w1', 2);
    mesh.join('w2', 2);
    const blockGrid = [regularRuns(2, 1), regularRuns(30, 1)];
    const plan = Plan.fromPartial({
      stages: [{ kind: StageKind.STAGE_KIND_EVALUATE, tasks: 60, blockGrid }],
    });
    mesh.send({ type: 'JobAccepted', job: definition('kept', 'persist', plan) });
    const tasks = (id: string) => mesh.workers.get(id)!.queue.map(({ task }) => task);
    const taken = new Set<number>();
    while (tasks('w1').length > 0) {
      for (const task of tasks('w1')) taken.add(task);
      mesh.finish('w1');
    }
    // Each is taken to last half a second: what w2 has not begun of its 30 is left to it when that is less than a second's work for its two threads.
    const ofOthers = [...taken].filter((task) => task >= 30).length;
    assert.deepEqual(
      [ofOthers, mesh.state.jobs.get('kept')!.stages[0].tasks!.counts[taskStates.waiting]],
      [24, 3],
    );
    mesh.drain();
    assert.equal(mesh.state.jobs.get('kept')?.phase, 'succeeded');
  });

  it('is not left to those who have it while they do something else', () => {
    const mesh = new SimulatedMesh();
    mesh.join('w1', 2);
    mesh.join('w2', 2);
    const blockGrid = [regularRuns(2, 1), regularRuns(2, 1)];
    const plan = Plan.fromPartial({
      stages: [{ kind: StageKind.STAGE_KIND_EVALUATE, tasks: 4, blockGrid }],
    });
    mesh.send({ type: 'JobAccepted', job: definition('kept', 'persist', plan) });
    mesh.drain();
    mesh.send({ type: 'JobAccepted', job: definition('other', 'compute', chain(4)) });
    const wide = reading(chain(4), 'kept', 4);
    wide.sources[0].variable!.shape = [4 * 2 ** 28];
    mesh.send({ type: 'JobAccepted', job: definition('reader', 'compute', wide) });
    const tasksOf = (id: string, jobId: string) =>
      mesh.workers
        .get(id)!
        .queue.filter((task) => task.jobId === jobId)
        .map(({ task }) => task);
    for (let n = 0; n < 4; n++) mesh.finish('w1');
    assert.deepEqual([tasksOf('w2', 'other').length, tasksOf('w2', 'reader').length], [2, 1]);
    assert.ok(
      tasksOf('w1', 'reader').some((task) => task >= 2),
      `${tasksOf('w1', 'reader')}`,
    );
  });

  for (const [holders, theirs] of [
    [32, 0],
    [33, 1],
  ])
    it(`is ${theirs === 0 ? '' : 'not '}left to ${holders} who have it where one has nothing to do: of more it is not asked who is soonest`, () => {
      const mesh = new SimulatedMesh();
      for (let n = 1; n <= holders; n++) mesh.join(`w${n}`, 1);
      const blockGrid = [regularRuns(holders, 1), regularRuns(3, 1)];
      const blocks = 3 * holders;
      const plan = Plan.fromPartial({
        stages: [{ kind: StageKind.STAGE_KIND_EVALUATE, tasks: blocks, blockGrid }],
      });
      mesh.send({ type: 'JobAccepted', job: definition('kept', 'persist', plan) });
      mesh.drain();
      mesh.join('idle', 1);
      const wide = reading(chain(blocks), 'kept', blocks);
      wide.sources[0].variable!.shape = [blocks * 2 ** 28];
      mesh.send({ type: 'JobAccepted', job: definition('reader', 'compute', wide) });
      assert.equal(mesh.state.jobs.get('reader')!.stages[0].places?.size, holders);
      assert.equal(mesh.workers.get('idle')!.queue.length > 0 ? 1 : 0, theirs);
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
