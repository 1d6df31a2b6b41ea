import { type Client, connect } from '@hyperslab/client';
import { StageKind } from '@hyperslab/proto/expression';
import type { TaskRecord, WorkerInfo } from '@hyperslab/proto/scheduler';
import { type Counted, countedBy, grown } from './counted.ts';

/** Workers report each second, and the scheduler tells of it each second: what happened is told after so long. */
export const toldMs = 2_500;
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
  /** All that there ever were: what those that are gone have counted stays counted. */
  readonly #workers = new Map<string, WorkerInfo>();
  #present = 0;
  /** From the start of the workers on, as it was told. */
  readonly #counted: { atMs: number; counted: Counted }[] = [];

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

  /** How many workers there are now. */
  get workers(): number {
    return this.#present;
  }

  /** What the workers counted between two times, as far as it was told by these. */
  countedBetween(fromMs: number, toMs: number): Counted {
    const told = (byMs: number) => this.#counted.findLast(({ atMs }) => atMs <= byMs)!.counted;
    return grown(told(fromMs), told(toMs));
  }

  /** Tasks that ended between two times. */
  tasksBetween(fromMs: number, toMs: number): TaskRecord[] {
    return this.#records.filter(({ end }) => end!.getTime() >= fromMs && end!.getTime() <= toMs);
  }

  async #follow(): Promise<void> {
    const options = { taskRecords, events: 1, endedJobs: 1, signal: this.#stopped.signal };
    try {
      for await (const { totals, workers, tasks } of this.#client.watchCluster(options)) {
        this.#present = totals!.workers;
        for (const worker of workers) this.#workers.set(worker.workerId, worker);
        this.#counted.push({ atMs: Date.now(), counted: countedBy([...this.#workers.values()]) });
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
