interface Waiting {
  order: number;
  begin: () => void;
}

/**
 * Lets one task of a thread compute at a time: of those that have what they need the one that began first, so that what was begun is finished, its block can
 * be sent, and its memory is given back, before others take more.
 */
export class ComputeTurns {
  #tasks = 0;
  #taken = false;
  readonly #waiting: Waiting[] = [];

  /** A place for a task that begins: behind those that have begun. */
  enter(): number {
    return this.#tasks++;
  }

  /** Resolves when it is the task's turn, which it must give back. */
  async take(order: number): Promise<void> {
    if (!this.#taken) {
      this.#taken = true;
      return;
    }
    await new Promise<void>((begin) => {
      const at = this.#waiting.findIndex((other) => other.order > order);
      this.#waiting.splice(at === -1 ? this.#waiting.length : at, 0, { order, begin });
    });
  }

  give(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#taken = false;
    else next.begin();
  }
}
