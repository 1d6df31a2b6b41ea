import { none, SlotLists } from '../shared/slot-lists.ts';
import { classCount, classOf, firstClassThatFits, SizeClasses } from './size-classes.ts';

/** Extents begin at multiples of a cache line, and are counted in such. */
export const unitBytes = 64;

/** Whom an extent belongs to that is free, and one that outlives the threads. Threads have numbers from 1 on. */
const free = 0;
export const kept = -1;

/** Columns: where an extent begins, how long it is, its neighbours, whose it is. */
const columns = 5;
const [endWord, takenWord, lastWord] = [0, 1, 2];
const figures = 3;
/** The list of numbers that stand for no extent; behind those of the classes. */
const spare = classCount;

/**
 * Which parts of a run of units are whose: two-level segregated fit (Masmano and others, "TLSF: a new dynamic memory allocator for real-time
 * systems", 2004). Free extents are in lists by their size; taking and freeing one takes the same short time however many there are. What was
 * freed last is taken first, while a cache still has it.
 *
 * Pure. All of it lies in words that are given, so that threads may share it, one at a time.
 */
export class Extents {
  readonly #start: Int32Array;
  readonly #length: Int32Array;
  readonly #before: Int32Array;
  readonly #after: Int32Array;
  readonly #owner: Int32Array;
  readonly #lists: SlotLists;
  readonly #classes: SizeClasses;
  readonly #figures: Int32Array;

  /** Words that so many extents take, free ones and taken ones. */
  static wordsFor(extents: number): number {
    return columns * extents + SlotLists.wordsFor(extents, classCount + 1) + SizeClasses.words + figures;
  }

  /** @param words zeros, or with `fresh` false those of one like this */
  constructor(words: Int32Array, extents: number, fresh = true) {
    let at = 0;
    const take = (count: number) => {
      at += count;
      return words.subarray(at - count, at);
    };
    this.#start = take(extents);
    this.#length = take(extents);
    this.#before = take(extents);
    this.#after = take(extents);
    this.#owner = take(extents);
    this.#lists = new SlotLists(
      take(SlotLists.wordsFor(extents, classCount + 1)),
      extents,
      classCount + 1,
      fresh,
    );
    this.#classes = new SizeClasses(take(SizeClasses.words));
    this.#figures = take(figures);
    if (!fresh) return;
    this.#figures[lastWord] = none;
    for (let extent = extents - 1; extent >= 0; extent--) this.#lists.push(spare, extent);
  }

  /** Units of the run. */
  get end(): number {
    return this.#figures[endWord];
  }

  /** Units that are taken. */
  get taken(): number {
    return this.#figures[takenWord];
  }

  /** Units at the end of the run that are free. */
  get freeAtEnd(): number {
    const last = this.#figures[lastWord];
    return last !== none && this.#owner[last] === free ? this.#length[last] : 0;
  }

  startOf(extent: number): number {
    return this.#start[extent];
  }

  lengthOf(extent: number): number {
    return this.#length[extent];
  }

  /** Lengthens the run by free units; false, and nothing done, when there are too many extents. */
  extend(units: number): boolean {
    const last = this.#figures[lastWord];
    if (last !== none && this.#owner[last] === free) {
      this.#unlist(last);
      this.#length[last] += units;
      this.#list(last);
    } else {
      const extent = this.#takeSpare();
      if (extent === none) return false;
      this.#place(extent, this.end, units, last, none);
      this.#list(extent);
    }
    this.#figures[endWord] += units;
    return true;
  }

  /** Takes so many units, at least 1, for an owner, and answers their extent; -1 when none is that long. */
  take(units: number, owner: number): number {
    const extent = this.#find(units);
    if (extent === none) return none;
    this.#unlist(extent);
    this.#owner[extent] = owner;
    const rest = this.#length[extent] - units;
    const behind = rest === 0 ? none : this.#takeSpare();
    if (behind !== none) {
      this.#length[extent] = units;
      this.#place(behind, this.#start[extent] + units, rest, extent, this.#after[extent]);
      this.#list(behind);
    }
    this.#figures[takenWord] += this.#length[extent];
    return extent;
  }

  /** Gives an extent to another owner. */
  give(extent: number, owner: number): void {
    this.#owner[extent] = owner;
  }

  /** Frees an extent that is taken. */
  free(extent: number): void {
    this.#figures[takenWord] -= this.#length[extent];
    this.#owner[extent] = free;
    let joined = extent;
    const [before, after] = [this.#before[extent], this.#after[extent]];
    if (after !== none && this.#owner[after] === free) {
      this.#unlist(after);
      this.#swallow(joined, after);
    }
    if (before !== none && this.#owner[before] === free) {
      this.#unlist(before);
      this.#swallow(before, joined);
      joined = before;
    }
    this.#list(joined);
  }

  /** Frees all that an owner has. */
  freeAllOf(owner: number): void {
    let extent = this.#figures[lastWord];
    while (extent !== none) {
      const before = this.#before[extent];
      // The one before may be joined with it, and the next is then before that.
      const next = before !== none && this.#owner[before] === free ? this.#before[before] : before;
      if (this.#owner[extent] === owner) {
        this.free(extent);
        extent = next;
      } else extent = before;
    }
  }

  /** Calls `act` with start and length of each free extent, in units. */
  eachFree(act: (start: number, length: number) => void): void {
    for (let extent = this.#figures[lastWord]; extent !== none; extent = this.#before[extent])
      if (this.#owner[extent] === free) act(this.#start[extent], this.#length[extent]);
  }

  /** An extent of the class of a size may be long enough; all of the next ones are. */
  #find(units: number): number {
    const same = this.#lists.first(classOf(units));
    if (same !== none && this.#length[same] >= units) return same;
    const found = this.#classes.firstFrom(firstClassThatFits(units));
    return found === none ? none : this.#lists.first(found);
  }

  #list(extent: number): void {
    const list = classOf(this.#length[extent]);
    this.#lists.push(list, extent);
    this.#classes.add(list);
  }

  #unlist(extent: number): void {
    const list = classOf(this.#length[extent]);
    this.#lists.remove(list, extent);
    if (this.#lists.first(list) === none) this.#classes.remove(list);
  }

  /** Joins an extent with the one behind it, whose number then stands for none. */
  #swallow(extent: number, behind: number): void {
    this.#length[extent] += this.#length[behind];
    this.#link(extent, this.#after[behind]);
    this.#lists.push(spare, behind);
  }

  #place(extent: number, start: number, length: number, before: number, after: number): void {
    this.#start[extent] = start;
    this.#length[extent] = length;
    this.#owner[extent] = free;
    if (before === none) this.#before[extent] = none;
    else this.#link(before, extent);
    this.#link(extent, after);
  }

  #link(extent: number, after: number): void {
    this.#after[extent] = after;
    if (after === none) this.#figures[lastWord] = extent;
    else this.#before[after] = extent;
  }

  #takeSpare(): number {
    const extent = this.#lists.first(spare);
    if (extent !== none) this.#lists.remove(spare, extent);
    return extent;
  }
}

/** Units that so many bytes take. No extent is empty, for each has a place of its own. */
export function unitsOf(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / unitBytes));
}
