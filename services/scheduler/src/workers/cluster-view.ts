import type { Cluster, WorkerInfo } from '@hyperslab/proto/scheduler';
import { expectedSeconds } from '../state/pace.ts';
import { hasEnded, type SchedulerState, type WorkerRun } from '../state/scheduler-state.ts';
import { taskStates } from '../state/task-table.ts';

/**
 * The workers that are connected, by address, and how much waits for them. A worker is handed a few tasks more than it
 * has slots, so that the next is there when one is done: these wait too.
 */
export function clusterView(state: SchedulerState): Omit<Cluster, 'scaling'> {
  const workers = [...state.workers.values()]
    .map(workerInfo)
    .sort((a, b) => (a.address < b.address ? -1 : 1));
  let tasksQueued = 0;
  let tasksRunning = 0;
  for (const { running, slots } of state.workers.values()) {
    tasksQueued += Math.max(0, running.size - slots);
    tasksRunning += Math.min(running.size, slots);
  }
  let queuedSlotSeconds = 0;
  let heldBytes = 0;
  for (const job of state.jobs.values()) {
    const isKept = job.kind === 'persist' || !hasEnded(job);
    let open = 0;
    for (const { tasks } of job.stages) {
      if (tasks === undefined) continue;
      tasksQueued += tasks.counts[taskStates.waiting];
      open += tasks.counts[taskStates.waiting] + tasks.counts[taskStates.running];
      if (isKept) heldBytes += tasks.heldBytes;
    }
    queuedSlotSeconds += open * expectedSeconds(job);
  }
  return { workers, tasksQueued, tasksRunning, queuedSlotSeconds, heldBytes };
}

function workerInfo(worker: WorkerRun): WorkerInfo {
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
