import type { ClusterUpdate } from '@hyperslab/proto/scheduler';
import type { ClusterMessage } from './messages.ts';
import { eventView, jobView, pointView, scalingView, taskView, totalsView, workerView } from './views.ts';
import type { WorkerRateTable } from './worker-rates.ts';

/** An update of the scheduler as a message to the page. */
export function readUpdate(update: ClusterUpdate, rates: WorkerRateTable): ClusterMessage {
  const time = update.time?.getTime() ?? Date.now();
  for (const id of update.workersGone) rates.forget(id);
  return {
    complete: update.complete,
    problem: '',
    time,
    totals: update.totals && totalsView(update.totals),
    workers: update.workers.map((worker) => workerView(worker, rates.update(worker))),
    workersGone: update.workersGone,
    jobs: update.jobs.map(jobView),
    jobsGone: update.jobsGone,
    resolution: update.resolutionSeconds,
    points: update.points.map((point) => pointView(point, update.resolutionSeconds || 1)),
    tasks: update.tasks.map(taskView),
    tasksLeftOut: update.tasksLeftOut,
    events: update.events.map(eventView),
    scaling: update.scaling && scalingView(update.scaling),
  };
}
