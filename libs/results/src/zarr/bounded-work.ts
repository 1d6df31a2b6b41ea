/** Work of which a few pieces are under way at a time: enough for zlib's threads and a store's latency, few enough for memory. */
export class BoundedWork {
  readonly #most: number;
  readonly #underWay = new Set<Promise<void>>();
  #failure: { error: unknown } | undefined;

  constructor(most = 8) {
    this.#most = most;
  }

  /** Begins a piece; resolves when there is room for another. Throws what an earlier one failed of. */
  async add(begin: () => Promise<void>): Promise<void> {
    const piece = begin()
      .catch((error) => {
        this.#failure ??= { error };
      })
      .finally(() => this.#underWay.delete(piece));
    this.#underWay.add(piece);
    while (this.#underWay.size >= this.#most) await Promise.race(this.#underWay);
    this.#throwFailure();
  }

  /** Resolves when all has ended. Throws what a piece failed of. */
  async drain(): Promise<void> {
    await Promise.all(this.#underWay);
    this.#throwFailure();
  }

  /** Resolves when all has ended, however it did: what is under way must not come after what follows. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#underWay);
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
