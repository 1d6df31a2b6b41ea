const slots = 64;

/**
 * Which work of a thread has been cancelled, in memory that it shares with who cancels: a thread that computes comes to no message until it has done. Work is told
 * by its number, of which the last one to be cancelled has its slot; of the others the thread hears by their messages.
 */
export class CancelledWork {
  /** May be posted to the thread. */
  readonly words: Int32Array<SharedArrayBuffer>;

  constructor(words = new Int32Array(new SharedArrayBuffer(slots * Int32Array.BYTES_PER_ELEMENT))) {
    this.words = words;
  }

  add(work: number): void {
    Atomics.store(this.words, work % slots, mark(work));
  }

  has(work: number): boolean {
    return Atomics.load(this.words, work % slots) === mark(work);
  }
}

/** Of no work the mark is 0. */
function mark(work: number): number {
  return (work + 1) | 0;
}
