import { randomUUID } from 'node:crypto';
import { emptyMessage, mergeMessages } from './merge-messages.ts';
import type { ClusterMessage } from './messages.ts';

/** A message and the mark with which its reader asks for what comes after. */
export interface MarkedMessage {
  mark: string;
  message: ClusterMessage;
}

/** Messages that are kept for those who come back: of two minutes, at one a second. */
const kept = 120;

/**
 * The latest messages and the state that all of them made. A reader has a mark, and no queue of its own: whatever it has
 * not had is merged into one message when it can take it. One that comes with a mark of this process gets what it
 * missed; any other gets the whole state.
 */
export class MessageLog {
  readonly #name = randomUUID().slice(0, 8);
  #state: ClusterMessage = { ...emptyMessage(Date.now()), complete: true };
  #recent: ClusterMessage[] = [];
  #count = 0;
  #waiting = new Set<() => void>();

  /** Adds a message and wakes those who wait for one. */
  add(message: ClusterMessage): void {
    this.#state = { ...mergeMessages(this.#state, message), complete: true };
    // What was before a whole state is of no use to anybody.
    if (message.complete) this.#recent = [];
    this.#recent.push(message);
    if (this.#recent.length > kept) this.#recent.shift();
    this.#count++;
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const wake of waiting) wake();
  }

  /** All that came after a mark as one message, the whole state for a mark that is not known; undefined when nothing did. */
  after(mark: string | undefined): MarkedMessage | undefined {
    const missed = this.#count - this.#numberOf(mark);
    if (missed === 0) return undefined;
    const current = `${this.#name}-${this.#count}`;
    if (!(missed > 0 && missed <= this.#recent.length)) return { mark: current, message: this.#state };
    return { mark: current, message: this.#recent.slice(-missed).reduce(mergeMessages) };
  }

  /** Resolves when a message is added, or when the signal is aborted. */
  async next(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.#waiting.add(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  #numberOf(mark: string | undefined): number {
    const match = /^([0-9a-f]{8})-(\d{1,15})$/.exec(mark ?? '');
    return match?.[1] === this.#name ? Number(match[2]) : Number.NaN;
  }
}
