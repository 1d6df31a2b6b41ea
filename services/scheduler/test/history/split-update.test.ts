import assert from 'node:assert/strict';
import { ClusterUpdate, Job, type TaskRecord, WorkerHistory } from '@hyperslab/proto/scheduler';
import { splitUpdate } from '../../src/history/split-update.ts';

describe('an update that is too large for a message', () => {
  it('comes in parts that any client takes, with all that was in it', () => {
    const update = ClusterUpdate.fromPartial({
      epoch: 'e',
      complete: true,
      totals: { tasksDone: 7 },
      jobs: Array.from({ length: 1_000 }, (_, n) =>
        Job.fromPartial({ jobId: `j${n}`, description: 'x'.repeat(500) }),
      ),
      workerHistory: Array.from({ length: 1000 }, (_, n) =>
        WorkerHistory.fromPartial({
          workerId: `w${n}`,
          points: Array.from({ length: 180 }, () => ({ time: new Date(), rss: 1e9, cpuSeconds: 1 })),
        }),
      ),
      tasks: [{ number: 1 } as TaskRecord],
    });
    const parts = [...splitUpdate(update)];
    for (const part of parts) {
      assert.ok(ClusterUpdate.encode(part).finish().length < 3 * 2 ** 20);
      assert.equal(part.totals?.tasksDone, 7);
    }
    assert.deepEqual(
      parts.map(({ more }) => more),
      parts.map((_, at) => at < parts.length - 1),
    );
    assert.deepEqual(
      parts.flatMap(({ jobs }) => jobs),
      update.jobs,
    );
    assert.deepEqual(
      parts.flatMap(({ workerHistory }) => workerHistory),
      update.workerHistory,
    );
    assert.equal(parts.flatMap(({ tasks }) => tasks).length, 1);
  });

  it('is one message when it fits, also when there is nothing in it', () => {
    const parts = [...splitUpdate(ClusterUpdate.fromPartial({ epoch: 'e' }))];
    assert.deepEqual(
      parts.map(({ epoch, more }) => [epoch, more]),
      [['e', false]],
    );
  });
});
