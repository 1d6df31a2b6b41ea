import { asHyperslabError } from '@hyperslab/errors';
import { StageKind } from '@hyperslab/proto/expression';
import type { ObjectStore } from '@hyperslab/storage';
import type { Logger } from '@hyperslab/telemetry';
import { type Fence, unfenced } from '../lead/fence.ts';
import type { JobRun } from '../state/scheduler-state.ts';

/** A task that was about to store a block when its job ended has done so by then. */
const onceMoreMs = 10_000;

/** What may be set. */
export interface StoredArraysOptions {
  /** Until it is looked once more for what a last task stored, milliseconds. */
  afterMs?: number;
  fence?: Fence;
}

/** The objects of published arrays, as far as nobody will ever read them. */
export class StoredArrays {
  readonly #objects: ObjectStore;
  readonly #log: Logger;
  readonly #onceMoreMs: number;
  readonly #fence: Fence;
  readonly #closed = new AbortController();
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(
    objects: ObjectStore,
    log: Logger,
    { afterMs = onceMoreMs, fence = unfenced }: StoredArraysOptions = {},
  ) {
    this.#objects = objects;
    this.#log = log;
    this.#onceMoreMs = afterMs;
    this.#fence = fence;
  }

  /** Deletes what the tasks of a job have stored, and once more a while later. */
  discard(job: JobRun): void {
    if (!job.plan.stages.some(({ kind }) => kind === StageKind.STAGE_KIND_STORE)) return;
    this.#delete(job.id);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#delete(job.id);
    }, this.#onceMoreMs);
    this.#timers.add(timer);
  }

  async close(): Promise<void> {
    this.#closed.abort();
    for (const timer of this.#timers) clearTimeout(timer);
    await this.#objects.close();
  }

  #delete(jobId: string): void {
    this.#deleteAll(`arrays/${jobId}/`).catch((error) => {
      if (this.#closed.signal.aborted) return;
      this.#log.warn(
        { err: asHyperslabError(error), job: jobId },
        'could not delete what a publish had stored',
      );
    });
  }

  async #deleteAll(prefix: string): Promise<void> {
    const { signal } = this.#closed;
    const store = this.#objects.url.endsWith('/') ? this.#objects.url : `${this.#objects.url}/`;
    for await (const { url } of this.#objects.list(prefix, signal)) {
      // Another leader may be running the job again.
      this.#fence();
      await this.#objects.delete(decodeURIComponent(url.slice(store.length)), signal);
    }
  }
}
