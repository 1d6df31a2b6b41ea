/**
 * Messages that are pushed at one end and iterated at the other, by one consumer: the sending side of a stream whose
 * messages come from elsewhere. It has no bound; what is pushed must be few.
 */
export class MessageQueue<T> implements AsyncIterable<T> {
  readonly #messages: T[] = [];
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
      while (this.#messages.length > 0) yield this.#messages.shift() as T;
      if (this.#ended) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }
}
