/**
 * One piece of work for all who wait for it. A waiter that goes takes nothing from the others; when the last one has
 * gone, the work is aborted.
 */
export class SharedWork<T> {
  /** What comes of the work, for whoever does not wait for it. */
  readonly result: Promise<T>;
  readonly #controller = new AbortController();
  #waiting = 0;

  constructor(work: (signal: AbortSignal) => Promise<T>) {
    this.result = (async () => work(this.#controller.signal))();
    // Its failure is told to those who wait.
    this.result.catch(() => undefined);
  }

  /** Whether it was given up: who comes now needs a new one. */
  get abandoned(): boolean {
    return this.#controller.signal.aborted;
  }

  /** Waits for the result. @throws what the work throws, or the signal's reason */
  join(signal?: AbortSignal): Promise<T> {
    if (signal?.aborted) {
      this.#leave(signal.reason);
      return Promise.reject(signal.reason);
    }
    this.#waiting++;
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting--;
        this.#leave(signal?.reason);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.result.then(resolve, reject).finally(() => signal?.removeEventListener('abort', leave));
    });
  }

  #leave(reason: unknown): void {
    if (this.#waiting === 0) this.#controller.abort(reason);
  }
}
