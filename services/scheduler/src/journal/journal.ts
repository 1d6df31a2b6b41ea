import { setTimeout as sleep } from 'node:timers/promises';
import { asHyperslabError, HyperslabError } from '@hyperslab/errors';
import type { SchedulerEvent } from '@hyperslab/proto/scheduler';
import { backoffMs } from '@hyperslab/rpc';
import type { Logger } from '@hyperslab/telemetry';
import { isSharedHistory, takeTail } from './backup-history.ts';
import type { BackupLink } from './backup-link.ts';
import { eventBatches } from './event-batches.ts';
import { EventFile } from './event-file.ts';
import { EventWriter } from './event-writer.ts';
import type { Change } from './job-ledger.ts';
import { type JournalledJob, recoverJobs } from './recover-jobs.ts';

const retry = { firstMs: 100, longestMs: 2_000 };

/** What may be set. */
export interface JournalOptions {
  /** How many publishes that are over are still needed after a restart. */
  rememberedJobs: number;
  /** The file is written anew when it has grown by so many events that nobody needs, or by so many bytes. */
  compactAfter: { events: number; bytes: number };
  /**
   * Schedulers take turns: what one sent last may reach the backup when another has taken over. Its events stay, and
   * those of ours that nobody was told of follow them.
   */
  othersMayWrite?: boolean;
}

/**
 * The scheduler's durable events: a local file, and the backup. What is on the disk is sent to the backup, in order, and
 * is acknowledged when it is there. Whichever of the two lacks events gets them; the backup keeps all, the file what a
 * restart needs.
 */
export class Journal {
  readonly #file: EventFile;
  readonly #writer: EventWriter;
  readonly #backup: BackupLink;
  readonly #log: Logger;
  readonly #options: JournalOptions;
  readonly #closed = new AbortController();
  /** Events up to `sequence`, which end at `end` in the file or later, are in the backup; undefined when it must be asked. */
  #shipped: { sequence: number; end: number } | undefined;
  /** Last event of which is known that the backup has it too. */
  #common: number;
  /** The backup was heard since the start: events that follow are numbered behind its own. */
  #heard = false;
  #waiters: { event: SchedulerEvent; resolve: () => void; reject: (error: unknown) => void }[] = [];
  #shipping: Promise<void> | undefined;
  #broken: HyperslabError | undefined;
  /** How large the file was when it was last written anew. */
  #compacted: { events: number; bytes: number };
  #onRestored: () => void = () => undefined;

  private constructor(file: EventFile, backup: BackupLink, log: Logger, options: JournalOptions) {
    this.#file = file;
    this.#backup = backup;
    this.#log = log;
    this.#options = options;
    this.#common = file.last;
    this.#compacted = { events: file.ledger.kept().size, bytes: 0 };
    this.#writer = new EventWriter(file, log, () => this.#ship());
  }

  /** Opens the journal and asks the backup whether it knows more. Without a local file it waits for the backup. */
  static async open(
    path: string,
    backup: BackupLink,
    log: Logger,
    signal: AbortSignal,
    options: JournalOptions,
  ): Promise<Journal> {
    const journal = new Journal(await EventFile.open(path, options.rememberedJobs), backup, log, options);
    for (let attempt = 1; journal.#shipped === undefined && journal.#broken === undefined; attempt++) {
      try {
        journal.#shipped = await journal.#align(signal);
        await journal.#compactWhereDue();
      } catch (error) {
        signal.throwIfAborted();
        if (journal.#file.last > 0) break;
        if (!asHyperslabError(error).retryable && attempt > 5) throw error;
        if (attempt === 1)
          log.warn({ err: error }, 'no local journal, and the backup does not answer; waiting for it');
        await sleep(backoffMs(attempt, retry), undefined, { signal });
      }
    }
    return journal;
  }

  /** Begins to send events. `onRestored` is called when the backup turned out to know jobs that the file did not. */
  start(onRestored: () => void): void {
    this.#onRestored = onRestored;
    this.#ship();
  }

  /** The jobs that a restart needs, read from the file. */
  jobs(): AsyncGenerator<JournalledJob, void, undefined> {
    return recoverJobs(this.#neededEvents());
  }

  /** Why events can't be made durable; undefined when they can. */
  get problem(): string | undefined {
    return (this.#broken ?? this.#writer.failure)?.message;
  }

  /**
   * Resolves when the event is on the disk and in the backup. It may stay in the journal even when the wait fails.
   * @throws HyperslabError UNAVAILABLE when the backup does not take it before `signal` aborts, DISK_FULL, JOURNAL_CONFLICT
   */
  async append(change: Change, signal: AbortSignal): Promise<void> {
    if (this.#broken) throw this.#broken;
    await this.#inBackup(await this.#writer.write(change), signal);
  }

  /** Has an event written soon, and waits for nothing. */
  appendBehind(change: Change): void {
    if (this.#broken === undefined) this.#writer.writeBehind(change);
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#shipping;
    await this.#writer.close();
    await this.#file.close();
  }

  async *#neededEvents(): AsyncGenerator<SchedulerEvent> {
    const kept = this.#file.ledger.kept();
    for await (const { event } of this.#file.events()) if (kept.has(event.sequence)) yield event;
  }

  #inBackup(event: SchedulerEvent, signal: AbortSignal): Promise<void> {
    if (this.#broken) return Promise.reject(this.#broken);
    return new Promise((resolve, reject) => {
      const late = () => {
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
        const message = 'metadata backup: it did not take the request in time; is it running? try again';
        reject(new HyperslabError('UNAVAILABLE', message, {}, signal.reason));
      };
      const settle =
        <T>(act: (value: T) => void) =>
        (value: T) => {
          signal.removeEventListener('abort', late);
          act(value);
        };
      const waiter = { event, resolve: settle(resolve), reject: settle(reject) };
      this.#waiters.push(waiter);
      if (signal.aborted) late();
      else signal.addEventListener('abort', late, { once: true });
      this.#acknowledge();
    });
  }

  #ship(): void {
    if (this.#closed.signal.aborted) return;
    this.#shipping ??= this.#shipAll();
  }

  async #shipAll(): Promise<void> {
    const { signal } = this.#closed;
    for (let attempt = 1; !signal.aborted && !this.#broken; ) {
      try {
        this.#shipped ??= await this.#align(signal);
        this.#acknowledge();
        if (this.#shipped.sequence < this.#file.last) await this.#shipFrom(this.#shipped, signal);
        await this.#compactWhereDue();
        attempt = 1;
        if (this.#shipped.sequence >= this.#file.last) break;
      } catch (error) {
        if (signal.aborted || this.#broken) break;
        // The backup may have come back empty, or may have taken what it could not acknowledge: it is asked where it is.
        this.#shipped = undefined;
        if (attempt === 1)
          this.#log.warn({ err: asHyperslabError(error) }, 'the backup does not take events; trying again');
        await sleep(backoffMs(attempt++, retry), undefined, { signal }).catch(() => undefined);
      }
    }
    this.#shipping = undefined;
  }

  async #shipFrom({ sequence, end }: { sequence: number; end: number }, signal: AbortSignal): Promise<void> {
    for await (const batch of eventBatches(this.#file.events(end), sequence)) {
      await this.#backup.append(batch.events, signal);
      this.#shipped = { sequence: batch.events[batch.events.length - 1].sequence, end: batch.end };
      this.#common = this.#shipped.sequence;
      this.#acknowledge();
    }
  }

  /** Finds out how far the backup is, and takes from it what the file lacks. */
  async #align(signal: AbortSignal): Promise<{ sequence: number; end: number }> {
    const position = await this.#backup.position(signal);
    await this.#writer.exclusively(async () => {
      const last = this.#file.last;
      if (await isSharedHistory(this.#file, this.#backup, Math.min(position, last), signal)) {
        if (position > last) await this.#restore(last, position, signal);
      } else {
        // What was written since the start, before the backup was heard, may be numbered again.
        const mayDiffer = !this.#heard || this.#options.othersMayWrite === true;
        const shared = this.#common;
        if (
          !mayDiffer ||
          position <= shared ||
          !(await isSharedHistory(this.#file, this.#backup, shared, signal))
        )
          throw this.#fail(position);
        await this.#restore(shared, position, signal);
      }
      this.#heard = true;
      this.#common = Math.min(position, this.#file.last);
    });
    return { sequence: position, end: 0 };
  }

  async #restore(shared: number, position: number, signal: AbortSignal): Promise<void> {
    await takeTail(this.#file, this.#backup, shared, position, signal);
    for (const { event } of this.#waiters) if (event.sequence > shared) event.sequence += position - shared;
    this.#log.warn({ events: position - shared }, 'the backup had events that the local journal had not');
    this.#onRestored();
  }

  /** Leaves out what nobody needs and the backup has. */
  async #compactWhereDue(): Promise<void> {
    const { events, bytes } = this.#options.compactAfter;
    const grownBy = this.#file.count - this.#compacted.events;
    if (grownBy < events && this.#file.length - this.#compacted.bytes < bytes) return;
    await this.#writer.exclusively(async () => {
      const before = this.#file.count;
      try {
        await this.#file.replace(this.#neededOrNew(this.#shipped?.sequence ?? 0));
        this.#log.info({ before, after: this.#file.count }, 'journal written anew');
      } catch (error) {
        this.#log.warn({ err: error }, 'could not write the journal anew; it goes on growing');
      }
      this.#compacted = { events: this.#file.count, bytes: this.#file.length };
      if (this.#shipped !== undefined) this.#shipped.end = 0;
    });
  }

  async *#neededOrNew(shipped: number): AsyncGenerator<SchedulerEvent> {
    const kept = this.#file.ledger.kept();
    const { last } = this.#file;
    for await (const { event } of this.#file.events()) {
      const { sequence } = event;
      // The last one says where numbers go on.
      if (kept.has(sequence) || sequence > shipped || sequence === last) yield event;
    }
  }

  #acknowledge(): void {
    const shipped = this.#shipped?.sequence ?? 0;
    const done = this.#waiters.filter(({ event }) => event.sequence <= shipped);
    this.#waiters = this.#waiters.filter(({ event }) => event.sequence > shipped);
    for (const { resolve } of done) resolve();
  }

  #fail(position: number): HyperslabError {
    this.#broken = new HyperslabError(
      'JOURNAL_CONFLICT',
      `journal: its events are not those of the backup, which has ${position} where the local file has ${this.#file.last}; ` +
        'is it the backup of another mesh? Give the scheduler its own, or move the local file away to restore it from this one',
    );
    this.#log.error({ err: this.#broken }, 'the journal takes no more events');
    for (const { reject } of this.#waiters.splice(0)) reject(this.#broken);
    return this.#broken;
  }
}
