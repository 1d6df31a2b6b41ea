/** Which blocks of a result were read, in whatever order they came. */
export class BlocksRead {
  /** The first one that was not. */
  first = 0;
  /** Those behind it. */
  readonly #ahead = new Set<number>();

  /** Answers whether a block is a new one. */
  add(block: number): boolean {
    if (block < this.first || this.#ahead.has(block)) return false;
    this.#ahead.add(block);
    while (this.#ahead.delete(this.first)) this.first++;
    return true;
  }

  clear(): void {
    this.first = 0;
    this.#ahead.clear();
  }
}
