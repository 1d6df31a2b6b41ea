import type { Cluster } from '@hyperslab/proto/scheduler';
import type { SchedulerState } from '../state/scheduler-state.ts';
import { taskStates } from '../state/task-table.ts';

/** The workers that are connected, by address, and how much waits for them. */
export function clusterView(state: SchedulerState): Cluster {
  const workers = [...state.workers.values()]
    .map(({ id, address, slots, running, report, connectedMs }) => ({
      workerId: id,
      address,
      slots,
      running: running.size,
      report,
      connected: new Date(connectedMs),
    }))
    .sort((a, b) => (a.address < b.address ? -1 : 1));
  let tasksQueued = 0;
  for (const jobs of state.turns.values()) {
    for (const { stages } of jobs) {
      for (const { tasks } of stages) tasksQueued += tasks?.counts[taskStates.waiting] ?? 0;
    }
  }
  return { workers, tasksQueued };
}
