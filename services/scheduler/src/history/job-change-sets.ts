import { hasEnded, type JobRun, type SchedulerState } from '../state/scheduler-state.ts';

/** What one watcher has not been told of jobs. */
export interface WatchedJobs {
  /** Jobs that changed since the last time, and those among the known ones that are no longer remembered. */
  take(): { changed: JobRun[]; gone: string[] };
  close(): void;
}

interface Watcher {
  /** Jobs that it was told of; it is told when they are gone. */
  known: Set<string>;
  pending: Set<string>;
}

/**
 * Which watcher has to be told of which jobs: a set for each, which changes are handed to once a second. No set grows
 * beyond the jobs that are remembered and those that its watcher knows, however slow that one is.
 */
export class JobChangeSets {
  readonly #state: SchedulerState;
  readonly #changed = new Set<string>();
  readonly #watchers = new Set<Watcher>();

  constructor(state: SchedulerState) {
    this.#state = state;
  }

  /** Something about a job has changed, or it is forgotten. */
  changed(jobId: string): void {
    if (this.#watchers.size > 0) this.#changed.add(jobId);
  }

  /** Hands what has changed to the watchers. */
  distribute(): void {
    for (const jobId of this.#changed) {
      const remembered = this.#state.jobs.has(jobId);
      for (const { known, pending } of this.#watchers) {
        if (remembered || known.has(jobId)) pending.add(jobId);
        else pending.delete(jobId);
      }
    }
    this.#changed.clear();
  }

  /** Begins to watch: first come the jobs that have not ended, and the latest `ended` that have. */
  watch(ended: number): WatchedJobs {
    const jobs = [...this.#state.jobs.values()];
    const over = jobs.filter(hasEnded).sort((a, b) => (a.endedMs ?? 0) - (b.endedMs ?? 0));
    const shown = new Set(ended === 0 ? [] : over.slice(-ended));
    const pending = jobs.filter((job) => !hasEnded(job) || shown.has(job)).map(({ id }) => id);
    const watcher: Watcher = { known: new Set(), pending: new Set(pending) };
    this.#watchers.add(watcher);
    return { take: () => this.#take(watcher), close: () => this.#watchers.delete(watcher) };
  }

  #take({ known, pending }: Watcher): { changed: JobRun[]; gone: string[] } {
    this.distribute();
    const changed: JobRun[] = [];
    const gone: string[] = [];
    for (const jobId of pending) {
      const job = this.#state.jobs.get(jobId);
      if (job !== undefined) {
        changed.push(job);
        known.add(jobId);
      } else if (known.delete(jobId)) gone.push(jobId);
    }
    pending.clear();
    return { changed, gone };
  }
}
