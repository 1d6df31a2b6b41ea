import type { ChunkTable } from '@hyperslab/proto/index';
import type { MetadataFile } from '../metadata-file.ts';

/**
 * Takes chunks in any order and gives them as the rows of a table, in row-major order of the grid. Whoever makes one has
 * seen to it that the grid is not too large: a row takes 16 bytes.
 */
export class ChunkTableBuilder {
  /** Chunks along each dimension. */
  readonly grid: readonly number[];
  readonly #file: MetadataFile;
  readonly #offsets: number[];
  readonly #lengths: number[];
  #skipped: number[] = [];

  constructor(file: MetadataFile, grid: readonly number[]) {
    const rows = grid.reduce((product, count) => product * count, 1);
    this.grid = grid;
    this.#file = file;
    this.#offsets = new Array<number>(rows).fill(0);
    this.#lengths = new Array<number>(rows).fill(0);
  }

  /** Number of rows. */
  get rows(): number {
    return this.#offsets.length;
  }

  /**
   * Sets a chunk that was written. One outside the grid is passed over: a dataset that shrank may keep it. Throws
   * FORMAT_CORRUPT when the object ends before the chunk does.
   */
  put(index: readonly number[], address: number, length: number, filterMask: number): void {
    let row = 0;
    for (let axis = 0; axis < this.grid.length; axis++) {
      if (index[axis] >= this.grid[axis]) return;
      row = row * this.grid[axis] + index[axis];
    }
    this.putRow(row, address, length);
    if (filterMask === 0) return;
    if (this.#skipped.length === 0) this.#skipped = new Array<number>(this.rows).fill(0);
    this.#skipped[row] = filterMask;
  }

  /** Sets a chunk by the number of its row. */
  putRow(row: number, address: number, length: number): void {
    if (!this.#file.holds(address, length)) {
      const found = `an object of ${this.#file.size} bytes`;
      throw this.#file.corrupt(address, `chunk ${row} of ${length} bytes`, found);
    }
    this.#offsets[row] = this.#file.offsetOf(address);
    this.#lengths[row] = length;
  }

  table(): ChunkTable {
    return { offsets: this.#offsets, lengths: this.#lengths, skippedCodecs: this.#skipped };
  }
}
