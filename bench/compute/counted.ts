import type { WorkerInfo, WorkerReport } from '@hyperslab/proto/scheduler';

/** What workers count from their start on, and how a report has it. */
const counters = {
  storageSeconds: (report: WorkerReport) => report.storageSeconds,
  storageBytes: (report: WorkerReport) => report.storageBytesRead,
  cpuSeconds: (report: WorkerReport) => report.cpuMs / 1000,
  /** Of blocks that one worker got from another. */
  movedBytes: (report: WorkerReport) => report.networkReceived,
  /** In which blocks were on their way to a worker; several at once count once. */
  movingSeconds: (report: WorkerReport) => report.receivingSeconds,
};

/** What some workers counted, added up. */
export type Counted = Record<keyof typeof counters, number>;

/** What went from worker to worker for a job. */
export interface Moved {
  bytes: number;
  /** Of the job's time, in which blocks were on their way to a worker: the mean of the workers. Other tasks may compute meanwhile. */
  share: number;
}

/** What workers have counted, as far as their last reports tell. */
export function countedBy(workers: readonly WorkerInfo[]): Counted {
  return ofEach((name) =>
    workers.reduce((sum, { report }) => sum + (report === undefined ? 0 : counters[name](report)), 0),
  );
}

/** What was counted between. */
export function grown(before: Counted, after: Counted): Counted {
  return ofEach((name) => after[name] - before[name]);
}

/** What moved each time, of what so many workers counted while a job was done several times, which took so long. */
export function movedOf(counted: Counted, workers: number, seconds: readonly number[]): Moved {
  const total = seconds.reduce((sum, each) => sum + each, 0);
  return { bytes: counted.movedBytes / seconds.length, share: counted.movingSeconds / workers / total };
}

/** In words: what workers counted, a part of it for each of `repeats`. */
export function describeCounted(counted: Counted, repeats: number): string {
  const storage = (counted.storageSeconds / repeats).toFixed(2);
  const megabytes = (counted.storageBytes / repeats / 1e6).toFixed(0);
  const cpu = (counted.cpuSeconds / repeats).toFixed(2);
  return `reads of storage ${storage} s, ${megabytes} MB; processor time of the workers ${cpu} s`;
}

function ofEach(value: (name: keyof Counted) => number): Counted {
  const names = Object.keys(counters) as (keyof Counted)[];
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Counted;
}
