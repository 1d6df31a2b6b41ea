import type { Cluster } from '@hyperslab/proto/scheduler';
import type { SchedulerState } from '../state/scheduler-state.ts';
import { taskStates } from '../state/task-table.ts';

/**
 * The workers that are connected, by address, and how much waits for them. A worker is handed a few tasks more than it
 * has slots, so that the next is there when one is done: these wait too.
 */
export function clusterView(state: SchedulerState): Cluster {
  const workers = [...state.workers.values()]
    .map(({ id, address, slots, running, report, connectedMs }) => ({
      workerId: id,
      address,
      slots,
      running: Math.min(running.size, slots),
      report,
      connected: new Date(connectedMs),
    }))
    .sort((a, b) => (a.address < b.address ? -1 : 1));
  let tasksQueued = 0;
  for (const { running, slots } of state.workers.values()) tasksQueued += Math.max(0, running.size - slots);
  for (const jobs of state.turns.values()) {
    for (const { stages } of jobs) {
      for (const { tasks } of stages) tasksQueued += tasks?.counts[taskStates.waiting] ?? 0;
    }
  }
  return { workers, tasksQueued };
}
