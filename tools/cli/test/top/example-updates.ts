import { ClusterUpdate, type DeepPartial } from '@hyperslab/proto/scheduler';

const mebibyte = 2 ** 20;

/** An update of a cluster with one worker, `second` seconds after its start. */
export function update(second: number, wishes: DeepPartial<ClusterUpdate> = {}): ClusterUpdate {
  const whole: DeepPartial<ClusterUpdate> = {
    time: new Date(second * 1000),
    epoch: 'e',
    complete: second === 0,
    totals: {
      workers: 1,
      slots: 4,
      tasksRunning: 2,
      tasksQueued: 40,
      tasksDone: second * 10,
      jobsRunning: 1,
    },
    workers: [workerAt(second)],
    jobs:
      second === 0
        ? [{ jobId: 'j', kind: 1, state: 2, tasks: 100, tasksDone: 25, description: 'mean(t)' }]
        : [],
    resolutionSeconds: 1,
    points: [{ time: new Date(second * 1000), storageBytes: second * mebibyte, cpuSeconds: 1.5 }],
    ...wishes,
  };
  return ClusterUpdate.fromPartial(whole);
}

function workerAt(second: number) {
  return {
    workerId: 'w',
    address: '10.0.0.1:7403',
    slots: 4,
    running: 2,
    report: {
      rss: 400 * mebibyte,
      memoryLimit: 1000 * mebibyte,
      blockBytes: 100 * mebibyte,
      cacheBytes: 50 * mebibyte,
      bufferBytes: 50 * mebibyte,
      heapBytes: 100 * mebibyte,
      cpuMs: second * 750,
      networkSent: second * 2 * mebibyte,
      networkReceived: 0,
      storageBytesRead: second * mebibyte,
      uptimeMs: second * 1000,
    },
  };
}
