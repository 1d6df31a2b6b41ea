import {
  allocateValues,
  clipRange,
  copyRegion,
  type DataType,
  elementCount,
  type IndexRange,
  type MaskedArray,
  type NumericValues,
} from '@hyperslab/array';

/** Where a box of an array falls into a hyperslab of it. */
export interface Overlap {
  /** Index of the first element in the result. */
  first: number[];
  /** Elements in each dimension; none may be 0. */
  counts: number[];
  /** Index of the first element in the box. */
  start: number[];
}

/** Which elements of a box the ranges select; undefined when they select none. */
export function overlapOf(
  ranges: readonly IndexRange[],
  origin: readonly number[],
  shape: readonly number[],
): Overlap | undefined {
  const clips = ranges.map((range, axis) => clipRange(range, origin[axis], origin[axis] + shape[axis]));
  if (clips.some(({ count }) => count === 0)) return undefined;
  return {
    first: clips.map(({ first }) => first),
    counts: clips.map(({ count }) => count),
    start: clips.map(({ first }, axis) => ranges[axis].start + first * ranges[axis].step - origin[axis]),
  };
}

/** The result of a read while it is filled box by box, in any order. */
export class ResultArray {
  readonly dtype: DataType;
  readonly shape: number[];
  readonly #values: NumericValues;
  #mask: Uint8Array | undefined;

  constructor(dtype: DataType, ranges: readonly IndexRange[]) {
    this.dtype = dtype;
    this.shape = ranges.map(({ count }) => count);
    this.#values = allocateValues(dtype, elementCount(this.shape));
  }

  /** Copies a compact box of values and its mask. */
  place(overlap: Overlap, values: NumericValues, mask?: Uint8Array): void {
    const { counts, first } = overlap;
    if (mask === undefined && counts.every((count, axis) => count === this.shape[axis])) {
      // One chunk is all that was asked for: the usual block of a computation.
      this.#values.set(values as Uint8Array & BigInt64Array);
      return;
    }
    const from = { arrayShape: counts, origin: counts.map(() => 0) };
    const to = { arrayShape: this.shape, origin: first };
    copyRegion(values, from, this.#values, to, counts);
    if (mask !== undefined) copyRegion(mask, from, this.#needMask(), to, counts);
  }

  /** Marks a box as missing. */
  placeMissing(overlap: Overlap): void {
    const missing = new Uint8Array(elementCount(overlap.counts)).fill(1);
    const from = { arrayShape: overlap.counts, origin: overlap.counts.map(() => 0) };
    const to = { arrayShape: this.shape, origin: overlap.first };
    copyRegion(missing, from, this.#needMask(), to, overlap.counts);
  }

  finish(): MaskedArray {
    return { dtype: this.dtype, shape: this.shape, values: this.#values, mask: this.#mask };
  }

  #needMask(): Uint8Array {
    this.#mask ??= new Uint8Array(this.#values.length);
    return this.#mask;
  }
}
