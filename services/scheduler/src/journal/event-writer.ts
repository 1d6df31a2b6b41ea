import { setTimeout as sleep } from 'node:timers/promises';
import { asHyperslabError, HyperslabError } from '@hyperslab/errors';
import type { SchedulerEvent } from '@hyperslab/proto/scheduler';
import type { Logger } from '@hyperslab/telemetry';
import type { EventFile } from './event-file.ts';
import type { Change } from './job-ledger.ts';

/** Between two tries to write to a disk that is full. */
const retryMs = 500;
/** Events that share one write. */
const mostTogether = 1_000;
/** What no restart needs is written together with what comes within so long: a small job is three events, of which each write takes the disk and the backup. */
const gatherMs = 25;

interface Waiting {
  change: Change;
  time: Date;
  /** Absent for what nobody waits for. */
  answer?: { resolve: (event: SchedulerEvent) => void; reject: (error: unknown) => void };
}

/**
 * Numbers events and writes them, those that come together with one fsync. While the disk refuses them, those who wait
 * for theirs are told so, and what nobody waits for is tried again until it is written.
 */
export class EventWriter {
  readonly #file: EventFile;
  readonly #log: Logger;
  readonly #onWritten: () => void;
  readonly #closed = new AbortController();
  #waiting: Waiting[] = [];
  /** Somebody waits for one of them, or a restart needs it. */
  #urgent = false;
  #writing: Promise<void> | undefined;
  /** Ends when the file is nobody's any more. */
  #turn: Promise<unknown> = Promise.resolve();
  #failure: HyperslabError | undefined;
  #wake: () => void = () => undefined;

  constructor(file: EventFile, log: Logger, onWritten: () => void) {
    this.#file = file;
    this.#log = log;
    this.#onWritten = onWritten;
  }

  /** Why the last write failed; undefined when it did not. */
  get failure(): HyperslabError | undefined {
    return this.#failure;
  }

  /** Resolves with the event when it is on the disk. @throws HyperslabError DISK_FULL, STORAGE_UNAVAILABLE */
  write(change: Change): Promise<SchedulerEvent> {
    return new Promise((resolve, reject) =>
      this.#add({ change, time: new Date(), answer: { resolve, reject } }),
    );
  }

  /** Has an event written soon; on a full disk, only if a restart needs it. */
  writeBehind(change: Change): void {
    if (this.#failure === undefined || this.#file.ledger.concerns(change))
      this.#add({ change, time: new Date() });
  }

  /** Does something to the file while nothing is written. */
  exclusively<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(act);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  /** Writes what waits, tries that once, and refuses the rest. */
  async close(): Promise<void> {
    this.#closed.abort();
    this.#wake();
    await this.#writing;
    await this.#turn;
  }

  #add(waiting: Waiting): void {
    if (this.#closed.signal.aborted) {
      waiting.answer?.reject(
        new HyperslabError('UNAVAILABLE', 'journal: the scheduler is stopping; try again'),
      );
      return;
    }
    this.#waiting.push(waiting);
    const isNeeded = this.#failure === undefined && this.#file.ledger.concerns(waiting.change);
    if (waiting.answer || isNeeded) {
      this.#urgent = true;
      this.#wake();
    }
    this.#writing ??= this.#writeAll();
  }

  async #writeAll(): Promise<void> {
    // What is added in the same turn of the event loop goes with it.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      if (!this.#urgent) await this.#rest(gatherMs);
      await this.exclusively(() => this.#writeGroup(this.#waiting.splice(0, mostTogether)));
      if (this.#waiting.length === 0) this.#urgent = false;
      if (this.#failure === undefined) continue;
      if (this.#closed.signal.aborted) break;
      await this.#rest(retryMs);
    }
    for (const { answer } of this.#waiting.splice(0)) answer?.reject(this.#failure);
    this.#writing = undefined;
  }

  async #writeGroup(group: Waiting[]): Promise<void> {
    const events = group.map(({ change, time }, at) => ({
      sequence: this.#file.last + 1 + at,
      time,
      change,
    }));
    try {
      await this.#file.append(events);
    } catch (error) {
      if (this.#failure === undefined) this.#log.error({ err: error }, 'the journal can not be written');
      this.#failure = asHyperslabError(error);
      for (const { answer } of group) answer?.reject(error);
      const { ledger } = this.#file;
      this.#waiting.unshift(...group.filter(({ answer, change }) => !answer && ledger.concerns(change)));
      return;
    }
    if (this.#failure !== undefined) this.#log.info('the journal is written again');
    this.#failure = undefined;
    for (const [at, { answer }] of group.entries()) answer?.resolve(events[at]);
    this.#onWritten();
  }

  /** Waits so long, or until an event comes that can't. */
  #rest(durationMs: number): Promise<unknown> {
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    return Promise.race([
      woken,
      sleep(durationMs, undefined, { signal: this.#closed.signal }).catch(() => undefined),
    ]);
  }
}
