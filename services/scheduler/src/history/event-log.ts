import type { ClusterEvent } from '@hyperslab/proto/scheduler';

/** Of each kind: what happens to jobs, which may be very many, pushes nothing else out. */
const kept = 1_000;

/** An event before it has its number. */
export type Happening = Partial<ClusterEvent> & Pick<ClusterEvent, 'kind' | 'message'>;

/** What happened lately, numbered from 1. */
export class EventLog {
  /** Number of the latest event. */
  latest = 0;
  readonly #ofJobs: ClusterEvent[] = [];
  readonly #others: ClusterEvent[] = [];

  add(nowMs: number, happening: Happening): void {
    this.latest++;
    const event: ClusterEvent = {
      workerId: '',
      jobId: '',
      jobState: 0,
      blocks: 0,
      published: '',
      ...happening,
      number: this.latest,
      time: new Date(nowMs),
    };
    const events = event.jobId === '' ? this.#others : this.#ofJobs;
    events.push(event);
    if (events.length > kept) events.shift();
  }

  /** The latest events after a number, at most so many, oldest first. */
  after(number: number, most: number): ClusterEvent[] {
    const later = [this.#ofJobs, this.#others].flatMap((events) => tail(events, number, most));
    return later.sort((a, b) => a.number - b.number).slice(-most);
  }
}

/** Events after a number, from the end: there are few that a watcher does not have. */
function tail(events: readonly ClusterEvent[], number: number, most: number): ClusterEvent[] {
  let from = events.length;
  while (from > 0 && events.length - from < most && events[from - 1].number > number) from--;
  return events.slice(from);
}
