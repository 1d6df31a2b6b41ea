import type { Cluster, WorkerInfo } from '@hyperslab/proto/scheduler';
import type { History } from '../history/history.ts';
import type { SchedulerState, WorkerRun } from '../state/scheduler-state.ts';

/** The workers that are connected, by address, and how much waits for them. */
export function clusterView(state: SchedulerState, history: History): Cluster {
  const { tasksQueued, tasksRunning, queuedSlotSeconds, heldBytes } = history.totals();
  const workers = [...state.workers.values()]
    .map(workerInfo)
    .sort((a, b) => (a.address < b.address ? -1 : 1));
  return { workers, tasksQueued, tasksRunning, queuedSlotSeconds, heldBytes, scaling: history.scaling };
}

/** A worker as people see it. */
export function workerInfo(worker: WorkerRun): WorkerInfo {
  const { id, address, slots, kernelVersion, draining, running, report, connectedMs } = worker;
  return {
    workerId: id,
    address,
    slots,
    kernelVersion,
    draining,
    running: Math.min(running.size, slots),
    report,
    connected: new Date(connectedMs),
  };
}
