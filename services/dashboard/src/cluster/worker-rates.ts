import type { WorkerInfo, WorkerReport } from '@hyperslab/proto/scheduler';
import type { WorkerRates } from './messages.ts';

interface Seen {
  report: WorkerReport;
  atMs: number;
  rates: WorkerRates;
}

const idle: WorkerRates = { cpu: 0, storageBytes: 0, storageReads: 0, sent: 0, received: 0 };

/** What workers did a second, from two reports of each that count since it started. */
export class WorkerRateTable {
  readonly #seen = new Map<string, Seen>();

  /** The rates of a worker with its report at a time, since the one before. */
  update({ workerId, report }: WorkerInfo, atMs: number): WorkerRates {
    const before = this.#seen.get(workerId);
    if (report === undefined) return before?.rates ?? idle;
    // The same report again, because something else about the worker changed.
    if (before !== undefined && before.report.cpuMs === report.cpuMs && before.report.rss === report.rss)
      return before.rates;
    const seconds = before === undefined ? 0 : (atMs - before.atMs) / 1000;
    const rates = before !== undefined && seconds > 0 ? ratesOf(before.report, report, seconds) : idle;
    this.#seen.set(workerId, { report, atMs, rates });
    return rates;
  }

  /** Forgets a worker that is gone. */
  forget(workerId: string): void {
    this.#seen.delete(workerId);
  }
}

function ratesOf(before: WorkerReport, now: WorkerReport, seconds: number): WorkerRates {
  const rate = (
    field: 'storageBytesRead' | 'storageRequests' | 'networkSent' | 'networkReceived' | 'cpuMs',
  ) => Math.max(0, now[field] - before[field]) / seconds;
  return {
    cpu: rate('cpuMs') / 1000,
    storageBytes: rate('storageBytesRead'),
    storageReads: rate('storageRequests'),
    sent: rate('networkSent'),
    received: rate('networkReceived'),
  };
}
