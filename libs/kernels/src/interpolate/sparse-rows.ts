import { hearCancel } from '../hear-cancel.ts';

/**
 * Which source elements make each target element, with weights: the rows of a sparse matrix. Row r has the entries from
 * `offsets[r]` to `offsets[r + 1]`. Weights of a row add up to 1, to less where the target lies partly outside the
 * source; a row without entries is a target that has no value.
 */
export interface SparseRows {
  offsets: Int32Array;
  indices: Int32Array;
  weights: Float64Array;
}

/** Bytes of an index with its weight. */
const entryBytes = 4 + 8;

/** Collects rows, one after the other. */
export class RowsBuilder {
  private readonly offsets: number[] = [0];
  private indices = new Int32Array(64);
  private weights = new Float64Array(64);
  private entries = 0;

  /** An entry of the row that is being made. Zeros are left out: what has no weight may be missing. */
  add(index: number, weight: number): void {
    if (weight === 0) return;
    if (this.entries === this.indices.length) {
      const indices = new Int32Array(2 * this.entries);
      const weights = new Float64Array(2 * this.entries);
      indices.set(this.indices);
      weights.set(this.weights);
      this.indices = indices;
      this.weights = weights;
    }
    this.indices[this.entries] = index;
    this.weights[this.entries++] = weight;
  }

  /** Bytes that are held at once to make so many rows of so many entries in all: as rooms double, and are copied in the end. */
  static bytes(rows: number, entries: number): number {
    return 3 * Math.max(64, entries) * entryBytes + (rows + 1) * (4 + 4 * 8);
  }

  endRow(): void {
    hearCancel();
    this.offsets.push(this.entries);
  }

  finish(): SparseRows {
    return {
      offsets: Int32Array.from(this.offsets),
      indices: this.indices.slice(0, this.entries),
      weights: this.weights.slice(0, this.entries),
    };
  }
}

export function rowCount({ offsets }: SparseRows): number {
  return offsets.length - 1;
}

/** Bytes that rows take in memory. */
export function rowsBytes({ offsets, indices, weights }: SparseRows): number {
  return offsets.byteLength + indices.byteLength + weights.byteLength;
}

/** The first source element that rows need and how many up to the last; none of rows without entries. */
export function sourceSpan(
  { offsets, indices }: SparseRows,
  firstRow: number,
  rows: number,
): { start: number; count: number } {
  let low = Number.POSITIVE_INFINITY;
  let high = -1;
  for (let entry = offsets[firstRow]; entry < offsets[firstRow + rows]; entry++) {
    low = Math.min(low, indices[entry]);
    high = Math.max(high, indices[entry]);
  }
  return high < 0 ? { start: 0, count: 0 } : { start: low, count: high - low + 1 };
}

/** Some rows, of a source whose element `origin` is the first. */
export function partOfRows(
  { offsets, indices, weights }: SparseRows,
  firstRow: number,
  rows: number,
  origin: number,
): SparseRows {
  const [from, to] = [offsets[firstRow], offsets[firstRow + rows]];
  return {
    offsets: offsets.slice(firstRow, firstRow + rows + 1).map((offset) => offset - from),
    indices: indices.slice(from, to).map((index) => index - origin),
    weights: weights.slice(from, to),
  };
}

/** Rows over the elements of a plane, of rows over each of its two axes: every pair of rows, the second changing faster. */
export function pairRows(first: SparseRows, second: SparseRows, secondExtent: number): SparseRows {
  const builder = new RowsBuilder();
  for (let a = 0; a < rowCount(first); a++) {
    for (let b = 0; b < rowCount(second); b++) addProduct(builder, first, a, second, b, secondExtent);
  }
  return builder.finish();
}

/** Rows over the elements of a plane, of as many rows over each of its axes: row r of one with row r of the other. */
export function zipRows(first: SparseRows, second: SparseRows, secondExtent: number): SparseRows {
  const builder = new RowsBuilder();
  for (let row = 0; row < rowCount(first); row++) addProduct(builder, first, row, second, row, secondExtent);
  return builder.finish();
}

function addProduct(
  builder: RowsBuilder,
  first: SparseRows,
  a: number,
  second: SparseRows,
  b: number,
  extent: number,
): void {
  for (let i = first.offsets[a]; i < first.offsets[a + 1]; i++) {
    for (let j = second.offsets[b]; j < second.offsets[b + 1]; j++) {
      builder.add(first.indices[i] * extent + second.indices[j], first.weights[i] * second.weights[j]);
    }
  }
  builder.endRow();
}
