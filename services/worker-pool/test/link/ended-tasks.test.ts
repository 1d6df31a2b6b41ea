import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TasksEnded } from '@hyperslab/proto/scheduler';
import { EndedTasks } from '../../src/link/ended-tasks.ts';

function id(task: number, more: { jobId?: string; attempt?: number } = {}) {
  return { jobId: 'j', stage: 0, task, attempt: 1, listing: '', ...more };
}

describe('tasks that ended', () => {
  it('are said as runs, whatever their order, with a single size where all are alike', () => {
    const sent: TasksEnded[] = [];
    const ended = new EndedTasks((message) => sent.push(message));
    for (const task of [7, 3, 4, 5, 8]) ended.done(id(task), task < 6 ? 10 : task, 0.25);
    ended.done(id(6, { attempt: 2 }), 10, 1);
    ended.done(id(6, { jobId: 'i' }), 10, 1);
    ended.returned(id(21));
    ended.returned(id(20));
    ended.flush();
    const run = { jobId: 'j', stage: 0, attempt: 1, listing: '' };
    assert.deepEqual(sent, [
      {
        done: [
          { run: { ...run, jobId: 'i', first: 6, count: 1 }, sizes: [10], runUs: 1000 },
          { run: { ...run, first: 3, count: 3 }, sizes: [10], runUs: 750 },
          { run: { ...run, first: 7, count: 2 }, sizes: [7, 8], runUs: 500 },
          { run: { ...run, first: 6, count: 1, attempt: 2 }, sizes: [10], runUs: 1000 },
        ],
        returned: [{ ...run, first: 20, count: 2 }],
      },
    ]);
    ended.flush();
    assert.equal(sent.length, 1);
  });

  it('are said soon, together, and not when they were forgotten', async () => {
    const sent: TasksEnded[] = [];
    const ended = new EndedTasks((message) => sent.push(message));
    for (let task = 0; task < 100; task++) ended.done(id(task), 8, 0);
    assert.equal(sent.length, 0);
    while (sent.length === 0) await sleep(1);
    assert.equal(sent[0].done[0].run?.count, 100);
    ended.done(id(100), 8, 0);
    ended.clear();
    await sleep(20);
    assert.equal(sent.length, 1);
    ended.done(id(101), 8, 0);
    while (sent.length === 1) await sleep(1);
    assert.equal(sent[1].done[0].run?.first, 101);
  });
});
