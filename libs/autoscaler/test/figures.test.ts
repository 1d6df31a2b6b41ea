import assert from 'node:assert/strict';
import { readConfig } from '@hyperslab/config';
import type { Cluster, WorkerInfo } from '@hyperslab/proto/scheduler';
import { figuresOf, scalingSettings } from '../src/index.ts';

function worker(slots: number, memoryLimit: number, draining = false): WorkerInfo {
  const report = { memoryLimit } as WorkerInfo['report'];
  return {
    workerId: 'w',
    address: 'h:1',
    slots,
    running: 0,
    report,
    connected: undefined,
    draining,
    kernelVersion: '',
  };
}

const cluster: Cluster = {
  workers: [],
  tasksQueued: 3,
  tasksRunning: 2,
  queuedSlotSeconds: 2.5,
  heldBytes: 7,
  scaling: undefined,
};

describe('what the autoscaler takes of the cluster', () => {
  it('counts workers that stay apart from those that go, and takes the smallest', () => {
    const workers = [worker(4, 2 ** 31), worker(2, 2 ** 30), worker(1, 2 ** 20, true)];
    const figures = figuresOf({ ...cluster, workers });
    assert.deepEqual([figures.workers, figures.draining], [2, 1]);
    assert.deepEqual(figures.size, { slots: 2, memoryBytes: 2 ** 30 });
  });

  it('knows no size while no worker has told its own', () => {
    assert.equal(figuresOf(cluster).size, undefined);
    assert.equal(figuresOf({ ...cluster, workers: [worker(4, 0)] }).size, undefined);
  });

  it('reads its settings, and refuses a most below the fewest', () => {
    const env = {
      HYPERSLAB_AUTOSCALE_MIN: '0',
      HYPERSLAB_AUTOSCALE_MAX: '7',
      HYPERSLAB_AUTOSCALE_TARGET: '1m',
    };
    const { min, max, targetMs } = scalingSettings(readConfig(env));
    assert.deepEqual([min, max, targetMs], [0, 7, 60_000]);
    const wrong = readConfig({ HYPERSLAB_AUTOSCALE_MIN: '8', HYPERSLAB_AUTOSCALE_MAX: '7' });
    assert.throws(
      () => scalingSettings(wrong),
      /at most 7 are fewer than at least 8; raise HYPERSLAB_AUTOSCALE_MAX/,
    );
    for (const text of ['0', '-1', '1']) {
      assert.throws(() => readConfig({ HYPERSLAB_AUTOSCALE_TARGET: text }), /HYPERSLAB_AUTOSCALE_TARGET/);
    }
  });
});
