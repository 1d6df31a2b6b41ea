import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, connect } from '@hyperslab/client';
import { StageKind } from '@hyperslab/proto/expression';
import type { TaskRecord, WorkerInfo } from '@hyperslab/proto/scheduler';

/** What workers count from their start on, added up. */
interface Counted {
  storageSeconds: number;
  storageBytes: number;
  cpuSeconds: number;
}

/** Workers report each second, and the scheduler tells of it each second. */
const toldMs = 2_500;
/** Most that a watcher may ask for at once. */
const taskRecords = 1_000;

const kinds: Partial<Record<StageKind, string>> = {
  [StageKind.STAGE_KIND_EVALUATE]: 'evaluate',
  [StageKind.STAGE_KIND_EXCHANGE]: 'exchange',
  [StageKind.STAGE_KIND_REDUCE_PARTIAL]: 'reduce',
  [StageKind.STAGE_KIND_REDUCE_COMBINE]: 'combine',
};

/** Watches a mesh, to tell where the time of its jobs went. */
export class TimeWatch {
  readonly #client: Client;
  readonly #stopped = new AbortController();
  readonly #records: TaskRecord[] = [];
  readonly #workers = new Map<string, WorkerInfo>();

  constructor(client: Client) {
    this.#client = client;
  }

  /** Begins to watch the mesh of a state directory. */
  static async start(state: string): Promise<TimeWatch> {
    const watch = new TimeWatch(await connect({ state }));
    void watch.#follow();
    return watch;
  }

  stop(): void {
    this.#stopped.abort();
    this.#client.close();
  }

  /** What the workers have counted until now. */
  async counted(): Promise<Counted> {
    await sleep(toldMs);
    const sum = { storageSeconds: 0, storageBytes: 0, cpuSeconds: 0 };
    for (const { report } of this.#workers.values()) {
      sum.storageSeconds += report?.storageSeconds ?? 0;
      sum.storageBytes += report?.storageBytesRead ?? 0;
      sum.cpuSeconds += (report?.cpuMs ?? 0) / 1000;
    }
    return sum;
  }

  /** Tasks that ended between two times. */
  tasksBetween(fromMs: number, toMs: number): TaskRecord[] {
    return this.#records.filter(({ end }) => end!.getTime() >= fromMs && end!.getTime() <= toMs);
  }

  async #follow(): Promise<void> {
    const options = { taskRecords, events: 1, endedJobs: 1, signal: this.#stopped.signal };
    try {
      for await (const { workers, tasks } of this.#client.watchCluster(options)) {
        for (const worker of workers) this.#workers.set(worker.workerId, worker);
        this.#records.push(...tasks);
      }
    } catch (error) {
      if (!this.#stopped.signal.aborted) throw error;
    }
  }
}

/** In words: of each kind of stage how many tasks have records, how long they took together, and when the last ended. */
export function describeTasks(tasks: readonly TaskRecord[], fromMs: number, toMs: number): string {
  const byKind = Map.groupBy(tasks, ({ stageKind }) => kinds[stageKind] ?? 'other');
  const stages = [...byKind].map(([kind, of]) => {
    const took = of.reduce((sum, { start, end }) => sum + end!.getTime() - start!.getTime(), 0) / 1000;
    const until = (Math.max(...of.map(({ end }) => end!.getTime())) - fromMs) / 1000;
    return `${kind} ×${of.length} ${took.toFixed(2)} s, until ${until.toFixed(2)}`;
  });
  return [...stages, `values until ${((toMs - fromMs) / 1000).toFixed(2)}`].join('; ');
}

/** In words: what the workers counted between two times, a part of it for each of `repeats`. */
export function describeCounted(before: Counted, after: Counted, repeats: number): string {
  const each = (pick: (counted: Counted) => number) => (pick(after) - pick(before)) / repeats;
  const storage = each((counted) => counted.storageSeconds).toFixed(2);
  const megabytes = (each((counted) => counted.storageBytes) / 1e6).toFixed(0);
  const cpu = each((counted) => counted.cpuSeconds).toFixed(2);
  return `reads of storage ${storage} s, ${megabytes} MB; processor time of the workers ${cpu} s`;
}
