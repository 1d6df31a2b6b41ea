import assert from 'node:assert/strict';
import fc from 'fast-check';
import { PagedColumn } from '../../src/state/paged-column.ts';
import { TaskTable, taskStates } from '../../src/state/task-table.ts';

/** More than a page of tasks. */
const count = 9_000;

describe('a table of tasks', () => {
  it('gives each task to one worker, in runs of one try', () => {
    const step = fc.record({
      worker: fc.nat(300),
      most: fc.integer({ min: 1, max: 4_000 }),
      returned: fc.boolean(),
      bytes: fc.constantFrom(8, 8, 8, 16, 2 ** 33),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const table = new TaskTable(count);
        const tries = new Map<number, number>();
        for (const { worker, most, returned, bytes } of steps) {
          const run = table.takeRun(worker, true, most);
          if (run === undefined) break;
          assert.ok(run.count >= 1 && run.count <= most);
          for (let task = run.first; task < run.first + run.count; task++) {
            assert.equal(table.stateOf(task), taskStates.running);
            assert.equal(table.workerOf(task), worker);
            tries.set(task, (tries.get(task) ?? 0) + 1);
            assert.equal(table.attemptOf(task), tries.get(task));
            assert.equal(run.attempt, tries.get(task));
            if (returned && task % 3 > 0) table.returnTask(task, task % 3 === 1 ? 'lost' : 'excused');
            else table.finish(task, bytes);
          }
          assert.equal(table.highestAttempt, Math.max(...tries.values()));
        }
        let held = 0;
        for (let task = 0; task < count; task++) held += table.bytesOf(task);
        assert.equal(held, table.heldBytes);
        while (table.takeRun(1, true, count) !== undefined);
        assert.equal(table.counts[taskStates.waiting], 0);
      }),
      { numRuns: 30 },
    );
  });

  it('knows a worker of any number, and numbers tries apart from those of the table that it replaces', () => {
    const table = new TaskTable(3);
    const last = 2 ** 29 - 2;
    assert.deepEqual(table.takeRun(last, false, 2), { first: 0, count: 2, attempt: 1 });
    table.finish(0, 2 ** 40);
    assert.deepEqual(
      [table.workerOf(0), table.stateOf(0), table.bytesOf(0)],
      [last, taskStates.held, 2 ** 32 - 1],
    );
    table.handOver(0, 0);
    assert.equal(table.workerOf(0), 0);
    table.free();
    assert.deepEqual([table.workerOf(0), table.bytesOf(0), table.heldBytes], [-1, 0, 0]);
    const next = new TaskTable(3, table);
    assert.deepEqual(next.takeRun(1, false, 9), { first: 0, count: 3, attempt: 258 });
  });

  it('has no rows of blocks that were given back, and makes them again with tries of higher numbers', () => {
    const table = new TaskTable(3);
    for (const expected of [1, 2]) {
      assert.deepEqual(table.takeRun(7, true, 9), { first: 0, count: 3, attempt: expected });
      for (const task of [0, 1, 2]) table.finish(task, 8);
      table.free();
      assert.deepEqual([...table.counts], [0, 0, 0, 3]);
      assert.deepEqual([table.stateOf(1), table.workerOf(1), table.heldBytes], [taskStates.freed, -1, 0]);
      assert.equal(table.complete, true);
      table.forEachOf(7, () => assert.fail('nobody holds any of it'));
      table.requireFreed();
      assert.deepEqual([...table.counts], [3, 0, 0, 0]);
      assert.deepEqual(table.returnedTasks(), []);
      assert.ok(table.isReachable(0));
    }
  });

  it('leaves a task to others where it failed', () => {
    const table = new TaskTable(4);
    table.takeRun(1, false, 3);
    for (const task of [0, 1, 2]) table.returnTask(task, task === 1 ? 'failed' : 'excused');
    assert.deepEqual(table.takeRun(1, false, 9), { first: 2, count: 1, attempt: 2 });
    assert.deepEqual(table.takeRun(1, false, 9), { first: 0, count: 1, attempt: 2 });
    assert.deepEqual(table.takeRun(1, false, 9), { first: 3, count: 1, attempt: 1 });
    assert.equal(table.takeRun(1, false, 9), undefined);
    assert.deepEqual(table.takeRun(2, false, 9), { first: 1, count: 1, attempt: 2 });
  });

  it('leaves a task to others where it failed that was taken ahead of its turn', () => {
    const table = new TaskTable(4);
    for (const task of [1, 2]) {
      table.takeTask(task, 7);
      table.returnTask(task, 'failed');
    }
    assert.deepEqual(table.takeRun(7, false, 9), { first: 0, count: 1, attempt: 1 });
    assert.deepEqual(table.takeRun(7, false, 9), { first: 3, count: 1, attempt: 1 });
    assert.equal(table.takeRun(7, false, 9), undefined);
    assert.deepEqual(table.takeRun(8, false, 9), { first: 1, count: 2, attempt: 2 });
  });

  it('does not run on into a task that failed there', () => {
    const table = new TaskTable(2);
    for (const [task, worker] of [
      [0, 8],
      [1, 7],
    ] as const) {
      table.takeTask(task, worker);
      table.returnTask(task, 'failed');
    }
    assert.deepEqual(table.takeRun(7, false, 9), { first: 0, count: 1, attempt: 2 });
    assert.equal(table.takeRun(7, false, 9), undefined);
    assert.deepEqual(table.takeRun(7, true, 9), { first: 1, count: 1, attempt: 2 });
  });
});

describe('a column in pages', () => {
  it('gives back what was set, and what all have before', () => {
    const sets = fc.array(fc.tuple(fc.nat(count - 1), fc.nat(3)), { maxLength: 40 });
    fc.assert(
      fc.property(sets, (all) => {
        const column = new PagedColumn(count, Uint8Array, 7);
        const bytes = new PagedColumn(count, Uint32Array, undefined);
        const model = new Map<number, number>();
        for (const [task, value] of all) {
          column.set(task, value);
          bytes.set(task, value);
          model.set(task, value);
        }
        for (const [task, value] of model)
          assert.deepEqual([column.get(task), bytes.get(task)], [value, value]);
        for (const task of [0, 4095, 4096, count - 1]) assert.equal(column.get(task), model.get(task) ?? 7);
      }),
    );
  });
});
