/** Tells those who wait for a job that something about it has changed. */
export class JobChanges {
  readonly #listeners = new Map<string, Set<() => void>>();
  /** Those who wait for the end alone. */
  readonly #untilEnd = new Map<string, Set<() => void>>();

  changed(jobId: string): void {
    const listeners = this.#listeners.get(jobId);
    if (listeners === undefined) return;
    this.#listeners.delete(jobId);
    for (const wake of listeners) wake();
  }

  /** The job has ended. */
  end(jobId: string): void {
    const listeners = this.#untilEnd.get(jobId);
    this.#untilEnd.delete(jobId);
    for (const wake of listeners ?? []) wake();
  }

  /** Resolves when the job ends, or after so many milliseconds; rejects with the signal's reason when that aborts first. */
  async ended(jobId: string, withinMs: number, signal: AbortSignal): Promise<void> {
    const listeners = this.#untilEnd.get(jobId) ?? new Set();
    this.#untilEnd.set(jobId, listeners);
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = () => resolve();
    const timer = setTimeout(wake, withinMs);
    listeners.add(wake);
    signal.addEventListener('abort', wake, { once: true });
    if (!signal.aborted) await promise;
    clearTimeout(timer);
    signal.removeEventListener('abort', wake);
    listeners.delete(wake);
    if (listeners.size === 0 && this.#untilEnd.get(jobId) === listeners) this.#untilEnd.delete(jobId);
    signal.throwIfAborted();
  }

  /** Resolves at the next change of the job; rejects with the signal's reason when that aborts first. */
  next(jobId: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const listeners = this.#listeners.get(jobId) ?? new Set();
      this.#listeners.set(jobId, listeners);
      const leave = () => {
        listeners.delete(wake);
        if (listeners.size === 0 && this.#listeners.get(jobId) === listeners) this.#listeners.delete(jobId);
        reject(signal.reason);
      };
      const wake = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      listeners.add(wake);
      signal.addEventListener('abort', leave, { once: true });
    });
  }
}
