import { none, SlotLists } from '@hyperslab/kernels';
import { type Digest, KeyIndex } from './key-index.ts';

/** Where a slot is. */
const [free, small, main, ghost] = [0, 1, 2, 3];
const lists = 4;
/** Columns besides those of lists and index: size, list, uses. */
const columns = 3;
/** Sizes of the lists that have any. */
const totals = 4;
/** What is new has this part of the room: a scan passes through it and leaves the rest alone. */
const smallPart = 0.1;
const mostUses = 3;
/** Used so often while it is new, something stays. */
const usesToStay = 2;

/**
 * Which entries of a cache stay: S3-FIFO (Yang et al., "FIFO queues are all you need for cache eviction", SOSP 2023). What is new goes through a small
 * queue; what was used there goes on to the main one, and what comes again soon after it left goes there at once. Entries that were used since
 * go round once more. Of what left the small queue keys alone are kept, as many as would fill the main one.
 *
 * Pure. All of it lies in the words that it is given, so that several threads may share it, one at a time. Sizes are in a unit of the
 * caller's, at least 1, in all below 2^31.
 */
export class S3Fifo {
  readonly #limit: number;
  readonly #index: KeyIndex;
  readonly #lists: SlotLists;
  readonly #sizes: Int32Array;
  readonly #where: Int32Array;
  readonly #uses: Int32Array;
  readonly #totals: Int32Array;

  static wordsFor(slots: number): number {
    return KeyIndex.wordsFor(slots) + SlotLists.wordsFor(slots, lists) + columns * slots + totals;
  }

  /**
   * @param words zeros, `wordsFor(slots)` of them, or with `fresh` false those of one like this
   * @param slots entries and keys of past ones at most
   * @param limit of the sizes of all entries
   */
  constructor(words: Int32Array, slots: number, limit: number, fresh = true) {
    this.#limit = limit;
    let at = 0;
    const take = (count: number) => {
      at += count;
      return words.subarray(at - count, at);
    };
    this.#index = new KeyIndex(take(KeyIndex.wordsFor(slots)), slots, fresh);
    this.#lists = new SlotLists(take(SlotLists.wordsFor(slots, lists)), slots, lists, fresh);
    this.#sizes = take(slots);
    this.#where = take(slots);
    this.#uses = take(slots);
    this.#totals = take(totals);
    if (fresh) for (let slot = slots - 1; slot >= 0; slot--) this.#lists.push(free, slot);
  }

  /** Size of all entries. */
  get size(): number {
    return this.#totals[small] + this.#totals[main];
  }

  /** The slot of an entry, which counts as used now; -1 when it is not there. */
  use(digest: Digest): number {
    const slot = this.find(digest);
    if (slot !== none) this.#uses[slot] = Math.min(mostUses, this.#uses[slot] + 1);
    return slot;
  }

  /** The slot of an entry; -1 when it is not there. */
  find(digest: Digest): number {
    const slot = this.#index.find(digest);
    return slot === none || this.#where[slot] === ghost ? none : slot;
  }

  /**
   * Makes an entry that is not there and answers its slot; -1 when it is larger than all may be, or the others can't go.
   *
   * @param isPinned entries that must stay
   * @param leaves told of each entry that goes to make room, while it has its slot
   */
  insert(
    digest: Digest,
    size: number,
    isPinned: (slot: number) => boolean,
    leaves: (slot: number) => void,
  ): number {
    if (size > this.#limit) return none;
    const past = this.#index.find(digest);
    if (past !== none) this.#drop(past);
    while (this.size + size > this.#limit) if (!this.evict(isPinned, leaves)) return none;
    if (this.#lists.last(free) === none && this.#lists.last(ghost) !== none)
      this.#drop(this.#lists.last(ghost));
    if (this.#lists.last(free) === none) {
      // No room for keys either: all slots have entries.
      if (!this.evict(isPinned, leaves)) return none;
      if (this.#lists.last(free) === none) this.#drop(this.#lists.last(ghost));
    }
    const slot = this.#lists.last(free);
    this.#index.add(digest, slot);
    this.#sizes[slot] = size;
    this.#uses[slot] = 0;
    this.#move(slot, past === none ? small : main);
    return slot;
  }

  /** Has the entry go that is worth least; false when none may. Parameters as of `insert`. */
  evict(isPinned: (slot: number) => boolean, leaves: (slot: number) => void): boolean {
    const smallFirst = this.#totals[small] > this.#limit * smallPart || this.#lists.last(main) === none;
    // What of the small list is used enough goes on to the main one, where all others may be pinned.
    for (const list of smallFirst ? [small, main] : [main, small, main]) {
      const victim = list === small ? this.#fromSmall(isPinned) : this.#fromMain(isPinned);
      if (victim === none) continue;
      leaves(victim);
      if (list === small) this.#remember(victim);
      else this.#drop(victim);
      return true;
    }
    return false;
  }

  /** The digest of the key of an entry, or of one that leaves. */
  digestAt(slot: number): Digest {
    return this.#index.digestAt(slot);
  }

  /** Takes an entry out: its content is of no use. */
  remove(slot: number): void {
    this.#drop(slot);
  }

  #fromSmall(isPinned: (slot: number) => boolean): number {
    let firstPinned = none;
    for (let slot = this.#lists.last(small); slot !== none && slot !== firstPinned; ) {
      if (isPinned(slot)) {
        if (firstPinned === none) firstPinned = slot;
        this.#move(slot, small);
      } else if (this.#uses[slot] >= usesToStay) {
        this.#uses[slot] = 0;
        this.#move(slot, main);
      } else return slot;
      slot = this.#lists.last(small);
    }
    return none;
  }

  #fromMain(isPinned: (slot: number) => boolean): number {
    // Each time round an entry that is not pinned loses a use: none passes more often than it can have been used.
    let firstPinned = none;
    let aged = false;
    for (let slot = this.#lists.last(main); slot !== none; slot = this.#lists.last(main)) {
      if (isPinned(slot)) {
        if (slot === firstPinned && !aged) return none;
        if (firstPinned === none || slot === firstPinned) {
          firstPinned = slot;
          aged = false;
        }
      } else if (this.#uses[slot] > 0) {
        this.#uses[slot]--;
        aged = true;
      } else return slot;
      this.#move(slot, main);
    }
    return none;
  }

  /** Keeps the key alone of an entry that has gone. */
  #remember(slot: number): void {
    this.#move(slot, ghost);
    while (this.#totals[ghost] > this.#limit * (1 - smallPart)) this.#drop(this.#lists.last(ghost));
  }

  #drop(slot: number): void {
    this.#index.remove(slot);
    this.#move(slot, free);
  }

  #move(slot: number, list: number): void {
    const before = this.#where[slot];
    this.#lists.remove(before, slot);
    if (before !== free) this.#totals[before] -= this.#sizes[slot];
    this.#lists.push(list, slot);
    if (list !== free) this.#totals[list] += this.#sizes[slot];
    this.#where[slot] = list;
  }
}
