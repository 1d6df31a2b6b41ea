import { setTimeout as sleep } from 'node:timers/promises';
import { asHyperslabError, HyperslabError } from '@hyperslab/errors';
import { SchedulerEvent } from '@hyperslab/proto/scheduler';
import { backoffMs } from '@hyperslab/rpc';
import type { Logger } from '@hyperslab/telemetry';
import type { BackupLink } from './backup-link.ts';
import { JournalFile } from './journal-file.ts';

/** What an event changes. */
export type Change = NonNullable<SchedulerEvent['change']>;

/** Events that go to the backup in one call. */
const batchEvents = 256;
const retry = { firstMs: 100, longestMs: 2_000 };

/**
 * The scheduler's durable events: a local file, and the backup. The local file comes first, so the backup is never
 * ahead of it; a lost file is filled again from the backup, an emptied backup from the file.
 */
export class Journal {
  readonly #file: JournalFile;
  readonly #backup: BackupLink;
  readonly #log: Logger;
  readonly #closed = new AbortController();
  /** Events that the backup may not have, in order. */
  #unshipped: SchedulerEvent[];
  #last: number;
  /** Last event that is in the backup; undefined until it was asked. */
  #shipped: number | undefined;
  #waiters: { sequence: number; resolve: () => void; reject: (error: unknown) => void }[] = [];
  #shipping: Promise<void> | undefined;
  #broken: HyperslabError | undefined;

  private constructor(file: JournalFile, backup: BackupLink, log: Logger, events: SchedulerEvent[]) {
    this.#file = file;
    this.#backup = backup;
    this.#log = log;
    this.#unshipped = [...events];
    this.#last = events.at(-1)?.sequence ?? 0;
  }

  /** Opens the journal and answers its events. Without a local file it waits for the backup: it may know more. */
  static async open(
    path: string,
    backup: BackupLink,
    log: Logger,
    signal: AbortSignal,
  ): Promise<{ journal: Journal; events: SchedulerEvent[] }> {
    const { file, payloads } = await JournalFile.open(path);
    let events = payloads.map((payload) => SchedulerEvent.decode(payload));
    if (events.length === 0) {
      events = await restore(backup, log, signal);
      await Promise.all(events.map((event) => file.append(SchedulerEvent.encode(event).finish())));
    }
    const journal = new Journal(file, backup, log, events);
    journal.#ship();
    return { journal, events };
  }

  /** Why events can't be made durable; undefined when they can. */
  get problem(): string | undefined {
    return this.#broken?.message;
  }

  /**
   * Resolves when the event is on the disk and in the backup. It stays in the journal even when the wait fails.
   * @throws HyperslabError UNAVAILABLE when the backup does not take it before `signal` aborts, DISK_FULL, JOURNAL_CONFLICT
   */
  async append(change: Change, signal: AbortSignal): Promise<void> {
    const sequence = await this.#appendLocally(change);
    await this.#durable(sequence, signal);
  }

  /** Writes an event and does not wait for the backup. */
  async appendBehind(change: Change): Promise<void> {
    await this.#appendLocally(change);
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#shipping;
    await this.#file.close();
  }

  async #appendLocally(change: Change): Promise<number> {
    if (this.#broken) throw this.#broken;
    const event: SchedulerEvent = { sequence: ++this.#last, time: new Date(), change };
    // In this order whatever the disk does: numbers have no gaps.
    this.#unshipped.push(event);
    try {
      await this.#file.append(SchedulerEvent.encode(event).finish());
    } catch (error) {
      this.#fail(asHyperslabError(error));
      throw error;
    }
    this.#ship();
    return event.sequence;
  }

  #durable(sequence: number, signal: AbortSignal): Promise<void> {
    if (this.#broken) return Promise.reject(this.#broken);
    if ((this.#shipped ?? -1) >= sequence) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const waiter = { sequence, resolve, reject };
      this.#waiters.push(waiter);
      const late = () => {
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
        const message = 'metadata backup: it did not take the request in time; is it running? try again';
        reject(new HyperslabError('UNAVAILABLE', message, {}, signal.reason));
      };
      if (signal.aborted) late();
      else signal.addEventListener('abort', late, { once: true });
    });
  }

  #ship(): void {
    this.#shipping ??= this.#shipAll().finally(() => {
      this.#shipping = undefined;
    });
  }

  async #shipAll(): Promise<void> {
    const { signal } = this.#closed;
    for (let attempt = 1; !signal.aborted && !this.#broken; ) {
      try {
        this.#shipped ??= await this.#findPosition(signal);
        this.#drop(this.#shipped);
        const batch = this.#unshipped.slice(0, batchEvents);
        if (batch.length === 0) return;
        await this.#backup.append(batch, signal);
        this.#shipped = batch[batch.length - 1].sequence;
        this.#drop(this.#shipped);
        attempt = 1;
      } catch (error) {
        const failure = asHyperslabError(error);
        if (signal.aborted) return;
        // The backup may have come back empty, or may have taken what it could not acknowledge: it is asked where it is.
        // Events that it refuses although they follow what it has are in conflict for good.
        if (failure.reason === 'JOURNAL_CONFLICT' && (await this.#isAt(this.#shipped, signal)))
          return this.#fail(failure);
        this.#shipped = undefined;
        if (failure.reason === 'JOURNAL_CONFLICT') continue;
        if (attempt === 1) this.#log.warn({ err: failure }, 'the backup does not take events; trying again');
        await sleep(backoffMs(attempt++, retry), undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async #isAt(position: number | undefined, signal: AbortSignal): Promise<boolean> {
    if (position === undefined) return true;
    return (await this.#backup.position(signal).catch(() => Number.NaN)) === position;
  }

  async #findPosition(signal: AbortSignal): Promise<number> {
    const position = await this.#backup.position(signal);
    if (position > this.#last) {
      throw new HyperslabError(
        'JOURNAL_CONFLICT',
        `journal: the backup has ${position} events and the local file ${this.#last}; move the local file away to restore it from the backup`,
      );
    }
    const first = this.#unshipped[0]?.sequence ?? this.#last + 1;
    if (position + 1 < first) {
      this.#log.warn({ position }, 'the backup lost events; filling it again');
      const all = (await this.#file.readAll()).map((payload) => SchedulerEvent.decode(payload));
      this.#unshipped = [...all.filter(({ sequence }) => sequence < first), ...this.#unshipped];
    }
    return position;
  }

  #drop(shipped: number): void {
    while (this.#unshipped.length > 0 && this.#unshipped[0].sequence <= shipped) this.#unshipped.shift();
    const done = this.#waiters.filter(({ sequence }) => sequence <= shipped);
    this.#waiters = this.#waiters.filter(({ sequence }) => sequence > shipped);
    for (const { resolve } of done) resolve();
  }

  #fail(error: HyperslabError): void {
    this.#broken = error;
    this.#log.error({ err: error }, 'the journal takes no more events');
    for (const { reject } of this.#waiters.splice(0)) reject(error);
  }
}

async function restore(backup: BackupLink, log: Logger, signal: AbortSignal): Promise<SchedulerEvent[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      const events: SchedulerEvent[] = [];
      if ((await backup.position(signal)) > 0)
        for await (const event of backup.replay(1, signal)) events.push(event);
      if (events.length > 0) log.info({ events: events.length }, 'journal restored from the backup');
      return events;
    } catch (error) {
      signal.throwIfAborted();
      if (!asHyperslabError(error).retryable && attempt > 5) throw error;
      log.warn({ err: error }, 'no local journal, and the backup does not answer; waiting for it');
      await sleep(backoffMs(attempt, retry), undefined, { signal });
    }
  }
}
