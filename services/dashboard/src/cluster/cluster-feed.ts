import { setTimeout as delay } from 'node:timers/promises';
import { asHyperslabError } from '@hyperslab/errors';
import type { ClusterUpdate, WatchClusterRequest } from '@hyperslab/proto/scheduler';
import { backoffMs } from '@hyperslab/rpc';
import type { Logger } from '@hyperslab/telemetry';
import { emptyMessage, most } from './merge-messages.ts';
import { MessageLog } from './message-log.ts';
import { readUpdate } from './read-update.ts';
import { WorkerRateTable } from './worker-rates.ts';

/** Opens the scheduler's stream. */
export type WatchCluster = (
  request: WatchClusterRequest,
  signal: AbortSignal,
) => AsyncIterable<ClusterUpdate>;

/** Someone who opens a page again soon finds it as it was; the scheduler need not tell for nobody for longer. */
const idleMs = 30_000;
const reconnect = { firstMs: 250, longestMs: 5_000 };

const request: WatchClusterRequest = {
  historySeconds: most.historyMs / 1000,
  resolutionSeconds: 10,
  intervalMs: 1_000,
  workerHistory: false,
  workerIds: [],
  taskRecords: 500,
  events: most.events,
  endedJobs: most.endedJobs,
  epoch: '',
  afterEvent: 0,
  afterTask: 0,
};

/**
 * What the scheduler tells of the cluster, for all pages: one stream while there is a page, however many there are. A
 * stream that breaks is opened again; until then the pages are told why.
 */
export class ClusterFeed {
  readonly log = new MessageLog();
  readonly #watch: WatchCluster;
  readonly #logger: Logger;
  #viewers = 0;
  #running: AbortController | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(watch: WatchCluster, logger: Logger) {
    this.#watch = watch;
    this.#logger = logger;
  }

  /** How many pages follow. */
  get viewers(): number {
    return this.#viewers;
  }

  /** Begins to follow for a page; the answer ends that, once. */
  join(): () => void {
    this.#viewers++;
    clearTimeout(this.#idle);
    if (this.#running === undefined) {
      this.#running = new AbortController();
      void this.#run(this.#running.signal);
    }
    return () => {
      if (--this.#viewers === 0) this.#idle = setTimeout(() => this.stop(), idleMs).unref();
    };
  }

  /** Ends the stream. */
  stop(): void {
    clearTimeout(this.#idle);
    this.#running?.abort();
    this.#running = undefined;
  }

  async #run(signal: AbortSignal): Promise<void> {
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        const rates = new WorkerRateTable();
        for await (const update of this.#watch(request, signal)) {
          this.log.add(readUpdate(update, rates));
          attempt = 0;
        }
      } catch (error) {
        if (signal.aborted) return;
        const { message, reason } = asHyperslabError(error);
        this.#logger.warn({ reason }, `the cluster can't be followed: ${message}`);
        this.log.add({ ...emptyMessage(Date.now()), problem: message });
      }
      await delay(backoffMs(Math.max(1, attempt), reconnect), undefined, { signal }).catch(() => {});
    }
  }
}
