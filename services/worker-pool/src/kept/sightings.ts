import type { ListedObject } from '@hyperslab/storage';
import { indexName, nameKey } from './index-name.ts';

/** As many as some runs have, at about 100 bytes each. */
const mostObjects = 100_000;

/**
 * Since when objects were seen in the state that they are in, by our own clock: for those whose times no clock of ours has told. It
 * is of one thread, and forgets the oldest: who forgets waits longer.
 */
export class Sightings {
  readonly #since = new Map<string, number>();

  /** How long an object has been seen in this very state, milliseconds; 0 for the first time. */
  restedMs({ url, ...state }: ListedObject, nowMs: number): number {
    const key = nameKey(indexName(url, state));
    const since = this.#since.get(key);
    if (since !== undefined) return nowMs - since;
    this.#since.set(key, nowMs);
    for (const oldest of this.#since.keys()) {
      if (this.#since.size <= mostObjects) break;
      this.#since.delete(oldest);
    }
    return 0;
  }
}
