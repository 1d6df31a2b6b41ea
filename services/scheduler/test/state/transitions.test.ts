import assert from 'node:assert/strict';
import type { Effect } from '../../src/state/effects.ts';
import { tasksOf } from '../../src/state/task-runs.ts';
import { taskStates } from '../../src/state/task-table.ts';
import { chain, definition, oops, publishPlan } from './example-plans.ts';
import { blockKey, SimulatedMesh } from './simulated-mesh.ts';

function namesOf(effects: Effect[]): string[] {
  return effects.flatMap((effect) =>
    effect.type === 'SendTasks'
      ? tasksOf(effect.runs).map(({ jobId, stage, task }) => `${jobId}/${stage}/${task}`)
      : [],
  );
}

describe('scheduler transitions', () => {
  it('hands tasks to workers with room, first to each what it runs at once', () => {
    const mesh = new SimulatedMesh();
    mesh.join('a', 2);
    mesh.join('b', 2);
    mesh.send({ type: 'JobAccepted', job: definition('j', 'compute', chain(4)) });
    assert.equal(mesh.workers.get('a')?.queue.length, 2);
    assert.equal(mesh.workers.get('b')?.queue.length, 2);
  });

  it('starts a stage only when the one that it reads is complete', () => {
    const mesh = new SimulatedMesh();
    mesh.join('a', 8);
    const first = mesh.send({ type: 'JobAccepted', job: definition('j', 'compute', chain(2, 1)) });
    assert.deepEqual(namesOf(first), ['j/0/0', 'j/0/1']);
    mesh.finish('a');
    assert.equal(mesh.workers.get('a')?.queue.length, 1);
    mesh.finish('a');
    assert.deepEqual(
      mesh.workers.get('a')?.queue.map(({ stage }) => stage),
      [1],
    );
    mesh.finish('a');
    assert.equal(mesh.state.jobs.get('j')?.phase, 'succeeded');
    assert.deepEqual(mesh.ended, ['j']);
  });

  it('gives back the blocks that no task will read again', () => {
    const mesh = new SimulatedMesh();
    mesh.join('a', 8);
    mesh.send({ type: 'JobAccepted', job: definition('j', 'compute', chain(3, 1)) });
    mesh.drain();
    assert.deepEqual([...mesh.workers.get('a')!.blocks.keys()], ['j/1/0']);
  });

  it('has nothing made again that nobody will read any more', () => {
    const mesh = new SimulatedMesh();
    mesh.join('a', 1);
    mesh.send({ type: 'JobAccepted', job: definition('j', 'persist', chain(2, 1)) });
    for (const at of [0, 0]) mesh.finish('a', at);
    mesh.join('b', 2);
    mesh.lose('a', 0);
    assert.equal(mesh.workers.get('b')?.queue.length, 1);
    // Its only reader had it already.
    const [task] = mesh.workers.get('a')!.queue.splice(0);
    mesh.send({ type: 'TaskDone', workerId: 'a', task, bytes: 8, objects: 0 });
    assert.equal(mesh.state.jobs.get('j')?.phase, 'succeeded');
    assert.deepEqual(mesh.workers.get('b')?.queue, []);
    assert.equal(mesh.state.workers.get('b')?.running.size, 0);
  });

  it('makes lost blocks again, and what they were made of', () => {
    const mesh = new SimulatedMesh();
    mesh.join('a', 8);
    mesh.send({ type: 'JobAccepted', job: definition('j', 'persist', chain(3, 2)) });
    mesh.drain();
    mesh.join('b', 8);
    mesh.leave('a');
    const job = mesh.state.jobs.get('j')!;
    assert.equal(job.stages[0].tasks?.counts[taskStates.running], 3);
    assert.equal(job.stages[1].tasks?.counts[taskStates.waiting], 2);
    assert.equal(job.phase, 'succeeded');
    mesh.drain();
    assert.equal(job.stages[1].tasks?.counts[taskStates.held], 2);
    assert.deepEqual(mesh.ended, ['j']);
  });

  it('adopts what a worker still holds when it was made by the same plan', () => {
    const mesh = new SimulatedMesh();
    const job = { ...definition('j', 'persist', chain(3)), startAfterMs: 2000 };
    mesh.send({ type: 'JobAccepted', job });
    const held = (fingerprint: string) => [
      { jobId: 'j', stage: 0, tasks: [0, 2], sizes: [8, 8], fingerprint },
    ];
    mesh.join('a', 4, { held: held('another plan') });
    assert.equal(mesh.state.jobs.get('j')?.stages[0].tasks?.counts[taskStates.held], 0);
    mesh.join('b', 4, { held: held('plan of j') });
    assert.equal(mesh.state.jobs.get('j')?.stages[0].tasks?.counts[taskStates.held], 2);
    assert.equal(mesh.started, 0);
    mesh.now = 2000;
    mesh.send({ type: 'Tick' });
    assert.equal(mesh.started, 1);
  });

  it('has a worker that comes back forget a stage whose blocks were made elsewhere meanwhile', () => {
    const mesh = new SimulatedMesh();
    mesh.join('a', 4);
    mesh.send({ type: 'JobAccepted', job: definition('j', 'persist', chain(3)) });
    mesh.drain();
    mesh.join('b', 4);
    mesh.send({ type: 'WorkerLeft', workerId: 'a' });
    mesh.drain();
    mesh.reconnect('a');
    assert.deepEqual(
      [...mesh.workers.values()].map(({ blocks }) => blocks.size),
      [0, 3],
    );
    assert.ok(mesh.workers.get('a')!.plans.has('j'));
  });

  it('has a worker forget a stage of which all that it held is given up, but not part of one', () => {
    const mesh = new SimulatedMesh();
    mesh.join('a', 4);
    mesh.send({ type: 'JobAccepted', job: definition('j', 'persist', chain(3)) });
    mesh.drain();
    const afterLoss = (tasks: number[]) => {
      mesh.send({ type: 'BlocksLost', workerId: 'a', jobId: 'j', stage: 0, tasks, listing: '' });
      return mesh.workers.get('a')!.blocks.size;
    };
    assert.equal(afterLoss([0]), 3);
    mesh.drain();
    assert.equal(afterLoss([0, 1, 2]), 0);
    mesh.drain();
    assert.equal(mesh.workers.get('a')!.blocks.size, 3);
  });

  it('learns the number of index tasks from the listing and fetches the dataset once', () => {
    const mesh = new SimulatedMesh();
    mesh.objects = 33;
    mesh.join('a', 64);
    mesh.send({ type: 'JobAccepted', job: definition('p', 'publish', publishPlan(16)) });
    mesh.finish('a');
    assert.equal(mesh.workers.get('a')?.queue.length, 3);
    mesh.finish('a');
    mesh.finish('a');
    mesh.finish('a');
    mesh.finish('a');
    assert.deepEqual(mesh.fetches, ['p']);
    assert.equal(mesh.state.jobs.get('p')?.phase, 'committing');
    mesh.drain();
    assert.equal(mesh.state.jobs.get('p')?.published, 'a@1');
    assert.deepEqual(mesh.state.jobs.get('p')?.lastProgress, { tasks: 5, done: 5 });
    assert.equal(mesh.workers.get('a')?.blocks.size, 0);
  });

  it('indexes all again after a new listing, and reports of the old count no more', () => {
    const mesh = new SimulatedMesh();
    mesh.objects = 4;
    mesh.join('a', 1);
    mesh.send({ type: 'JobAccepted', job: definition('p', 'publish', publishPlan(1)) });
    mesh.finish('a');
    mesh.join('b', 8);
    const old = mesh.workers.get('b')!.queue.filter(({ stage }) => stage === 1);
    assert.ok(old.length > 0);
    mesh.objects = 2;
    mesh.leave('a');
    const queue = mesh.workers.get('b')!.queue;
    mesh.finish(
      'b',
      queue.findIndex(({ stage }) => stage === 0),
    );
    const index = mesh.state.jobs.get('p')!.stages[1].tasks!;
    assert.equal(index.count, 2);
    for (const task of old) mesh.send({ type: 'TaskDone', workerId: 'b', task, bytes: 8, objects: 0 });
    assert.equal(index.counts[taskStates.held], 0);
    mesh.drain();
    assert.equal(mesh.state.jobs.get('p')?.phase, 'succeeded');
  });

  it('tries a task again elsewhere, three times in all, then fails with the story', () => {
    const mesh = new SimulatedMesh();
    mesh.join('a', 1);
    mesh.join('b', 1);
    mesh.send({ type: 'JobAccepted', job: definition('j', 'compute', chain(1)) });
    const workers: string[] = [];
    for (let attempt = 0; attempt < 3; attempt++) {
      const busy = [...mesh.workers.values()].find(({ queue }) => queue.length > 0);
      workers.push(busy!.id);
      mesh.fail(busy!.id, 0, true);
    }
    assert.notEqual(workers[0], workers[1]);
    assert.notEqual(workers[1], workers[2]);
    const job = mesh.state.jobs.get('j')!;
    assert.equal(job.phase, 'failed');
    assert.equal(job.error?.reason, 'STORAGE_UNAVAILABLE');
    assert.match(job.error?.details.story ?? '', /task 0\/0 failed on a:1: oops/);
  });

  it('fails at once when another try would not do', () => {
    const mesh = new SimulatedMesh();
    mesh.join('a', 4);
    mesh.send({ type: 'JobAccepted', job: definition('j', 'compute', chain(9)) });
    mesh.fail('a', 0, false);
    assert.equal(mesh.state.jobs.get('j')?.phase, 'failed');
    assert.equal(mesh.workers.get('a')?.queue.length, 0);
  });

  it('blames a task that its workers do not survive', () => {
    const mesh = new SimulatedMesh();
    mesh.send({ type: 'JobAccepted', job: definition('j', 'compute', chain(1)) });
    for (let n = 0; n < 6; n++) {
      assert.equal(mesh.state.jobs.get('j')?.phase, 'running');
      mesh.join(`w${n}`, 1);
      mesh.leave(`w${n}`);
    }
    assert.equal(mesh.state.jobs.get('j')?.error?.reason, 'WORKER_LOST');
  });

  it('does not take lost workers and lost inputs for failures of a task', () => {
    const mesh = new SimulatedMesh();
    mesh.join('holder', 1);
    mesh.send({ type: 'JobAccepted', job: definition('j', 'compute', chain(1, 1)) });
    mesh.finish('holder');
    mesh.send({ type: 'WorkerDraining', workerId: 'holder' });
    mesh.fail('holder', 0, true);
    for (let n = 0; n < 4; n++) {
      mesh.join(`w${n}`, 1);
      assert.equal(mesh.workers.get(`w${n}`)?.queue[0]?.stage, 1);
      mesh.leave(`w${n}`);
    }
    mesh.join('last', 1);
    const [task] = mesh.workers.get('last')!.queue;
    mesh.leave('holder');
    const error = { code: 5, reason: 'BLOCK_NOT_FOUND', message: 'no input', details: {} };
    mesh.send({ type: 'TaskFailed', workerId: 'last', task, error, retryable: true });
    mesh.workers.get('last')!.queue.shift();
    assert.equal(mesh.state.jobs.get('j')?.phase, 'running');
    mesh.drain();
    assert.equal(mesh.state.jobs.get('j')?.phase, 'succeeded');
  });

  it('makes blocks again that a worker lost, but not for ever', () => {
    const mesh = new SimulatedMesh();
    mesh.join('a', 4);
    mesh.send({ type: 'JobAccepted', job: definition('j', 'persist', chain(2)) });
    mesh.drain();
    const job = mesh.state.jobs.get('j')!;
    for (let n = 0; n < 6; n++) {
      assert.equal(job.phase, 'succeeded');
      assert.equal(job.stages[0].tasks?.counts[taskStates.held], 2);
      mesh.lose('a', [...mesh.workers.get('a')!.blocks.keys()].indexOf('j/0/1'));
      mesh.drain();
    }
    assert.equal(job.phase, 'failed');
    assert.match(job.error?.message ?? '', /made and lost 6 times/);
  });

  it('ties all that is made of a listing to it', () => {
    const mesh = new SimulatedMesh();
    mesh.join('a', 1);
    mesh.send({ type: 'JobAccepted', job: definition('p', 'publish', publishPlan(1)) });
    mesh.finish('a');
    mesh.join('b', 8);
    const before = mesh.workers.get('b')!.queue[0].listing;
    assert.notEqual(before, '');
    mesh.finish('b');
    mesh.leave('a');
    const effects: Effect[] = [];
    while (mesh.state.jobs.get('p')?.listing === before) {
      const [next] = mesh.workers.get('b')!.queue.splice(0, 1);
      assert.ok(next);
      mesh.workers.get('b')!.queue.unshift(next);
      if (next.stage === 0)
        mesh.workers.get('b')!.blocks.set(blockKey(next), { ...next, kernelVersion: '1' });
      mesh.workers.get('b')!.queue.shift();
      effects.push(
        ...mesh.send({
          type: 'TaskDone',
          workerId: 'b',
          task: next,
          bytes: 8,
          objects: next.stage === 0 ? 3 : 0,
        }),
      );
    }
    const now = mesh.state.jobs.get('p')!.listing;
    assert.ok(effects.some((effect) => effect.type === 'SendForget' && effect.stages.includes(1)));
    const fresh = effects.flatMap((effect) => (effect.type === 'SendTasks' ? tasksOf(effect.runs) : []));
    assert.ok(fresh.some(({ stage, listing }) => stage === 1 && listing === now));
    mesh.drain();
    assert.equal(mesh.state.jobs.get('p')?.phase, 'succeeded');
  });

  it('cancels at once and leaves ended jobs as they are', () => {
    const mesh = new SimulatedMesh();
    mesh.join('a', 4);
    mesh.send({ type: 'JobAccepted', job: definition('j', 'compute', chain(9)) });
    mesh.send({ type: 'CancelRequested', jobId: 'j' });
    assert.equal(mesh.state.jobs.get('j')?.phase, 'cancelled');
    assert.equal(mesh.workers.get('a')?.queue.length, 0);
    mesh.send({ type: 'JobFailed', jobId: 'j', error: oops });
    assert.equal(mesh.state.jobs.get('j')?.phase, 'cancelled');
  });

  it('releases results that nobody reads, but not persisted ones, and drops silent workers', () => {
    const mesh = new SimulatedMesh();
    mesh.join('a', 4);
    mesh.send({ type: 'JobAccepted', job: definition('j', 'compute', chain(2)) });
    mesh.send({ type: 'JobAccepted', job: definition('k', 'persist', chain(2)) });
    mesh.drain();
    mesh.now += 600_001;
    mesh.send({ type: 'WorkerDraining', workerId: 'a' });
    mesh.send({ type: 'Tick' });
    assert.deepEqual([...mesh.workers.get('a')!.blocks.keys()], ['k/0/0', 'k/0/1']);
    mesh.send({ type: 'ReleaseRequested', jobId: 'k' });
    assert.equal(mesh.workers.get('a')?.blocks.size, 0);
    mesh.now += 10_001;
    const effects = mesh.send({ type: 'Tick' });
    assert.ok(effects.some(({ type }) => type === 'DropWorker'));
    assert.equal(mesh.state.workers.size, 0);
  });

  it('forgets the oldest ended jobs', () => {
    const mesh = new SimulatedMesh();
    for (let n = 0; n < 105; n++) {
      mesh.send({ type: 'JobAccepted', job: definition(`j${n}`, 'compute', chain(1)) });
      mesh.send({ type: 'CancelRequested', jobId: `j${n}` });
    }
    mesh.send({ type: 'Tick' });
    assert.equal(mesh.state.jobs.size, 100);
    assert.ok(!mesh.state.jobs.has('j4') && mesh.state.jobs.has('j5'));
  });
});
