import type { WorkerReport } from '@hyperslab/proto/scheduler';
import { progressBetween, type WorkerProgress, WorkerSeries } from './worker-series.ts';

/** So many workers have points of their own at most: 45 MB. Those beyond are seen in the points of the cluster only. */
const mostSeries = 2_000;

interface KnownWorker {
  address: string;
  series?: WorkerSeries;
  report?: WorkerReport;
}

/** What is remembered of the workers that are connected. */
export class WorkersPast {
  readonly #workers = new Map<string, KnownWorker>();
  #series = 0;

  /** A worker connected; its past begins anew. */
  join(workerId: string, address: string): void {
    this.leave(workerId);
    const series = this.#series < mostSeries ? new WorkerSeries() : undefined;
    if (series !== undefined) this.#series++;
    this.#workers.set(workerId, { address, series });
  }

  /** A worker is gone; undefined when it was not known. */
  leave(workerId: string): KnownWorker | undefined {
    const worker = this.#workers.get(workerId);
    if (worker?.series !== undefined) this.#series--;
    this.#workers.delete(workerId);
    return worker;
  }

  /** What a worker did since its report before; undefined for its first, with which counting begins. */
  report(workerId: string, report: WorkerReport, nowMs: number): WorkerProgress | undefined {
    const worker = this.#workers.get(workerId);
    if (worker === undefined) return undefined;
    const progress = worker.report && progressBetween(worker.report, report);
    worker.report = report;
    if (progress !== undefined) worker.series?.add(nowMs, progress, report);
    return progress;
  }

  addressOf(workerId: string): string {
    return this.#workers.get(workerId)?.address ?? workerId;
  }

  /** Those that have points of their own. */
  *series(): Generator<[workerId: string, series: WorkerSeries]> {
    for (const [workerId, { series }] of this.#workers) if (series !== undefined) yield [workerId, series];
  }
}
