const shortestMs = 100;
const longestMs = 10_000;
/** A service that ran this long had started well: its next end counts as the first. */
const settledMs = 20_000;

/** How long to wait before a service that ended is started again: longer each time it ends soon after its start. */
export class RestartDelay {
  #next = shortestMs;

  /** Delay after a run that lasted `ranMs`. Without it a service that can't start would be restarted without pause. */
  after(ranMs: number): number {
    if (ranMs >= settledMs) this.#next = shortestMs;
    const delay = this.#next;
    this.#next = Math.min(longestMs, this.#next * 2);
    return delay;
  }
}
