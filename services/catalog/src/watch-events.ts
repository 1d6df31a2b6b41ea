import type { CatalogEvent } from '@hyperslab/proto/catalog';
import type { CatalogStore } from './store/catalog-store.ts';

const pageEvents = 100;

/** Tells those who watch that events have taken effect. */
export class AppliedSignal {
  #next = Promise.withResolvers<void>();

  /** Resolves when it is raised the next time. */
  get next(): Promise<void> {
    return this.#next.promise;
  }

  /** Wakes all who wait. */
  raise(): void {
    const { resolve } = this.#next;
    this.#next = Promise.withResolvers<void>();
    resolve();
  }
}

/**
 * Events from a number on (0: from now on), past ones first, then as they take effect. A watcher is a position in the
 * store and a page of events: one that is slow costs no more than one that is fast.
 */
export async function* watchEvents(
  store: Pick<CatalogStore, 'events' | 'positions'>,
  applied: AppliedSignal,
  fromSequence: number,
  signal: AbortSignal,
): AsyncGenerator<CatalogEvent, void, undefined> {
  let next = fromSequence === 0 ? (await store.positions()).durable + 1 : fromSequence;
  for (;;) {
    // Before the look into the store: what happens between the two wakes us.
    const more = applied.next;
    const events = await store.events(next, pageEvents);
    yield* events;
    next += events.length;
    if (events.length === 0) await unlessAborted(more, signal);
  }
}

function unlessAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const aborted = () => reject(signal.reason);
    if (signal.aborted) aborted();
    signal.addEventListener('abort', aborted, { once: true });
    promise.then(() => {
      signal.removeEventListener('abort', aborted);
      resolve();
    });
  });
}
