import { HyperslabError } from '@hyperslab/errors';
import type { WatchClusterRequest } from '@hyperslab/proto/scheduler';
import { clusterResolutions } from './cluster-series.ts';
import type { Resolution } from './series.ts';
import { workerResolutions } from './worker-series.ts';

const day = 86_400;
const mostInUpdate = 1_000;
const intervals = { shortest: 1_000, longest: 60_000 };
const defaults = { events: 200, endedJobs: 100 };

/** What a watcher wants, checked and complete. */
export interface WatchWishes {
  historySeconds: number;
  /** Of the points of the cluster, and of those of the workers; these are absent where nobody wants them. */
  resolutionSeconds: number;
  workerResolutionSeconds?: number;
  /** Whose points are wanted. */
  wantsWorker: (workerId: string) => boolean;
  intervalMs: number;
  taskRecords: number;
  events: number;
  endedJobs: number;
  /** What it has from before. */
  epoch: string;
  afterEvent: number;
  afterTask: number;
}

/** @throws HyperslabError INVALID_ARGUMENT */
export function watchWishes(request: WatchClusterRequest): WatchWishes {
  const { historySeconds, resolutionSeconds, intervalMs, workerHistory, workerIds } = request;
  within('history_seconds', historySeconds, 0, day);
  if (intervalMs !== 0) within('interval_ms', intervalMs, intervals.shortest, intervals.longest);
  for (const field of ['taskRecords', 'events', 'endedJobs'] as const) {
    const name = field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    within(name, request[field], 0, mostInUpdate);
  }
  const offered = clusterResolutions.map(({ seconds }) => seconds as number);
  if (resolutionSeconds !== 0 && !offered.includes(resolutionSeconds))
    throw refused(`resolution_seconds is ${resolutionSeconds}, expected one of ${offered.join(', ')}`);
  const only = new Set(workerIds);
  return {
    historySeconds,
    resolutionSeconds: resolutionSeconds || finestReaching(clusterResolutions, historySeconds),
    workerResolutionSeconds: workerHistory ? finestReaching(workerResolutions, historySeconds) : undefined,
    wantsWorker: (workerId) => only.size === 0 || only.has(workerId),
    intervalMs: intervalMs || intervals.shortest,
    taskRecords: request.taskRecords,
    events: request.events || defaults.events,
    endedJobs: request.endedJobs || defaults.endedJobs,
    epoch: request.epoch,
    afterEvent: request.afterEvent,
    afterTask: request.afterTask,
  };
}

/** The finest resolution that reaches back so far, or the one that reaches furthest. */
function finestReaching(resolutions: readonly Resolution[], seconds: number): number {
  const found = resolutions.find((resolution) => resolution.seconds * resolution.kept >= seconds);
  return (found ?? resolutions[resolutions.length - 1]).seconds;
}

function within(name: string, value: number, least: number, most: number): void {
  if (value < least || value > most) throw refused(`${name} is ${value}, expected ${least} to ${most}`);
}

function refused(what: string): HyperslabError {
  return new HyperslabError('INVALID_ARGUMENT', `watch cluster: ${what}`);
}
