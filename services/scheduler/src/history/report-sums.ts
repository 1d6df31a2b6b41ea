import type { WorkerRun } from '../state/scheduler-state.ts';

/** What workers hold, by kind. */
export interface ReportSums {
  rss: number;
  heapBytes: number;
  blockBytes: number;
  cacheBytes: number;
  bufferBytes: number;
  spilledBytes: number;
}

/** What all workers hold together, as they reported last. */
export function reportSums(workers: Iterable<WorkerRun>): ReportSums {
  const sums = { rss: 0, heapBytes: 0, blockBytes: 0, cacheBytes: 0, bufferBytes: 0, spilledBytes: 0 };
  for (const { report } of workers) {
    if (report === undefined) continue;
    for (const kind of Object.keys(sums) as (keyof ReportSums)[]) sums[kind] += report[kind];
  }
  return sums;
}
