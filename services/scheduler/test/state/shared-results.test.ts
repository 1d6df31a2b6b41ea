import assert from 'node:assert/strict';
import type { WorkerReport } from '@hyperslab/proto/scheduler';
import { JobChanges } from '../../src/jobs/job-changes.ts';
import { jobView } from '../../src/jobs/job-view.ts';
import { locateBlocks, readableJob } from '../../src/jobs/locate-blocks.ts';
import type { JobKind, JobRun } from '../../src/state/scheduler-state.ts';
import { mayBeReadInPart } from '../../src/state/shared-results.ts';
import { taskStates } from '../../src/state/task-table.ts';
import { chain, definition, oops, reading } from './example-plans.ts';
import { SimulatedMesh } from './simulated-mesh.ts';

const never = new AbortController().signal;

function startMesh(keptResultBytes = 1000): SimulatedMesh {
  const mesh = new SimulatedMesh({ keptResultBytes, keptResultMs: 60_000 });
  mesh.join('w1');
  return mesh;
}

/** Submits a job of four tasks; those that say the same want the same. */
function submit(mesh: SimulatedMesh, id: string, says = 'same', kind: JobKind = 'compute'): JobRun {
  const job = definition(id, kind, chain(4), `caller of ${id}`, says);
  mesh.send({ type: 'JobAccepted', job });
  return mesh.state.jobs.get(id)!;
}

function release(mesh: SimulatedMesh, jobId: string): void {
  mesh.send({ type: 'ReleaseRequested', jobId });
}

describe('results that equal requests share', () => {
  it('are computed once, and each caller has them until it gives them back', async () => {
    const mesh = startMesh();
    submit(mesh, 'one');
    const two = submit(mesh, 'two');
    assert.equal(jobView(two, mesh.state).tasks, 4);
    mesh.finish('w1');
    assert.deepEqual(
      [jobView(two, mesh.state).tasksDone, jobView(two, mesh.state).state],
      [1, jobView(mesh.state.jobs.get('one')!, mesh.state).state],
    );
    mesh.drain();
    assert.equal(mesh.started, 4);
    assert.deepEqual(mesh.ended.toSorted(), ['one', 'two']);
    release(mesh, 'one');
    assert.throws(() => readableJob(mesh.state, 'one'), /its result was released/);
    assert.equal(readableJob(mesh.state, 'two'), two);
    const request = {
      jobId: 'two',
      stage: 0,
      first: 0,
      count: 4,
      listing: '',
      unreachable: [],
      mustExist: true,
      asMade: false,
    };
    const { addresses } = await locateBlocks(mesh.state, new JobChanges(), request, never);
    assert.deepEqual(addresses, ['w1:1']);
    assert.equal(jobView(two, mesh.state).resultBytes, 32);
  });

  it('are there at once for who asks for them after they were given back', () => {
    const mesh = startMesh();
    submit(mesh, 'one');
    mesh.drain();
    release(mesh, 'one');
    const two = submit(mesh, 'two');
    assert.equal(two.phase, 'succeeded');
    assert.equal(mesh.started, 4);
    release(mesh, 'two');
    assert.equal(submit(mesh, 'three').phase, 'succeeded');
    assert.equal(submit(mesh, 'other', 'something else').phase, 'running');
  });

  it('are those of a persisted array, too, which borrows from nobody', () => {
    const mesh = startMesh();
    submit(mesh, 'one');
    const kept = submit(mesh, 'kept', 'same', 'persist');
    mesh.drain();
    assert.equal(kept.lender, undefined);
    assert.equal(mesh.started, 8);
    assert.equal(submit(mesh, 'two').lender, kept);
  });

  it('go on for the others when one of them cancels', () => {
    const mesh = startMesh();
    for (const id of ['one', 'two', 'three']) submit(mesh, id);
    mesh.finish('w1');
    mesh.send({ type: 'CancelRequested', jobId: 'two' });
    assert.equal(mesh.state.jobs.get('one')!.phase, 'running');
    const four = submit(mesh, 'four');
    // The first computes for all of them: another one takes that over.
    mesh.send({ type: 'CancelRequested', jobId: 'one' });
    assert.equal(mesh.state.jobs.get('three')!.lender, undefined);
    assert.equal(four.lender?.id, 'three');
    mesh.drain();
    const phases = ['one', 'two', 'three', 'four'].map((id) => mesh.state.jobs.get(id)!.phase);
    assert.deepEqual(phases, ['cancelled', 'cancelled', 'succeeded', 'succeeded']);
  });

  it('fail for all of them', () => {
    const mesh = startMesh();
    submit(mesh, 'one');
    const two = submit(mesh, 'two');
    mesh.fail('w1', 0, false);
    assert.equal(two.phase, 'failed');
    assert.equal(two.error?.reason, oops.reason);
    // Nobody gets a failure that is over.
    assert.equal(submit(mesh, 'three').phase, 'running');
  });

  it('are made again for who has them when their worker is lost, and given up when nobody has', () => {
    const mesh = startMesh();
    submit(mesh, 'one');
    mesh.drain();
    release(mesh, 'one');
    const two = submit(mesh, 'two');
    mesh.join('w2');
    mesh.leave('w1');
    mesh.drain();
    const table = two.lender!.stages[0].tasks!;
    assert.equal(table.counts[taskStates.held], 4);
    assert.equal(mesh.started, 8);
    release(mesh, 'two');
    mesh.join('w3');
    mesh.leave('w2');
    assert.equal(mesh.state.kept.size, 0);
    mesh.drain();
    assert.equal(mesh.started, 8);
    assert.equal(submit(mesh, 'three').phase, 'running');
  });

  it('are kept as long, and as many, as may be', () => {
    // One has blocks of 32 bytes and a plan that counts for 80.
    const mesh = startMesh(250);
    for (const id of ['a', 'b', 'c']) {
      submit(mesh, id, id);
      mesh.drain();
      release(mesh, id);
      mesh.now += 1000;
    }
    assert.deepEqual(
      [...mesh.state.kept].map(({ id }) => id),
      ['b', 'c'],
    );
    const again = submit(mesh, 'b2', 'b');
    release(mesh, again.id);
    assert.deepEqual(
      [...mesh.state.kept].map(({ id }) => id),
      ['c', 'b'],
    );
    mesh.now += 59_500;
    mesh.join('w1');
    mesh.send({ type: 'Tick' });
    assert.deepEqual([...mesh.state.kept], []);
    assert.equal([...mesh.workers.get('w1')!.blocks].length, 0);
  });

  it('go first when a worker is short of memory', () => {
    const mesh = startMesh();
    submit(mesh, 'one');
    const wanted = submit(mesh, 'wanted', 'something else');
    mesh.drain();
    release(mesh, 'one');
    const report = { rss: 70, memoryLimit: 100, spilledBytes: 0 } as WorkerReport;
    mesh.send({ type: 'WorkerReported', workerId: 'w1', report });
    assert.equal(mesh.state.kept.size, 1);
    mesh.send({ type: 'WorkerReported', workerId: 'w1', report: { ...report, rss: 85 } });
    assert.equal(mesh.state.kept.size, 0);
    assert.equal(wanted.released, false);
    assert.equal([...mesh.workers.get('w1')!.blocks].length, 4);
  });

  it('are not handed over by a worker that goes, unless somebody has them', () => {
    const mesh = startMesh();
    submit(mesh, 'one');
    mesh.drain();
    release(mesh, 'one');
    mesh.join('w2');
    mesh.stop('w1');
    mesh.moveAll();
    assert.equal(mesh.workers.get('w1')!.drained?.handedOver, 0);
    mesh.leave('w1');
    assert.equal(submit(mesh, 'two').phase, 'running');
  });

  it('are not given to who would get them by workers of other kernels, or that know of no such thing', () => {
    const mesh = startMesh();
    submit(mesh, 'one');
    mesh.drain();
    release(mesh, 'one');
    mesh.join('old', 2, { protocolVersion: 3 });
    assert.equal(submit(mesh, 'two').phase, 'running');
    mesh.drain();
    mesh.leave('old');
    mesh.join('w2', 2, { kernelVersion: '2' });
    mesh.stop('w1');
    assert.equal(submit(mesh, 'three').lender, undefined);
  });

  it('are of one job after a restart, whatever a worker holds or reports of those that share them now', () => {
    const mesh = new SimulatedMesh();
    for (const id of ['two', 'one']) submit(mesh, id);
    const held = ['one', 'two'].map((jobId) => {
      return { jobId, stage: 0, tasks: [0], sizes: [8], fingerprint: 'same' };
    });
    mesh.join('w1', 2, { held });
    assert.ok(!mesh.workers.get('w1')!.plans.has('one'));
    const task = { jobId: 'one', stage: 0, task: 1, attempt: 1, listing: '' };
    const effects = mesh.send({ type: 'TaskDone', workerId: 'w1', task, bytes: 8, objects: 0, runMs: 1 });
    assert.deepEqual(effects, [{ type: 'SendForget', workerId: 'w1', jobId: 'one', stages: [] }]);
    mesh.drain();
    assert.equal(mesh.started, 3);
    assert.deepEqual(mesh.ended.toSorted(), ['one', 'two']);
  });

  it('are given back by time, by who reads them no more', () => {
    const mesh = startMesh();
    submit(mesh, 'one');
    const two = submit(mesh, 'two');
    mesh.drain();
    mesh.now += mesh.state.limits.resultTtlMs + 1;
    mesh.join('w1');
    mesh.send({ type: 'Tick' });
    assert.ok(two.returned);
  });
});

describe('a result of which others want a part', () => {
  /** Submits a job of two tasks that read what one of four has computed. */
  function submitPart(mesh: SimulatedMesh, id: string, of = 'one'): JobRun {
    assert.ok(mayBeReadInPart(mesh.state, mesh.state.jobs.get(of)!));
    const job = definition(id, 'compute', reading(chain(2), of, 4), `caller of ${id}`, `part of ${of}`);
    mesh.send({ type: 'JobAccepted', job });
    return mesh.state.jobs.get(id)!;
  }

  function keep(mesh: SimulatedMesh): JobRun {
    const one = submit(mesh, 'one');
    mesh.drain();
    release(mesh, 'one');
    return one;
  }

  it('stays as long as they have the part, and is kept again then', () => {
    const mesh = startMesh();
    const one = keep(mesh);
    const part = submitPart(mesh, 'part');
    assert.ok(!mesh.state.kept.has(one));
    const report = { rss: 85, memoryLimit: 100, spilledBytes: 0 } as WorkerReport;
    mesh.send({ type: 'WorkerReported', workerId: 'w1', report });
    mesh.drain();
    assert.equal(part.phase, 'succeeded');
    assert.equal(mesh.started, 6);
    release(mesh, 'part');
    assert.deepEqual(mesh.state.kept, new Set([one, part]));
    // Whoever wants the same part has that, and what it is made of stays again.
    assert.equal(submitPart(mesh, 'again').lender, part);
    assert.ok(!mesh.state.kept.has(one));
  });

  it('is computed again when it is lost meanwhile, or after they have read it', () => {
    const mesh = startMesh();
    keep(mesh);
    const part = submitPart(mesh, 'part');
    mesh.leave('w1');
    mesh.join('w2');
    mesh.drain();
    assert.equal(part.phase, 'succeeded');
    assert.equal(mesh.started, 4 + 2 + 4 + 2);
    mesh.leave('w2');
    mesh.join('w3');
    mesh.drain();
    assert.equal(mesh.started, 12 + 4 + 2);
    assert.equal(part.stages[0].tasks?.complete, true);
  });

  /** One has read what was persisted, of which some blocks are lost: after a restart that runs again, and may be cancelled. */
  function restartWithInput(mesh: SimulatedMesh): JobRun {
    const jobs = [
      definition('kept', 'persist', chain(2)),
      definition('between', 'persist', reading(chain(2), 'kept', 2)),
      definition('one', 'compute', reading(chain(4), 'between', 2)),
    ];
    for (const job of jobs) mesh.send({ type: 'JobAccepted', job });
    mesh.drain();
    mesh.lose('w1', 0);
    // It has not begun to make it again.
    mesh.workers.get('w1')!.queue = [];
    // In this order, and then the worker.
    mesh.restart(jobs, 32);
    assert.equal(mesh.state.jobs.get('kept')!.phase, 'running');
    return mesh.state.jobs.get('one')!;
  }

  it('is not read when something that it was made of is gone, for lost blocks of it could not be made again', () => {
    const mesh = startMesh();
    const one = restartWithInput(mesh);
    assert.equal(mayBeReadInPart(mesh.state, one), true);
    mesh.send({ type: 'CancelRequested', jobId: 'kept' });
    assert.deepEqual([one.phase, mayBeReadInPart(mesh.state, one)], ['succeeded', false]);
    release(mesh, 'one');
    assert.deepEqual([mesh.state.kept.has(one), mayBeReadInPart(mesh.state, one)], [true, false]);
  });

  it('is read when it is kept and what it was made of is there', () => {
    const mesh = startMesh();
    submit(mesh, 'kept', 'origin', 'persist');
    mesh.send({ type: 'JobAccepted', job: definition('one', 'compute', reading(chain(4), 'kept', 4)) });
    mesh.drain();
    release(mesh, 'one');
    const part = submitPart(mesh, 'part');
    release(mesh, 'kept');
    mesh.leave('w1');
    mesh.join('w2');
    mesh.drain();
    assert.deepEqual([part.phase, part.error], ['succeeded', undefined]);
    release(mesh, 'part');
    mesh.leave('w2');
    mesh.join('w3');
    assert.equal(mayBeReadInPart(mesh.state, mesh.state.jobs.get('one')!), false, 'nobody needed it');
  });

  it('fails who reads it with the name of what was cancelled that it was made of', () => {
    const mesh = startMesh();
    restartWithInput(mesh);
    const part = submitPart(mesh, 'part');
    for (const [key, { jobId, stage, task, listing }] of mesh.workers.get('w1')!.blocks) {
      if (jobId === 'kept' || jobId === 'part') continue;
      mesh.workers.get('w1')!.blocks.delete(key);
      mesh.send({ type: 'BlocksLost', workerId: 'w1', jobId, stage, tasks: [task], listing });
    }
    mesh.send({ type: 'CancelRequested', jobId: 'kept' });
    const message = 'job kept, of which what it reads was made: it was cancelled; persist it again';
    assert.deepEqual(
      [part.phase, part.error?.reason, part.error?.message],
      ['failed', 'JOB_NOT_FOUND', message],
    );
  });

  it('is not read when it is not all there, is of other kernels, or workers know of no such thing', () => {
    const mesh = startMesh();
    const one = submit(mesh, 'one');
    const isThere = () => mayBeReadInPart(mesh.state, one);
    assert.equal(isThere(), false);
    mesh.drain();
    assert.equal(isThere(), true);
    mesh.lose('w1', 0);
    assert.equal(isThere(), false);
    mesh.drain();
    mesh.join('old', 2, { protocolVersion: 5 });
    assert.equal(isThere(), false);
    mesh.leave('old');
    assert.equal(isThere(), true);
    mesh.join('w2', 2, { kernelVersion: '2' });
    mesh.stop('w1');
    assert.equal(isThere(), false);
    mesh.leave('w1');
    mesh.now += 6_000;
    mesh.send({ type: 'Tick' });
    mesh.drain();
    release(mesh, 'one');
    assert.equal(isThere(), true, 'kept');
    mesh.lose('w2', 0);
    assert.equal(isThere(), false, 'gone');
  });
});
