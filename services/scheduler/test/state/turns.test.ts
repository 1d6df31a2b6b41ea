import assert from 'node:assert/strict';
import type { JobDefinition } from '../../src/state/scheduler-state.ts';
import { chain, definition, reading } from './example-plans.ts';
import { SimulatedMesh } from './simulated-mesh.ts';

describe('turns of jobs', () => {
  it('go round between callers and between the jobs of each', () => {
    const mesh = new SimulatedMesh();
    mesh.send({ type: 'JobAccepted', job: definition('x', 'compute', chain(50), 'ann') });
    mesh.send({ type: 'JobAccepted', job: definition('y', 'compute', chain(50), 'ann') });
    mesh.send({ type: 'JobAccepted', job: definition('z', 'compute', chain(50), 'bob') });
    mesh.join('a', 8);
    const jobs = mesh.workers.get('a')!.queue.map(({ jobId }) => jobId);
    assert.deepEqual(jobs.slice(0, 8), ['x', 'z', 'y', 'z', 'x', 'z', 'y', 'z']);
  });

  it('come to high ones before others of their caller, and low ones when nobody has others', () => {
    const mesh = new SimulatedMesh();
    const accept = (id: string, caller: string, priority: JobDefinition['priority']) =>
      mesh.send({
        type: 'JobAccepted',
        job: { ...definition(id, 'compute', chain(3), caller), priority },
      });
    accept('low', 'ann', 'low');
    accept('plain', 'ann', 'normal');
    accept('high', 'ann', 'high');
    accept('other', 'bob', 'normal');
    accept('lower', 'cat', 'low');
    mesh.join('a', 15);
    const jobs = mesh.workers.get('a')!.queue.map(({ jobId }) => jobId);
    assert.deepEqual(
      jobs.slice(0, 15).join(' '),
      'high other high other high other plain plain plain lower low lower low lower low',
    );
  });

  it('seat a guest of a caller of whom low ones run', () => {
    const mesh = new SimulatedMesh();
    mesh.join('a', 2);
    const accept = (id: string, caller: string, priority: JobDefinition['priority'], tasks: number) =>
      mesh.send({
        type: 'JobAccepted',
        job: { ...definition(id, 'compute', chain(tasks), caller), priority },
      });
    accept('low', 'ann', 'low', 1);
    accept('other', 'bob', 'normal', 50);
    const before = mesh.workers.get('a')!.queue.length;
    accept('small', 'ann', 'normal', 1);
    const queue = mesh.workers
      .get('a')!
      .queue.slice(before)
      .map(({ jobId }) => jobId);
    assert.deepEqual(queue, ['small']);
  });

  it('come to low ones only when the others have got what there is room for, wherever it is best run', () => {
    const mesh = new SimulatedMesh();
    mesh.join('b', 1);
    mesh.send({ type: 'JobAccepted', job: definition('p', 'persist', chain(6)) });
    mesh.drain();
    mesh.join('a', 4);
    mesh.now = 10;
    const reader = definition('reader', 'compute', reading(chain(6), 'p', 6));
    const low = { ...definition('low', 'compute', chain(9)), priority: 'low' as const };
    for (const job of [low, reader]) mesh.send({ type: 'JobAccepted', job: { ...job, startAfterMs: 1_000 } });
    mesh.now = 1_000;
    mesh.send({ type: 'Tick' });
    const queued = [...mesh.workers.values()].flatMap(({ queue }) => queue);
    assert.equal(queued.filter(({ jobId }) => jobId === 'reader').length, 6);
  });

  it('seat no guests of a low job that an equal one waits for', () => {
    const mesh = new SimulatedMesh();
    mesh.join('a', 2);
    const accept = (id: string, caller: string, priority: JobDefinition['priority'], plan: string) =>
      mesh.send({
        type: 'JobAccepted',
        job: { ...definition(id, 'compute', chain(50), caller, plan), priority },
      });
    accept('other', 'bob', 'normal', 'another');
    const before = mesh.workers.get('a')!.queue.length;
    accept('low', 'ann', 'low', 'same');
    accept('equal', 'cat', 'normal', 'same');
    for (let times = 0; times < 5; times++) mesh.send({ type: 'Tick' });
    assert.equal(mesh.workers.get('a')!.queue.length, before);
  });

  it('take what is read for as urgent as who waits for it, and what that is made of', () => {
    const mesh = new SimulatedMesh();
    const job = (
      id: string,
      caller: string,
      priority: JobDefinition['priority'],
      tasks: number,
      reads?: string,
    ) => ({
      ...definition(
        id,
        priority === 'low' ? 'persist' : 'compute',
        reads === undefined ? chain(tasks) : reading(chain(tasks), reads, tasks),
        caller,
      ),
      priority,
    });
    mesh.send({ type: 'JobAccepted', job: job('first', 'ann', 'low', 2) });
    mesh.send({ type: 'JobAccepted', job: job('second', 'ann', 'low', 2, 'first') });
    mesh.send({ type: 'JobAccepted', job: job('other', 'bob', 'normal', 50) });
    mesh.send({ type: 'JobAccepted', job: job('reader', 'cat', 'normal', 2, 'second') });
    assert.deepEqual([...mesh.state.turns.get('ann')!.normal].map(({ id }) => id).toSorted(), [
      'first',
      'second',
    ]);
    mesh.send({ type: 'CancelRequested', jobId: 'reader' });
    assert.deepEqual(
      [...mesh.state.turns.get('ann')!.low].map(({ id }) => id).toSorted(),
      ['first', 'second'],
      'nobody else waits for them any more',
    );
    mesh.join('a', 8);
    mesh.drain();
    assert.equal(mesh.state.jobs.get('second')?.phase, 'succeeded');
  });

  it('take a low job for as urgent as an equal one that waits for its blocks', () => {
    const mesh = new SimulatedMesh();
    const job = (id: string, caller: string, priority: JobDefinition['priority'], plan: string) => ({
      ...definition(id, 'compute', chain(2), caller, plan),
      priority,
    });
    mesh.send({ type: 'JobAccepted', job: job('low', 'ann', 'low', 'same') });
    mesh.send({ type: 'JobAccepted', job: job('other', 'ann', 'normal', 'another') });
    mesh.send({ type: 'JobAccepted', job: job('high', 'bob', 'high', 'same') });
    mesh.join('a', 4);
    const jobs = mesh.workers.get('a')!.queue.map(({ jobId }) => jobId);
    assert.deepEqual(jobs.slice(0, 4), ['low', 'low', 'other', 'other']);
  });
});
