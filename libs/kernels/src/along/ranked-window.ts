import type { MovingWindow } from './window.ts';

/**
 * The numbers of a moving window of one column, of which any may be asked for by its place in their order. A step takes as long as the
 * logarithm of the column's length, however long the window is. -0 is before 0: what comes out depends on nothing but the numbers.
 */
export class RankedWindow implements MovingWindow {
  /** The distinct numbers of the column, in order. */
  readonly #sorted: Float64Array;
  #distinct = 0;
  /** Which of them each element of the column is; -1 for NaN. */
  readonly #ranks: Int32Array;
  /** A binary tree: how many numbers of the window are below each node, from `#leaves` on of each distinct number. */
  readonly #counts: Int32Array;
  #leaves = 1;
  #count = 0;

  /** @param length most elements of a column */
  constructor(length: number) {
    this.#sorted = new Float64Array(length);
    this.#ranks = new Int32Array(length);
    this.#counts = new Int32Array(2 * leavesFor(length));
  }

  /** Numbers in the window; NaN are none. */
  get count(): number {
    return this.#count;
  }

  /** Begins an empty window of another column. */
  begin(column: Float64Array): void {
    this.#sort(column);
    this.#rank(column);
    this.#leaves = leavesFor(this.#distinct);
    this.#counts.fill(0, 0, 2 * this.#leaves);
    this.#count = 0;
  }

  enter(index: number): void {
    this.#add(this.#ranks[index], 1);
  }

  leave(index: number): void {
    this.#add(this.#ranks[index], -1);
  }

  /** The number of the window that has so many before it. */
  at(place: number): number {
    const counts = this.#counts;
    const leaves = this.#leaves;
    let before = place;
    let node = 1;
    while (node < leaves) {
      node *= 2;
      if (before < counts[node]) continue;
      before -= counts[node];
      node++;
    }
    return this.#sorted[node - leaves];
  }

  #add(rank: number, change: number): void {
    if (rank < 0) return;
    const counts = this.#counts;
    for (let node = this.#leaves + rank; node > 0; node >>= 1) counts[node] += change;
    this.#count += change;
  }

  #sort(column: Float64Array): void {
    const sorted = this.#sorted;
    let numbers = 0;
    for (const value of column) if (!Number.isNaN(value)) sorted[numbers++] = value;
    // Typed arrays have -0 before 0.
    sorted.subarray(0, numbers).sort();
    let distinct = 0;
    for (let i = 0; i < numbers; i++)
      if (distinct === 0 || !Object.is(sorted[i], sorted[distinct - 1])) sorted[distinct++] = sorted[i];
    this.#distinct = distinct;
  }

  #rank(column: Float64Array): void {
    const sorted = this.#sorted;
    for (let i = 0; i < column.length; i++) {
      const value = column[i];
      let low = 0;
      let high = this.#distinct;
      while (low < high) {
        const between = (low + high) >> 1;
        if (sorted[between] < value) low = between + 1;
        else high = between;
      }
      if (value === 0 && !Object.is(value, sorted[low])) low++;
      this.#ranks[i] = Number.isNaN(value) ? -1 : low;
    }
  }
}

/** Leaves of a tree of so many numbers. */
function leavesFor(numbers: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, numbers)));
}
