import {
  clipRange,
  copyRegion,
  type DataType,
  elementCount,
  type IndexRange,
  type MaskedArray,
  type NumericValues,
} from '@hyperslab/array';
import { type Allocator, copyBox, ordinaryMemory } from '@hyperslab/kernels';

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
  readonly #count: number;
  readonly #memory: Allocator;
  #values: NumericValues | undefined;
  #mask: Uint8Array | undefined;

  constructor(dtype: DataType, ranges: readonly IndexRange[], memory: Allocator = ordinaryMemory) {
    this.dtype = dtype;
    this.shape = ranges.map(({ count }) => count);
    this.#count = elementCount(this.shape);
    this.#memory = memory;
  }

  /** Copies a compact box of values and its mask; takes them as they are when they are all of it, as the usual tile of a computation. */
  place(overlap: Overlap, values: NumericValues, mask?: Uint8Array): void {
    const { counts, first } = overlap;
    if (counts.every((count, axis) => count === this.shape[axis])) {
      this.#values = values;
      this.#mask = mask;
      return;
    }
    const from = { arrayShape: counts, origin: counts.map(() => 0) };
    const to = { arrayShape: this.shape, origin: first };
    copyBox(values, from, this.#needValues(), to, counts);
    if (mask !== undefined) copyBox(mask, from, this.#needMask(), to, counts);
  }

  /** Marks a box as missing. */
  placeMissing(overlap: Overlap): void {
    const missing = new Uint8Array(elementCount(overlap.counts)).fill(1);
    const from = { arrayShape: overlap.counts, origin: overlap.counts.map(() => 0) };
    const to = { arrayShape: this.shape, origin: overlap.first };
    copyRegion(missing, from, this.#needMask(), to, overlap.counts);
  }

  finish(): MaskedArray {
    return { dtype: this.dtype, shape: this.shape, values: this.#needValues(), mask: this.#mask };
  }

  /** Zeros: where nothing is placed, something is missing. */
  #needValues(): NumericValues {
    this.#values ??= this.#memory.zeros(this.dtype, this.#count);
    return this.#values;
  }

  #needMask(): Uint8Array {
    this.#mask ??= this.#memory.zeros('uint8', this.#count) as Uint8Array;
    return this.#mask;
  }
}
