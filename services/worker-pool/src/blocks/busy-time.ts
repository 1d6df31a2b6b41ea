/** For how long at least one thing of a kind was under way: several at once count once. */
export class BusyTime {
  #under = 0;
  #sinceMs = 0;
  #beforeMs = 0;

  /** Until now, seconds. */
  get seconds(): number {
    const now = this.#under > 0 ? performance.now() - this.#sinceMs : 0;
    return (this.#beforeMs + now) / 1000;
  }

  /** One begins; it ends when what this answers is disposed of. */
  begin(): Disposable {
    if (this.#under++ === 0) this.#sinceMs = performance.now();
    return {
      [Symbol.dispose]: () => {
        if (--this.#under === 0) this.#beforeMs += performance.now() - this.#sinceMs;
      },
    };
  }
}
