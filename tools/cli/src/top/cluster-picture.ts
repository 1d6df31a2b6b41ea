import { ratesBetween, type WorkerRates } from '@hyperslab/client';
import type {
  ClusterEvent,
  ClusterPoint,
  ClusterTotals,
  ClusterUpdate,
  Job,
  ScalingDecision,
  WorkerInfo,
} from '@hyperslab/proto/scheduler';

const keptPoints = 120;
const keptEvents = 100;

/** A worker, and what it does each second; unknown before its second report. */
export interface SeenWorker {
  info: WorkerInfo;
  rates?: WorkerRates;
}

/** The cluster as it is by now: updates put together. */
export interface ClusterPicture {
  timeMs: number;
  epoch: string;
  totals: ClusterTotals;
  /** By identity. */
  workers: Map<string, SeenWorker>;
  jobs: Map<string, Job>;
  /** Of the last two minutes at most, oldest first. */
  points: ClusterPoint[];
  resolutionSeconds: number;
  /** The latest, oldest first. */
  events: ClusterEvent[];
  scaling?: ScalingDecision;
}

/** The picture after an update: what is gone is left out, what is new is added. */
export function withUpdate(before: ClusterPicture | undefined, update: ClusterUpdate): ClusterPicture {
  const timeMs = update.time?.getTime() ?? 0;
  // The messages of a complete update follow each other; only the first of them begins anew.
  const anew = before === undefined || (update.complete && before.timeMs !== timeMs);
  const workers = new Map(anew ? [] : before.workers);
  const jobs = new Map(anew ? [] : before.jobs);
  for (const id of update.workersGone) workers.delete(id);
  for (const id of update.jobsGone) jobs.delete(id);
  for (const info of update.workers) workers.set(info.workerId, seen(workers.get(info.workerId), info));
  for (const job of update.jobs) jobs.set(job.jobId, job);
  return {
    timeMs,
    epoch: update.epoch,
    totals: update.totals ?? noTotals,
    workers,
    jobs,
    points: [...(before?.points ?? []), ...update.points].slice(-keptPoints),
    resolutionSeconds: update.resolutionSeconds,
    events: [...(before?.events ?? []), ...update.events].slice(-keptEvents),
    scaling: update.scaling,
  };
}

const noTotals: ClusterTotals = {
  workers: 0,
  slots: 0,
  tasksQueued: 0,
  tasksRunning: 0,
  queuedSlotSeconds: 0,
  heldBytes: 0,
  jobsRunning: 0,
  tasksDone: 0,
  tasksFailed: 0,
  wantedWorkers: 0,
};

function seen(before: SeenWorker | undefined, info: WorkerInfo): SeenWorker {
  const [was, is] = [before?.info.report, info.report];
  if (was === undefined || is === undefined) return { info };
  // A worker is told of, too, when only its tasks have changed.
  return { info, rates: is.uptimeMs > was.uptimeMs ? ratesBetween(was, is) : before?.rates };
}
