import assert from 'node:assert/strict';
import { WaitingTasks } from '../../src/link/waiting-tasks.ts';

function run(jobId: string, first: number, count: number, stage = 0) {
  return { jobId, stage, first, count, attempt: 1, listing: '' };
}

describe('tasks that wait for room', () => {
  it('come in turns of their jobs, each in its order', () => {
    const waiting = new WaitingTasks();
    waiting.add(run('a', 0, 1000));
    waiting.add(run('a', 2000, 2));
    waiting.add(run('b', 7, 3));
    assert.equal(waiting.size, 1005);
    const taken = [300, 1, 800, 9, 1, 5].map((most) => waiting.take(most));
    assert.deepEqual(taken, [
      run('a', 0, 300),
      run('b', 7, 1),
      run('a', 300, 700),
      run('b', 8, 2),
      run('a', 2000, 1),
      run('a', 2001, 1),
    ]);
    assert.equal(waiting.take(1), undefined);
    assert.equal(waiting.size, 0);
  });

  it('can be taken back, of a job, some of its stages, or all', () => {
    const waiting = new WaitingTasks();
    for (const [job, stage] of [
      ['a', 0],
      ['a', 1],
      ['b', 0],
    ] as const)
      waiting.add(run(job, 0, 5, stage));
    assert.deepEqual(waiting.remove('a', [1]), [run('a', 0, 5, 1)]);
    assert.equal(waiting.size, 10);
    waiting.add(run('c', 1, 1));
    assert.deepEqual(waiting.remove('b'), [run('b', 0, 5)]);
    assert.deepEqual(waiting.remove('nobody'), []);
    assert.deepEqual(waiting.removeAll(), [run('a', 0, 5), run('c', 1, 1)]);
    assert.deepEqual([waiting.size, waiting.next()], [0, undefined]);
  });
});
