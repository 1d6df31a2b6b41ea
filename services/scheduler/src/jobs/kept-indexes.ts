import { asHyperslabError } from '@hyperslab/errors';
import type { ListedObject, ObjectStore } from '@hyperslab/storage';
import type { Logger } from '@hyperslab/telemetry';
import { type Fence, unfenced } from '../lead/fence.ts';

/** How much is kept of the indexes of files. */
export interface KeptIndexLimits {
  /** How long, milliseconds. */
  ageMs: number;
  /** How many bytes; the oldest go first. */
  bytes: number;
}

const everyMs = 6 * 3_600_000;
/** A scheduler that has just started has better to do. */
const firstAfterMs = 60_000;

/** Which of the packs of kept indexes are to go: those that are too old, and the oldest of those that are too much. */
export function expiredPacks(
  packs: readonly ListedObject[],
  { ageMs, bytes }: KeptIndexLimits,
  nowMs: number,
): ListedObject[] {
  let left = bytes;
  return packs
    .toSorted((a, b) => b.modifiedUs - a.modifiedUs)
    .filter(({ modifiedUs, size }) => {
      left -= size;
      return left < 0 || nowMs - modifiedUs / 1000 > ageMs;
    });
}

/** Collects kept indexes now and then. Nobody needs one: an index that is missed is made again. */
export class KeptIndexes {
  readonly #objects: ObjectStore;
  readonly #limits: KeptIndexLimits;
  readonly #log: Logger;
  readonly #fence: Fence;
  readonly #closed = new AbortController();
  #timer: NodeJS.Timeout;

  constructor(objects: ObjectStore, limits: KeptIndexLimits, log: Logger, fence: Fence = unfenced) {
    this.#objects = objects;
    this.#limits = limits;
    this.#log = log;
    this.#fence = fence;
    this.#timer = setTimeout(() => void this.#collectAndWait(), firstAfterMs).unref();
  }

  /** Deletes what is too old or too much; answers how many packs that were. */
  async collect(): Promise<number> {
    const { signal } = this.#closed;
    const packs: ListedObject[] = [];
    for await (const pack of this.#objects.list('indexes/', signal)) packs.push(pack);
    const expired = expiredPacks(packs, this.#limits, Date.now());
    const store = this.#objects.url.endsWith('/') ? this.#objects.url : `${this.#objects.url}/`;
    for (const { url } of expired) {
      // Another leader may see to it by now.
      this.#fence();
      await this.#objects.delete(decodeURIComponent(url.slice(store.length)), signal);
    }
    return expired.length;
  }

  async close(): Promise<void> {
    this.#closed.abort();
    clearTimeout(this.#timer);
    await this.#objects.close();
  }

  async #collectAndWait(): Promise<void> {
    try {
      const packs = await this.collect();
      if (packs > 0) this.#log.info({ packs }, 'deleted kept indexes');
    } catch (error) {
      if (this.#closed.signal.aborted) return;
      this.#log.warn({ err: asHyperslabError(error) }, 'could not collect kept indexes');
    }
    if (!this.#closed.signal.aborted)
      this.#timer = setTimeout(() => void this.#collectAndWait(), everyMs).unref();
  }
}
