/**
 * Does one thing at a time and of what is asked meanwhile only the last: a slider that is dragged over a slow connection
 * shows what it passes, as fast as that comes.
 */
export class Latest<Wish> {
  readonly #fulfil: (wish: Wish, signal: AbortSignal) => Promise<void>;
  readonly #closing = new AbortController();
  #next: { wish: Wish } | undefined;
  #isBusy = false;

  constructor(fulfil: (wish: Wish, signal: AbortSignal) => Promise<void>) {
    this.#fulfil = fulfil;
  }

  ask(wish: Wish): void {
    this.#next = { wish };
    if (!this.#isBusy) void this.#run();
  }

  close(): void {
    this.#next = undefined;
    this.#closing.abort();
  }

  async #run(): Promise<void> {
    this.#isBusy = true;
    while (this.#next !== undefined) {
      const { wish } = this.#next;
      this.#next = undefined;
      // What fails says so itself.
      await this.#fulfil(wish, this.#closing.signal).catch(() => {});
    }
    this.#isBusy = false;
  }
}
