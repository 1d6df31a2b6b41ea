/** Rows of chunk tables that may still be made, at 16 bytes each: a sparse dataset can claim any number of chunks. */
export class RowBudget {
  #left: number;

  constructor(rows: number) {
    this.#left = rows;
  }

  /** False when there are not as many left. */
  claim(rows: number): boolean {
    if (rows > this.#left) return false;
    this.#left -= rows;
    return true;
  }
}
