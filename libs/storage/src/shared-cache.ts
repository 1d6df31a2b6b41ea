import { SharedWork } from './shared-work.ts';

/** What a cache holds at most: so many values, or values of so much size in all. */
export interface CacheLimit<T> {
  most: number;
  /** Size of a value; 1 where it is not said. */
  sizeOf?: (value: T) => number;
}

/**
 * Values that are worked out once: who asks for one that is being worked out shares the work, as `SharedWork` does it.
 * What fails is not remembered, and what was not used for longest goes first.
 */
export class SharedCache<T> {
  readonly #most: number;
  readonly #sizeOf: (value: T) => number;
  readonly #running = new Map<string, SharedWork<T>>();
  readonly #values = new Map<string, { value: T; size: number }>();
  #size = 0;

  constructor({ most, sizeOf = () => 1 }: CacheLimit<T>) {
    this.#most = most;
    this.#sizeOf = sizeOf;
  }

  /** Size of all that is kept. */
  get size(): number {
    return this.#size;
  }

  /** The value of a key, worked out where it is not known. @throws what `work` throws, or the signal's reason */
  get(key: string, work: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const known = this.known(key);
    if (known !== undefined) return Promise.resolve(known);
    if (signal?.aborted) return Promise.reject(signal.reason);
    const running = this.#running.get(key);
    return (running === undefined || running.abandoned ? this.#begin(key, work) : running).join(signal);
  }

  /** The value of a key, if it has been worked out. */
  known(key: string): T | undefined {
    const known = this.#values.get(key);
    if (known === undefined) return undefined;
    // The order of the map is that of last use.
    this.#values.delete(key);
    this.#values.set(key, known);
    return known.value;
  }

  /** Drops the values of some keys; what is being worked out for them is not kept. */
  drop(matches: (key: string) => boolean): void {
    for (const key of this.#values.keys()) if (matches(key)) this.#drop(key);
    for (const key of this.#running.keys()) if (matches(key)) this.#running.delete(key);
  }

  #begin(key: string, work: (signal: AbortSignal) => Promise<T>): SharedWork<T> {
    const shared = new SharedWork(work);
    this.#running.set(key, shared);
    const end = () => this.#running.get(key) === shared && this.#running.delete(key);
    shared.result.then((value) => {
      if (end()) this.#keep(key, value);
    }, end);
    return shared;
  }

  #keep(key: string, value: T): void {
    const size = this.#sizeOf(value);
    if (size > this.#most) return;
    this.#drop(key);
    this.#values.set(key, { value, size });
    this.#size += size;
    for (const oldest of this.#values.keys()) {
      if (this.#size <= this.#most) break;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    this.#size -= this.#values.get(key)?.size ?? 0;
    this.#values.delete(key);
  }
}
