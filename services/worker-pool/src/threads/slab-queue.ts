import type { EncodedSlab } from './messages.ts';
import type { Permits } from './permits.ts';

/** Slabs between the thread that reads them and who streams them: one is asked for at a time, one is kept ahead. */
export class SlabQueue {
  readonly #reads: Permits;
  readonly #signal: AbortSignal;
  readonly #slabs: EncodedSlab[] = [];
  #giveBack: () => void = () => undefined;
  #asked = false;
  #ended = false;
  #failure: { error: unknown } | undefined;
  #wake: () => void = () => undefined;

  constructor(reads: Permits, signal: AbortSignal) {
    this.#reads = reads;
    this.#signal = signal;
  }

  /** The thread has read a slab; undefined when there is none left. */
  arrived(slab: EncodedSlab | undefined): void {
    if (slab === undefined) this.#ended = true;
    else this.#slabs.push(slab);
    this.#answered();
  }

  /** The thread reads no more. */
  failed(error: unknown): void {
    this.#failure = { error };
    this.#answered();
  }

  /** The slabs in order; `more` has the thread read one. @throws what reading failed with */
  async *read(more: () => void): AsyncGenerator<EncodedSlab> {
    for (;;) {
      this.#ask(more);
      const slab = this.#slabs.shift();
      if (slab !== undefined) {
        this.#ask(more);
        yield slab;
        continue;
      }
      if (this.#failure !== undefined) throw this.#failure.error;
      if (this.#ended) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #ask(more: () => void): void {
    if (this.#asked || this.#ended || this.#failure !== undefined || this.#slabs.length > 0) return;
    this.#asked = true;
    this.#reads.take(this.#signal).then(
      (giveBack) => {
        this.#giveBack = giveBack;
        // It may have failed while it waited for its turn.
        if (this.#failure !== undefined) giveBack();
        else more();
      },
      () => undefined,
    );
  }

  #answered(): void {
    this.#asked = false;
    this.#giveBack();
    this.#wake();
  }
}
