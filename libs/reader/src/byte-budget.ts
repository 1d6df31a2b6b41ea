/** Bytes that may be in flight at once. What is larger than the whole budget goes alone. */
export class ByteBudget {
  readonly #limit: number;
  readonly #waiting: { bytes: number; start: () => void }[] = [];
  #taken = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Waits, in turn, until there is room, and takes it. */
  async take(bytes: number): Promise<void> {
    if (this.#waiting.length > 0 || !this.#fits(bytes)) {
      await new Promise<void>((start) => this.#waiting.push({ bytes, start }));
    } else this.#taken += bytes;
  }

  give(bytes: number): void {
    this.#taken -= bytes;
    while (this.#waiting.length > 0 && this.#fits(this.#waiting[0].bytes)) {
      const next = this.#waiting.shift()!;
      this.#taken += next.bytes;
      next.start();
    }
  }

  #fits(bytes: number): boolean {
    return this.#taken === 0 || this.#taken + bytes <= this.#limit;
  }
}
