import assert from 'node:assert/strict';
import type { TaskRun } from '@hyperslab/proto/scheduler';
import fc from 'fast-check';
import { taskStates } from '../../src/state/task-table.ts';
import { chain, definition } from './example-plans.ts';
import { SimulatedMesh } from './simulated-mesh.ts';

/** A job of so many tasks that is known to take so long for each, and one worker. */
function meshWith(tasks: number, taskUs: number, slots = 2): SimulatedMesh {
  const mesh = new SimulatedMesh();
  mesh.join('a', slots);
  mesh.send({ type: 'JobAccepted', job: definition('j', 'compute', chain(tasks)) });
  mesh.finishTogether('a', 1, taskUs);
  return mesh;
}

describe('tasks that end together', () => {
  it('are answered by one message, with as many tasks again', () => {
    const mesh = meshWith(100_000, 100);
    const given = mesh.workers.get('a')!.queue.length;
    const effects = mesh.send({
      type: 'TasksEnded',
      workerId: 'a',
      done: [
        { run: run(1, 2), sizes: [8], runUs: 200 },
        { run: run(3, 200), sizes: [8], runUs: 20_000 },
      ],
      returned: [],
    });
    assert.deepEqual(
      effects.map(({ type }) => type),
      ['TasksCounted', 'TasksCounted', 'JobChanged', 'SendTasks'],
    );
    assert.equal(mesh.workers.get('a')!.queue.length, given + 202);
    assert.deepEqual(
      effects.flatMap((effect) => (effect.type === 'SendTasks' ? effect.runs : [])),
      [run(given + 1, 202)],
    );
  });

  it('are many ahead when they are short, and few when they are long', () => {
    const ahead = (taskUs: number) => meshWith(100_000, taskUs).workers.get('a')!.queue.length;
    assert.equal(ahead(60_000_000), 3);
    assert.equal(ahead(25_000), 3);
    // 37.5 ms of work for each slot, in steps of two.
    assert.equal(ahead(781), 3 * 32);
    assert.equal(ahead(1), 3 * 1024);
  });

  it('make room for other jobs as they end, however many wait', () => {
    const mesh = meshWith(100_000, 100);
    mesh.send({ type: 'JobAccepted', job: definition('k', 'compute', chain(2)) });
    // Its turn is after that of the job that was there before.
    for (const ofOther of [0, 1]) {
      mesh.finishTogether('a', 130, 100);
      const jobs = mesh.workers.get('a')!.queue.map(({ jobId }) => jobId);
      assert.equal(jobs.filter((job) => job === 'k').length, ofOther);
    }
  });

  it('leave room for a caller of whose tasks none runs, and for one of his tasks only', () => {
    const mesh = meshWith(100_000, 25_000, 4);
    const tasksOf = (job: string) => mesh.workers.get('a')!.queue.filter(({ jobId }) => jobId === job).length;
    const before = tasksOf('j');
    mesh.send({ type: 'JobAccepted', job: definition('k', 'compute', chain(2), 'bob') });
    mesh.send({ type: 'JobAccepted', job: definition('l', 'compute', chain(2), 'bob') });
    assert.deepEqual([tasksOf('j'), tasksOf('k'), tasksOf('l')], [before, 1, 0]);
    // There is one place for all guests of a worker.
    mesh.send({ type: 'JobAccepted', job: definition('m', 'compute', chain(2), 'carol') });
    assert.equal(tasksOf('m'), 0);
    mesh.join('b', 1);
    assert.equal(
      mesh.workers.get('b')!.queue.some(({ jobId }) => jobId === 'm'),
      true,
    );
  });

  it('are shared by the workers to the end of a stage', () => {
    const mesh = new SimulatedMesh();
    mesh.join('a', 1);
    mesh.join('b', 1);
    mesh.send({ type: 'JobAccepted', job: definition('j', 'compute', chain(1_000)) });
    mesh.finishTogether('a', 1, 20);
    const [a, b] = ['a', 'b'].map((id) => mesh.workers.get(id)!.queue.length);
    assert.ok(a + b > 990 && Math.abs(a - b) < 300, `${a} and ${b}`);
  });

  it('count once, whatever is reported of them', () => {
    const mesh = meshWith(50, 25_000, 4);
    const [first] = mesh.workers.get('a')!.queue;
    const done = [
      { run: run(first.task, 2), sizes: [5, 7], runUs: 2 },
      { run: run(first.task, 2), sizes: [8], runUs: 2 },
      { run: { ...run(first.task + 2, 1), attempt: 2 }, sizes: [8], runUs: 2 },
      { run: run(40, 5), sizes: [8], runUs: 2 },
    ];
    mesh.send({ type: 'TasksEnded', workerId: 'a', done, returned: [run(first.task, 2), run(0, 1)] });
    const table = mesh.state.jobs.get('j')!.stages[0].tasks!;
    assert.equal(table.counts[taskStates.held], 3);
    assert.equal(table.heldBytes, 8 + 5 + 7);
    assert.equal(mesh.history.totals().tasksDone, 3);
    assert.deepEqual(
      mesh.history.tasks.after(1, 10).map(({ task, bytes }) => [task, bytes]),
      [
        [first.task, 5],
        [first.task + 1, 7],
      ],
    );
  });

  it('wait again without blame when they are returned', () => {
    const mesh = meshWith(100, 1);
    mesh.stop('a', 3);
    const table = mesh.state.jobs.get('j')!.stages[0].tasks!;
    assert.deepEqual([...table.counts], [96, 3, 1, 0]);
    assert.equal(table.failuresOf(50) + table.lossesOf(50), 0);
    mesh.join('b', 2);
    assert.equal(mesh.workers.get('b')!.queue.length, 96);
    assert.ok(mesh.workers.get('b')!.queue.every(({ attempt }) => attempt === 2));
    mesh.drain();
    assert.equal(mesh.state.jobs.get('j')?.phase, 'succeeded');
  });

  it('may be any runs at all: the state stays sound', () => {
    const anyRun = fc.record({
      jobId: fc.constantFrom('j', 'k', 'x'),
      stage: fc.nat(3),
      first: fc.oneof(fc.nat(40), fc.maxSafeNat()),
      count: fc.oneof(fc.nat(40), fc.constant(2 ** 32 - 1)),
      attempt: fc.nat(2),
      listing: fc.constant(''),
    });
    const anyDone = fc.record({
      run: fc.option(anyRun, { nil: undefined }),
      sizes: fc.array(fc.maxSafeNat(), { maxLength: 6 }),
      runUs: fc.maxSafeNat(),
    });
    const report = fc.record({ done: fc.array(anyDone), returned: fc.array(anyRun) });
    fc.assert(
      fc.property(fc.array(report, { maxLength: 6 }), (reports) => {
        const mesh = new SimulatedMesh();
        mesh.join('a', 8);
        mesh.send({ type: 'JobAccepted', job: definition('j', 'compute', chain(30, 2)) });
        mesh.send({ type: 'JobAccepted', job: definition('k', 'persist', chain(5)) });
        for (const each of reports) mesh.send({ type: 'TasksEnded', workerId: 'a', ...each });
      }),
    );
  });
});

function run(first: number, count: number): TaskRun {
  return { jobId: 'j', stage: 0, first, count, attempt: 1, listing: '' };
}
