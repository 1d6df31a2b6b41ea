/**
 * Messages that are pushed at one end and iterated at the other, by one consumer: the sending side of a stream whose
 * messages come from elsewhere. It has no bound; what is pushed must be few.
 */
export class MessageQueue<T> implements AsyncIterable<T> {
  readonly #messages: T[] = [];
  /** Those before are delivered. */
  #next = 0;
  #ended = false;
  #wake: (() => void) | undefined;

  /** Whether `end` was called. */
  get ended(): boolean {
    return this.#ended;
  }

  push(message: T): void {
    if (this.#ended) return;
    this.#messages.push(message);
    this.#wake?.();
  }

  /** What was pushed is still delivered; then the iteration ends. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (;;) {
      while (this.#messages.length > 0) yield this.#take();
      if (this.#ended) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }

  /** To remove the first of many moves all that are behind it: as many are removed together as are left. */
  #take(): T {
    const message = this.#messages[this.#next++];
    if (this.#next * 2 >= this.#messages.length) {
      this.#messages.splice(0, this.#next);
      this.#next = 0;
    }
    return message;
  }
}
