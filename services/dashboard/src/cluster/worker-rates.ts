import { ratesBetween } from '@hyperslab/client';
import type { WorkerInfo, WorkerReport } from '@hyperslab/proto/scheduler';
import type { WorkerRates } from './messages.ts';

interface Seen {
  report: WorkerReport;
  rates: WorkerRates;
}

const idle: WorkerRates = { cpu: 0, storageBytes: 0, storageReads: 0, sent: 0, received: 0 };

/** What workers did a second, from two reports of each that count since it started. */
export class WorkerRateTable {
  readonly #seen = new Map<string, Seen>();

  /** The rates of a worker with its report, since the one before. */
  update({ workerId, report }: WorkerInfo): WorkerRates {
    const before = this.#seen.get(workerId);
    if (report === undefined) return before?.rates ?? idle;
    // The same report again, because something else about the worker changed.
    if (before?.report.uptimeMs === report.uptimeMs) return before.rates;
    // Who has run for less than before has been restarted.
    const goesOn = before !== undefined && report.uptimeMs > before.report.uptimeMs;
    const rates = goesOn ? ratesOf(before.report, report) : idle;
    this.#seen.set(workerId, { report, rates });
    return rates;
  }

  /** Forgets a worker that is gone. */
  forget(workerId: string): void {
    this.#seen.delete(workerId);
  }
}

function ratesOf(before: WorkerReport, now: WorkerReport): WorkerRates {
  const { cores, networkSent, networkReceived, storageBytes, storageReads } = ratesBetween(before, now);
  return { cpu: cores, storageBytes, storageReads, sent: networkSent, received: networkReceived };
}
