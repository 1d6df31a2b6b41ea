/** Tells those who wait for a job that something about it has changed. */
export class JobChanges {
  readonly #listeners = new Map<string, Set<() => void>>();

  changed(jobId: string): void {
    const listeners = this.#listeners.get(jobId);
    if (listeners === undefined) return;
    this.#listeners.delete(jobId);
    for (const wake of listeners) wake();
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
