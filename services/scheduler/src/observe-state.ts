import { type Metrics, metricNames } from '@hyperslab/telemetry';
import type { JobPhase, SchedulerState } from './state/scheduler-state.ts';
import { clusterView } from './workers/cluster-view.ts';

const phases: readonly JobPhase[] = ['running', 'committing', 'succeeded', 'failed', 'cancelled'];

/** Shows the state as metrics, each counted when it is asked for. */
export function observeState(metrics: Metrics, state: SchedulerState): void {
  metrics.gauge(...metricNames.schedulerWorkers).observe(() => state.workers.size);
  metrics.gauge(...metricNames.schedulerTasksQueued).observe(() => clusterView(state).tasksQueued);
  const jobs = metrics.gauge(...metricNames.schedulerJobs);
  for (const phase of phases) {
    jobs.observe(() => [...state.jobs.values()].filter((job) => job.phase === phase).length, { phase });
  }
}
