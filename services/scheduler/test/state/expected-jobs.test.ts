import assert from 'node:assert/strict';
import { taskStates } from '../../src/state/task-table.ts';
import { chain, definition, oops } from './example-plans.ts';
import { SimulatedMesh } from './simulated-mesh.ts';

describe('a job that is being planned again', () => {
  const held = (tasks: number[], fingerprint = 'plan of j') => [
    { jobId: 'j', stage: 0, tasks, sizes: tasks.map(() => 8), fingerprint },
  ];
  const accept = (mesh: SimulatedMesh) =>
    mesh.send({ type: 'JobAccepted', job: definition('j', 'persist', chain(4)) });

  it('adopts what workers held of it that came before it was there, and runs the rest', () => {
    const mesh = new SimulatedMesh();
    mesh.send({ type: 'JobExpected', jobId: 'j' });
    mesh.join('a', 1, { held: held([0, 2]) });
    mesh.join('b', 1, { held: held([3]) });
    accept(mesh);
    const table = mesh.state.jobs.get('j')!.stages[0].tasks!;
    assert.equal(table.counts[taskStates.held], 3);
    assert.equal(mesh.state.workersByOrdinal.get(table.workerOf(3))?.id, 'b');
    assert.deepEqual(
      [...mesh.workers.values()].flatMap(({ queue }) => queue.map(({ task }) => task)),
      [1],
    );
    mesh.drain();
    assert.equal(mesh.state.jobs.get('j')?.phase, 'succeeded');
  });

  it('keeps nobody from other work meanwhile', () => {
    const mesh = new SimulatedMesh();
    mesh.send({ type: 'JobExpected', jobId: 'j' });
    mesh.join('a', 2, { held: held([0]) });
    mesh.send({ type: 'JobAccepted', job: definition('other', 'compute', chain(2)) });
    assert.equal(mesh.workers.get('a')?.queue.length, 2);
  });

  it('counts on nothing of a worker that is gone by then, or that came back without it', () => {
    const mesh = new SimulatedMesh();
    mesh.send({ type: 'JobExpected', jobId: 'j' });
    mesh.join('gone', 1, { held: held([0]) });
    mesh.join('back', 1, { held: held([1, 2]) });
    mesh.leave('gone');
    mesh.join('back', 1, { held: held([2]) });
    accept(mesh);
    const table = mesh.state.jobs.get('j')!.stages[0].tasks!;
    assert.deepEqual(
      [0, 1, 2, 3].filter((task) => table.stateOf(task) === taskStates.held),
      [2],
    );
  });

  it('adopts what is made of it meanwhile in tasks from before, however that is reported', () => {
    const mesh = new SimulatedMesh();
    mesh.send({ type: 'JobExpected', jobId: 'j' });
    mesh.join('a', 1, { held: held([0]) });
    const task = { jobId: 'j', stage: 0, task: 1, attempt: 1, listing: '' };
    const run = { jobId: 'j', stage: 0, first: 2, count: 1, attempt: 1, listing: '' };
    const done = [{ run, sizes: [9], runUs: 20 }];
    const effects = [
      ...mesh.send({ type: 'TaskDone', workerId: 'a', task, bytes: 7, objects: 0 }),
      ...mesh.send({ type: 'TasksEnded', workerId: 'a', done, returned: [{ ...run, first: 3 }] }),
    ];
    assert.deepEqual(effects, []);
    accept(mesh);
    const table = mesh.state.jobs.get('j')!.stages[0].tasks!;
    assert.deepEqual(
      [0, 1, 2, 3].map((each) => table.bytesOf(each)),
      [8, 7, 9, 0],
    );
  });

  it('is not forgotten when a task from before fails meanwhile', () => {
    const mesh = new SimulatedMesh();
    mesh.send({ type: 'JobExpected', jobId: 'j' });
    mesh.join('a', 1, { held: held([0]) });
    const task = { jobId: 'j', stage: 0, task: 1, attempt: 1, listing: '' };
    const failed = { type: 'TaskFailed', workerId: 'a', task, error: oops, retryable: true } as const;
    assert.deepEqual(mesh.send(failed), []);
    accept(mesh);
    assert.equal(mesh.state.jobs.get('j')!.stages[0].tasks!.counts[taskStates.held], 1);
  });

  it('has blocks forgotten that turn out to be of another plan', () => {
    const mesh = new SimulatedMesh();
    mesh.send({ type: 'JobExpected', jobId: 'j' });
    mesh.join('a', 1, { held: held([0], 'another plan') });
    const forgets = accept(mesh).filter(({ type }) => type === 'SendForget');
    assert.deepEqual(forgets, [{ type: 'SendForget', workerId: 'a', jobId: 'j', stages: [] }]);
    mesh.drain();
    assert.equal(mesh.state.jobs.get('j')?.phase, 'succeeded');
  });
});
