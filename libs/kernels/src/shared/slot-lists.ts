/** No slot: the end of a list. */
export const none = -1;

/**
 * Lists of slots, each in one of them at most, in columns of numbers: what is put in at the front stays there until others are. They lie in
 * words that are given, so that threads may share them, one at a time.
 */
export class SlotLists {
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  /** First and last of each list. */
  readonly #ends: Int32Array;

  /** Words that so many lists of so many slots take. */
  static wordsFor(slots: number, lists: number): number {
    return 2 * slots + 2 * lists;
  }

  /** @param fresh whether the lists are to be made, empty: else they are there */
  constructor(words: Int32Array, slots: number, lists: number, fresh: boolean) {
    this.#next = words.subarray(0, slots);
    this.#previous = words.subarray(slots, 2 * slots);
    this.#ends = words.subarray(2 * slots, 2 * slots + 2 * lists);
    if (fresh) this.#ends.fill(none);
  }

  /** The slot that came last. */
  first(list: number): number {
    return this.#ends[2 * list];
  }

  /** The slot that is in a list for longest. */
  last(list: number): number {
    return this.#ends[2 * list + 1];
  }

  /** Puts a slot that is in no list in front of one. */
  push(list: number, slot: number): void {
    const first = this.#ends[2 * list];
    this.#next[slot] = first;
    this.#previous[slot] = none;
    if (first === none) this.#ends[2 * list + 1] = slot;
    else this.#previous[first] = slot;
    this.#ends[2 * list] = slot;
  }

  /** Takes a slot out of the list that it is in. */
  remove(list: number, slot: number): void {
    const [next, previous] = [this.#next[slot], this.#previous[slot]];
    if (previous === none) this.#ends[2 * list] = next;
    else this.#next[previous] = next;
    if (next === none) this.#ends[2 * list + 1] = previous;
    else this.#previous[next] = previous;
  }
}
