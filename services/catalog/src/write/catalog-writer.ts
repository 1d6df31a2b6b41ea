import { randomUUID } from 'node:crypto';
import { asHyperslabError, HyperslabError, isHyperslabError } from '@hyperslab/errors';
import type { CatalogEvent } from '@hyperslab/proto/catalog';
import { backoffMs } from '@hyperslab/rpc';
import type { Logger } from '@hyperslab/telemetry';
import type { CatalogStore } from '../store/catalog-store.ts';
import type { BackupLink } from './backup-link.ts';
import { assertCommand, assertSameRequest, type Command, decide, eventOfSame } from './command.ts';
import { sendPending, synchronise } from './synchronise.ts';

/** Times, milliseconds. */
export interface WriterTimes {
  /** Between looks whether the backup is there and has everything. */
  checkMs: number;
  /** Before the first new try after the backup failed, and at most. */
  firstRetryMs: number;
  longestRetryMs: number;
}

const defaultTimes: WriterTimes = { checkMs: 2_000, firstRetryMs: 100, longestRetryMs: 1_000 };

interface Waiting {
  command: Command;
  resolve: (event: CatalogEvent) => void;
  reject: (error: unknown) => void;
}

/**
 * Makes changes, one group after the other: a group is put into the outbox in one transaction, sent to the backup, and
 * takes effect in another. Who comes meanwhile is in the next group, so many share one round.
 *
 *     starting ──▶ live ──▶ failed: the backup can't be reached
 *                   ▲          │ writes are refused, tries go on
 *                   └──────────┘ made equal, outbox sent
 */
export class CatalogWriter {
  readonly #store: CatalogStore;
  readonly #backup: BackupLink;
  readonly #log: Logger;
  readonly #onApplied: () => void;
  readonly #times: WriterTimes;
  readonly #finished: Promise<void>;
  #queue: Waiting[] = [];
  #wake: () => void = () => {};
  #closed = false;
  #failure: HyperslabError | undefined;
  #synchronisedOnce = false;

  /** @param onApplied called whenever events have taken effect */
  constructor(
    store: CatalogStore,
    backup: BackupLink,
    log: Logger,
    onApplied: () => void,
    times: Partial<WriterTimes> = {},
  ) {
    this.#store = store;
    this.#backup = backup;
    this.#log = log;
    this.#onApplied = onApplied;
    this.#times = { ...defaultTimes, ...times };
    this.#finished = this.#run();
  }

  /** Whether catalog and backup were equal at least once since the start. */
  get synchronisedOnce(): boolean {
    return this.#synchronisedOnce;
  }

  /** Why nothing can be changed now, or undefined. */
  get failure(): HyperslabError | undefined {
    return this.#failure;
  }

  /**
   * Makes a change and answers its event when it has taken effect. The same request_id makes it once; an empty one is
   * like no other.
   * @throws HyperslabError DATASET_NOT_FOUND, NAME_INVALID, INVALID_ARGUMENT, REQUEST_REUSED; UNAVAILABLE while the
   * backup can't be reached: the change may then happen later, and asking again with the same request_id tells
   */
  async submit(wanted: Command): Promise<CatalogEvent> {
    const command = wanted.requestId === '' ? { ...wanted, requestId: randomUUID() } : wanted;
    assertCommand(command);
    const known = await this.#store.eventOfRequest(command.requestId);
    if (known) {
      assertSameRequest(command, known.event);
      if (known.durable) return known.event;
    }
    if (this.#failure) throw this.#failure;
    return new Promise((resolve, reject) => {
      this.#queue.push({ command, resolve, reject });
      this.#wake();
    });
  }

  /** Ends; changes that wait are refused, and made after the next start if they are in the outbox. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#wake();
    await this.#finished;
    this.#refuse(
      new HyperslabError('UNAVAILABLE', 'the catalog is stopping; ask again with the same request_id'),
    );
  }

  async #run(): Promise<void> {
    for (let attempt = 0; !this.#closed; ) {
      try {
        await this.#synchronise();
        attempt = 0;
        await this.#commitGroups();
      } catch (error) {
        this.#fail(asHyperslabError(error));
        const backoff = { firstMs: this.#times.firstRetryMs, longestMs: this.#times.longestRetryMs };
        await this.#rest(backoffMs(++attempt, backoff));
      }
    }
  }

  async #synchronise(): Promise<void> {
    const { restored, refilled } = await synchronise(this.#store, this.#backup);
    if (restored > 0) this.#log.warn({ events: restored }, 'restored events from the backup');
    if (refilled > 0) this.#log.warn({ events: refilled }, 'filled the backup with events that it had lost');
    if (this.#failure) this.#log.info('the backup is back');
    this.#failure = undefined;
    this.#synchronisedOnce = true;
    this.#onApplied();
  }

  /** Commits groups until the backup fails or is found behind, which throws or returns. */
  async #commitGroups(): Promise<void> {
    while (!this.#closed) {
      if (this.#queue.length === 0) {
        await this.#rest(this.#times.checkMs);
        if (this.#queue.length === 0 && !(await this.#isEqual())) return;
        continue;
      }
      const group = this.#nextGroup();
      try {
        await this.#commit(group);
      } catch (error) {
        this.#fail(asHyperslabError(error), group);
        throw error;
      }
    }
  }

  async #isEqual(): Promise<boolean> {
    return this.#closed || (await this.#backup.position()) === (await this.#store.positions()).durable;
  }

  /**
   * Publishes go together. Other changes, and publishes that are compared with the latest version, go alone, since each depends
   * on what is visible after the one before.
   */
  #nextGroup(): Waiting[] {
    const others = this.#queue.findIndex(
      ({ command: { wish } }) => wish.kind !== 'publish' || wish.unlessSame === true,
    );
    const count = others < 0 ? this.#queue.length : Math.max(others, 1);
    return this.#queue.splice(0, count);
  }

  async #commit(group: Waiting[]): Promise<void> {
    const waiting = new Map<string, Waiting[]>();
    const events = new Map<string, CatalogEvent>();
    const taken = new Map<string, number>();
    const { last } = await this.#store.positions();
    const fresh: CatalogEvent[] = [];
    for (const one of group) {
      const { requestId } = one.command;
      try {
        const known = events.get(requestId) ?? (await this.#store.eventOfRequest(requestId))?.event;
        if (known) assertSameRequest(one.command, known);
        const same = known ? undefined : await eventOfSame(one.command, this.#store);
        if (same) await this.#store.addAnswer(requestId, same.sequence);
        const there = known ?? same;
        const event = there ?? (await this.#newEvent(one.command, last + fresh.length + 1, taken));
        if (!there) fresh.push(event);
        events.set(requestId, event);
        waiting.set(requestId, [...(waiting.get(requestId) ?? []), one]);
      } catch (error) {
        one.reject(error);
      }
    }
    if (fresh.length > 0) await this.#store.addPending(fresh);
    await this.#send();
    if (fresh.length > 0) this.#onApplied();
    for (const [requestId, event] of events)
      for (const { resolve } of waiting.get(requestId) ?? []) resolve(event);
  }

  /** Sends the outbox; a backup that was emptied since the last look is filled first. */
  async #send(): Promise<void> {
    try {
      await sendPending(this.#store, this.#backup);
    } catch (error) {
      if (!isHyperslabError(error, 'JOURNAL_GAP')) throw error;
      await this.#synchronise();
    }
  }

  async #newEvent(command: Command, sequence: number, taken: Map<string, number>): Promise<CatalogEvent> {
    const time = new Date();
    const change = await decide(command, this.#store, time, taken);
    if (change.$case === 'published') taken.set(change.value.name, change.value.version);
    return { sequence, time, caller: command.caller, requestId: command.requestId, change };
  }

  #fail(error: HyperslabError, group: Waiting[] = []): void {
    if (this.#failure?.details.because !== error.message)
      this.#log.error({ err: error }, 'changes are refused');
    this.#failure = new HyperslabError(
      error.retryable || error.reason === 'DEADLINE_EXCEEDED' ? 'UNAVAILABLE' : error.reason,
      `the catalog can’t be changed now: ${error.message}; it goes on by itself when that is mended, then ask again ` +
        'with the same request_id',
      { ...error.details, because: error.message },
      error,
    );
    this.#queue.unshift(...group);
    this.#refuse(this.#failure);
  }

  #refuse(error: HyperslabError): void {
    for (const { reject } of this.#queue.splice(0)) reject(error);
  }

  /** Waits, unless something is to be done. */
  #rest(milliseconds: number): Promise<void> {
    if (this.#closed) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
