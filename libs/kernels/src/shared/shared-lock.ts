/** Tries before a thread sleeps: what the lock is held for takes microseconds. */
const spins = 200;
/** A sleeper looks again after so long, whatever it was told. */
const sleepMs = 50;
const [holder, waiting, broken] = [0, 1, 2];

/**
 * A lock between threads, on words that they share. Who holds it is known: of a thread that died while it did, nobody knows what it had
 * changed by then, and what the lock guards is given up.
 */
export class SharedLock {
  static readonly words = 3;
  readonly #words: Int32Array;
  readonly #owner: number;
  readonly #patienceMs: number;

  /**
   * @param owner number of this thread, not 0; no two that live have the same
   * @param patienceMs how long to wait at most: who is to hear of threads that died must not wait for ever for one of them
   */
  constructor(words: Int32Array, owner: number, patienceMs = Number.POSITIVE_INFINITY) {
    this.#words = words;
    this.#owner = owner;
    this.#patienceMs = patienceMs;
  }

  /** Waits for the lock and takes it; false, and not taken, when what it guards was given up, or is not free in time. */
  lock(): boolean {
    const words = this.#words;
    let sinceMs: number | undefined;
    for (let tries = 0; ; tries++) {
      const before = Atomics.compareExchange(words, holder, 0, this.#owner);
      if (before === 0) break;
      if (tries < spins) continue;
      sinceMs ??= performance.now();
      if (performance.now() - sinceMs > this.#patienceMs) return false;
      Atomics.add(words, waiting, 1);
      Atomics.wait(words, holder, before, sleepMs);
      Atomics.sub(words, waiting, 1);
    }
    if (Atomics.load(words, broken) === 0) return true;
    this.unlock();
    return false;
  }

  unlock(): void {
    Atomics.store(this.#words, holder, 0);
    if (Atomics.load(this.#words, waiting) > 0) Atomics.notify(this.#words, holder, 1);
  }

  /** A thread has died: if it held the lock, what that guards is given up. */
  died(owner: number): void {
    if (Atomics.load(this.#words, holder) !== owner) return;
    Atomics.store(this.#words, broken, 1);
    this.unlock();
  }
}
