import { type BigIntArray, elementCount, type MaskedArray } from '@hyperslab/array';
import { hearCancel } from '../hear-cancel.ts';
import { type MovingWindow, moveWindow, type Windows } from './window.ts';

/** Sums and extremes of windows of 64-bit integers, column by column; sums wrap, as of arrays. */
export function rollExactly(
  operation: 'sum' | 'min' | 'max',
  array: MaskedArray,
  axis: number,
  windows: Windows,
  result: MaskedArray & { mask: Uint8Array },
): void {
  const length = array.shape[axis];
  const inner = elementCount(array.shape.slice(axis + 1));
  const columns = inner * elementCount(array.shape.slice(0, axis));
  const least = Math.max(1, windows.least);
  const column: Column = { length, numbers: new BigInt64Array(length), missing: new Uint8Array(length) };
  if (array.dtype === 'uint64') column.numbers = new BigUint64Array(length);
  for (let number = 0; number < columns; number++) {
    hearCancel();
    const outer = Math.floor(number / inner);
    loadColumn(array, outer * length * inner + (number % inner), inner, column);
    const window = operation === 'sum' ? new SummedWindow(column) : new ExtremeWindow(operation, column);
    moveWindow(windows, window, (place) => {
      const at = (outer * windows.count + place) * inner + (number % inner);
      const isMissing = window.count < least;
      (result.values as BigIntArray)[at] = isMissing ? 0n : window.total;
      result.mask[at] = isMissing ? 1 : 0;
    });
  }
}

interface Column {
  length: number;
  numbers: BigIntArray;
  missing: Uint8Array;
}

function loadColumn({ values, mask }: MaskedArray, at: number, step: number, column: Column): void {
  for (let i = 0, from = at; i < column.length; i++, from += step) {
    column.numbers[i] = values[from] as bigint;
    column.missing[i] = mask?.[from] ?? 0;
  }
}

/** A sum of integers that wraps is exact whatever is taken off again. */
class SummedWindow implements MovingWindow {
  total = 0n;
  count = 0;
  readonly #column: Column;

  constructor(column: Column) {
    this.#column = column;
  }

  enter(index: number): void {
    this.#add(index, 1);
  }

  leave(index: number): void {
    this.#add(index, -1);
  }

  #add(index: number, change: 1 | -1): void {
    const { numbers, missing } = this.#column;
    if (missing[index] !== 0) return;
    this.count += change;
    this.total = BigInt.asIntN(64, change === 1 ? this.total + numbers[index] : this.total - numbers[index]);
  }
}

/** The extreme of a window, and behind it those that are the extreme once what is before them has left. */
class ExtremeWindow implements MovingWindow {
  count = 0;
  readonly #column: Column;
  readonly #isLeast: boolean;
  /** Indices, from `#first` to before `#end`. */
  readonly #candidates: Int32Array;
  #first = 0;
  #end = 0;

  constructor(operation: 'min' | 'max', column: Column) {
    this.#column = column;
    this.#isLeast = operation === 'min';
    this.#candidates = new Int32Array(column.length);
  }

  get total(): bigint {
    return this.#column.numbers[this.#candidates[this.#first]];
  }

  enter(index: number): void {
    const { numbers, missing } = this.#column;
    if (missing[index] !== 0) return;
    this.count++;
    const number = numbers[index];
    const isBefore = (other: bigint) => (this.#isLeast ? number <= other : number >= other);
    while (this.#end > this.#first && isBefore(numbers[this.#candidates[this.#end - 1]])) this.#end--;
    this.#candidates[this.#end++] = index;
  }

  leave(index: number): void {
    if (this.#column.missing[index] !== 0) return;
    this.count--;
    if (this.#candidates[this.#first] === index) this.#first++;
  }
}
