import { JobState, type SchedulerEvent } from '@hyperslab/proto/scheduler';

/** What an event changes. */
export type Change = NonNullable<SchedulerEvent['change']>;

interface Entry {
  publish: boolean;
  accepted: number;
  ended?: number;
}

/**
 * Knows which events give the jobs back that a restart needs, by their numbers: publishes and persisted results that
 * are not over, and the latest publishes that are. Plain computations and inspections are submitted again by whoever
 * wants them.
 */
export class JobLedger {
  readonly #remembered: number;
  readonly #jobs = new Map<string, Entry>();
  /** Publishes that are over, oldest first. */
  readonly #over = new Set<string>();

  /** @param remembered how many publishes that are over are kept */
  constructor(remembered: number) {
    this.#remembered = remembered;
  }

  add({ sequence, change }: SchedulerEvent): void {
    if (change?.$case === 'accepted') {
      const { jobId, request } = change.value;
      this.#forget(jobId);
      const publish = request?.$case === 'publish';
      if (publish || (request?.$case === 'compute' && request.value.persist))
        this.#jobs.set(jobId, { publish, accepted: sequence });
      return;
    }
    const entry = this.#jobs.get(change?.value.jobId ?? '');
    if (change === undefined || entry === undefined) return;
    const { jobId } = change.value;
    if (entry.publish && change.$case === 'ended') this.#end(jobId, entry, sequence);
    else if (entry.publish) return;
    else if (change.$case === 'ended' && change.value.state === JobState.JOB_STATE_SUCCEEDED)
      entry.ended = sequence;
    else this.#forget(jobId);
  }

  /** Whether a restart needs to know of a change. */
  concerns(change: Change): boolean {
    if (change.$case !== 'accepted') return this.#jobs.has(change.value.jobId);
    const { request } = change.value;
    return request?.$case === 'publish' || (request?.$case === 'compute' && request.value.persist);
  }

  /** Numbers of the events that are needed. */
  kept(): Set<number> {
    const kept = new Set<number>();
    for (const { accepted, ended } of this.#jobs.values()) {
      kept.add(accepted);
      if (ended !== undefined) kept.add(ended);
    }
    return kept;
  }

  #end(jobId: string, entry: Entry, sequence: number): void {
    entry.ended = sequence;
    this.#over.add(jobId);
    for (const oldest of this.#over) {
      if (this.#over.size <= this.#remembered) break;
      this.#forget(oldest);
    }
  }

  #forget(jobId: string): void {
    this.#jobs.delete(jobId);
    this.#over.delete(jobId);
  }
}
