/** Consecutive blocks. */
export interface BlockRun {
  first: number;
  count: number;
}

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

  /**
   * Runs of blocks that were not read, of a result of so many. When there are more than `most` runs, those are joined between which the
   * fewest blocks lie.
   */
  missing(blocks: number, most: number): BlockRun[] {
    const between = runsOf([...this.#ahead].sort((a, b) => a - b))
      .sort((a, b) => b.count - a.count)
      .slice(0, most - 1)
      .sort((a, b) => a.first - b.first);
    const missing: BlockRun[] = [];
    let first = this.first;
    for (const run of [...between, { first: blocks, count: 0 }]) {
      if (first < run.first) missing.push({ first, count: run.first - first });
      first = run.first + run.count;
    }
    return missing;
  }

  clear(): void {
    this.first = 0;
    this.#ahead.clear();
  }
}

function runsOf(sorted: readonly number[]): BlockRun[] {
  const runs: BlockRun[] = [];
  for (const block of sorted) {
    const last = runs.at(-1);
    if (last !== undefined && block === last.first + last.count) last.count++;
    else runs.push({ first: block, count: 1 });
  }
  return runs;
}
