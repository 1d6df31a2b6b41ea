import { type Metrics, metricNames } from '@hyperslab/telemetry';
import type { History } from './history/history.ts';
import type { JobPhase, SchedulerState } from './state/scheduler-state.ts';

const phases: readonly JobPhase[] = ['running', 'committing', 'succeeded', 'failed', 'cancelled'];

/** Shows the state as metrics, each counted when it is asked for. */
export function observeState(metrics: Metrics, state: SchedulerState, history: History): void {
  metrics.gauge(...metricNames.schedulerWorkers).observe(() => state.workers.size);
  metrics.gauge(...metricNames.schedulerSlots).observe(() => openSlots(state));
  metrics.gauge(...metricNames.schedulerTasksQueued).observe(() => history.totals().tasksQueued);
  metrics.gauge(...metricNames.schedulerTasksRunning).observe(() => history.totals().tasksRunning);
  metrics.gauge(...metricNames.schedulerQueuedWork).observe(() => history.totals().queuedSlotSeconds);
  metrics.gauge(...metricNames.schedulerHeldBytes).observe(() => history.totals().heldBytes);
  metrics.gauge(...metricNames.schedulerQueueSeconds).observe(() => queueSeconds(state, Date.now()));
  const jobs = metrics.gauge(...metricNames.schedulerJobs);
  for (const phase of phases) {
    jobs.observe(() => [...state.jobs.values()].filter((job) => job.phase === phase).length, { phase });
  }
}

function openSlots(state: SchedulerState): number {
  return [...state.workers.values()].reduce((sum, { slots, draining }) => (draining ? sum : sum + slots), 0);
}

/** Jobs are in the order of their acceptance: the first that waits has waited longest. */
function queueSeconds({ jobs }: SchedulerState, now: number): number {
  for (const { phase, tasksStarted, acceptedMs } of jobs.values())
    if (phase === 'running' && tasksStarted === 0) return (now - acceptedMs) / 1000;
  return 0;
}
