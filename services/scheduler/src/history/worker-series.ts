import type { WorkerPoint, WorkerReport } from '@hyperslab/proto/scheduler';
import type { PointRing, SeriesPoint } from './point-ring.ts';
import { Series } from './series.ts';

const counted = ['cpuSeconds', 'storageBytes', 'networkSent', 'networkReceived'] as const;
const means = ['rss', 'blockBytes', 'cacheBytes', 'tasksRunning'] as const;
const fields = [...counted, ...means];

/** Half an hour and 6 hours: 22 kB a worker. */
export const workerResolutions = [
  { seconds: 10, kept: 180 },
  { seconds: 60, kept: 360 },
] as const;

/** What a worker did between two of its reports. */
export interface WorkerProgress {
  cpuSeconds: number;
  storageBytes: number;
  storageRequests: number;
  storageErrors: number;
  storageSeconds: number;
  networkSent: number;
  networkReceived: number;
}

/** What happened between two reports of a worker: reports count from its start, and never down. */
export function progressBetween(before: WorkerReport, now: WorkerReport): WorkerProgress {
  const grown = (name: keyof WorkerReport) => Math.max(0, now[name] - before[name]);
  return {
    cpuSeconds: grown('cpuMs') / 1000,
    storageBytes: grown('storageBytesRead'),
    storageRequests: grown('storageRequests'),
    storageErrors: grown('storageErrors'),
    storageSeconds: grown('storageSeconds'),
    networkSent: grown('networkSent'),
    networkReceived: grown('networkReceived'),
  };
}

/** The past of one worker, in single precision and coarse: there may be a thousand. */
export class WorkerSeries {
  readonly #series = new Series({
    counted: counted.length,
    means: means.length,
    resolutions: workerResolutions,
    precision: 'single',
  });

  add(nowMs: number, progress: WorkerProgress, report: WorkerReport): void {
    const values = { ...progress, ...report };
    this.#series.add(
      nowMs,
      fields.map((name) => values[name]),
    );
  }

  points(seconds: number): PointRing {
    return this.#series.points(seconds);
  }
}

/** A point as it is sent. */
export function workerPoint({ timeMs, values }: SeriesPoint): WorkerPoint {
  const named = Object.fromEntries(fields.map((name, at) => [name, values[at]]));
  return { time: new Date(timeMs), ...(named as Omit<WorkerPoint, 'time'>) };
}
