import type { WorkerReport } from '@hyperslab/proto/scheduler';

/** What a worker does, each second. */
export interface WorkerRates {
  /** Processor time: 1 is one core. */
  cores: number;
  networkSent: number;
  networkReceived: number;
  storageBytes: number;
  storageReads: number;
}

/** The rates between two reports of one life of a worker, of which the second is later by the worker's own clock. */
export function ratesBetween(before: WorkerReport, now: WorkerReport): WorkerRates {
  const seconds = (now.uptimeMs - before.uptimeMs) / 1000;
  const rate = (was: number, is: number) => Math.max(0, is - was) / seconds;
  return {
    cores: rate(before.cpuMs, now.cpuMs) / 1000,
    networkSent: rate(before.networkSent, now.networkSent),
    networkReceived: rate(before.networkReceived, now.networkReceived),
    storageBytes: rate(before.storageBytesRead, now.storageBytesRead),
    storageReads: rate(before.storageRequests, now.storageRequests),
  };
}
