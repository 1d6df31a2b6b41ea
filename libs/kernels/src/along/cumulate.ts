import {
  type BigIntArray,
  elementCount,
  isBigInt,
  type MaskedArray,
  type NumberArray,
  type NumericType,
} from '@hyperslab/array';
import { type Allocator, ordinaryMemory } from '../allocator.ts';
import { hearCancel } from '../hear-cancel.ts';
import { reductionType } from '../reduce/accumulator.ts';
import { mostColumns, type Strip, type StripResult, storeStrip, visitStrips } from './strips.ts';

/** What goes on from one element to the next. */
export type Cumulation = 'sum' | 'prod' | 'min' | 'max';

/** Type of what is added up: that of the reduction of the same name. */
export function cumulatedType(operation: Cumulation, dtype: NumericType): NumericType {
  return reductionType(operation === 'prod' ? 'sum' : operation, dtype);
}

/**
 * For each element along a dimension from `first` on, the sum, the product or the extreme of all up to it: of `carries`, which are those of what
 * comes before the array, without the dimension, and then of the array. Missing and NaN are left out: a sum of nothing is 0, a product 1, an
 * extreme of nothing is missing. A carried sum or product that is NaN, as that of infinities, stays so. Sums and products are kept in float64, of integers in 64
 * bits.
 */
export function cumulate(
  operation: Cumulation,
  array: MaskedArray,
  axis: number,
  first: number,
  carries: readonly MaskedArray[],
  memory: Allocator = ordinaryMemory,
): MaskedArray {
  const dtype = cumulatedType(operation, array.dtype as NumericType);
  const shape = array.shape.with(axis, array.shape[axis] - first);
  const count = elementCount(shape);
  const mask = memory.zeros('uint8', count) as Uint8Array;
  const result = { dtype, shape, values: memory.array(dtype, count), mask };
  const isLarge = () => operation === 'prod' || mostSum(array.shape[axis], carries) > 2 ** 53;
  if (isBigInt(array.dtype) || (isBigInt(dtype) && isLarge()))
    cumulateExactly(operation, array, axis, first, carries, result);
  else {
    const step = { sum: addRow, prod: multiplyRow, min: leastOfRow, max: mostOfRow }[operation];
    const keepsNan = operation === 'sum' || operation === 'prod';
    const least = keepsNan ? 0 : 1;
    const nothing = operation === 'prod' ? 1 : 0;
    const elements = (shape[axis] + 1) * mostColumns(array, axis);
    const rows = { values: new Float64Array(elements), counts: new Float64Array(elements) };
    visitStrips(array, axis, (strip) =>
      storeStrip(
        cumulateStrip(step, strip, { first, carries, nothing, keepsNan }, rows),
        strip,
        result,
        axis,
        least,
      ),
    );
  }
  return mask.includes(1) ? result : { ...result, mask: undefined };
}

/** No sum of what is carried and so many 32-bit integers is farther from 0. */
function mostSum(length: number, carries: readonly MaskedArray[]): number {
  let most = 2 ** 32 * length;
  for (const { values } of carries) {
    let largest = 0;
    for (const value of values as BigIntArray) largest = Math.max(largest, Math.abs(Number(value)));
    most += largest;
  }
  return most;
}

/** A row of a result from the row before it, which may be itself, and a row of values. */
type Step = (
  result: StripResult,
  to: number,
  previous: number,
  values: Float64Array,
  at: number,
  width: number,
) => void;

/** What comes before the rows that are wanted. */
interface Before {
  /** The first of them. */
  first: number;
  carries: readonly MaskedArray[];
  /** What nothing comes to. */
  nothing: number;
  /** A carry that is NaN is no carry of nothing. */
  keepsNan: boolean;
}

/** What comes before the strip is in the first row of `result`, the rows that are wanted after it. */
function cumulateStrip(
  step: Step,
  { values, length, width, first: column }: Strip,
  { first, carries, nothing, keepsNan }: Before,
  result: StripResult,
): StripResult {
  result.values.fill(nothing, 0, width);
  result.counts.fill(0, 0, width);
  const carried = new Float64Array(width);
  for (const carry of carries) {
    for (let j = 0; j < width; j++) carried[j] = numberAt(carry, column + j);
    step(result, 0, 0, carried, 0, width);
    if (keepsNan) for (let j = 0; j < width; j++) if (isNan(carry, column + j)) result.values[j] = Number.NaN;
  }
  for (let i = 0; i < first; i++) step(result, 0, 0, values, i * width, width);
  for (let i = first; i < length; i++)
    step(result, (i - first + 1) * width, (i - first) * width, values, i * width, width);
  return { values: result.values.subarray(width), counts: result.counts.subarray(width) };
}

function numberAt({ values, mask }: MaskedArray, at: number): number {
  return mask !== undefined && mask[at] !== 0 ? Number.NaN : Number(values[at]);
}

function isNan({ values, mask }: MaskedArray, at: number): boolean {
  return Number.isNaN(values[at]) && (mask === undefined || mask[at] === 0);
}

const addRow: Step = (result, to, previous, values, at, width) => {
  const sums = result.values;
  for (let j = 0; j < width; j++) {
    const value = values[at + j];
    sums[to + j] = Number.isNaN(value) ? sums[previous + j] : sums[previous + j] + value;
  }
};

const multiplyRow: Step = (result, to, previous, values, at, width) => {
  const products = result.values;
  for (let j = 0; j < width; j++) {
    const value = values[at + j];
    products[to + j] = Number.isNaN(value) ? products[previous + j] : products[previous + j] * value;
  }
};

const leastOfRow: Step = (result, to, previous, values, at, width) => {
  const { values: least, counts } = result;
  for (let j = 0; j < width; j++) {
    const value = values[at + j];
    const count = counts[previous + j];
    const known = least[previous + j];
    counts[to + j] = count + (Number.isNaN(value) ? 0 : 1);
    least[to + j] = value < known || (count === 0 && !Number.isNaN(value)) ? value : known;
  }
};

const mostOfRow: Step = (result, to, previous, values, at, width) => {
  const { values: most, counts } = result;
  for (let j = 0; j < width; j++) {
    const value = values[at + j];
    const count = counts[previous + j];
    const known = most[previous + j];
    counts[to + j] = count + (Number.isNaN(value) ? 0 : 1);
    most[to + j] = value > known || (count === 0 && !Number.isNaN(value)) ? value : known;
  }
};

/** Of integers whose sums or products float64 does not hold; they wrap at 64 bits. */
function cumulateExactly(
  operation: Cumulation,
  array: MaskedArray,
  axis: number,
  first: number,
  carries: readonly MaskedArray[],
  result: MaskedArray & { mask: Uint8Array },
): void {
  const [length, rows] = [array.shape[axis], array.shape[axis] - first];
  const inner = elementCount(array.shape.slice(axis + 1));
  const columns = inner * elementCount(array.shape.slice(0, axis));
  const write = writer(result);
  for (let column = 0; column < columns; column++) {
    hearCancel();
    const outer = Math.floor(column / inner);
    let total: bigint | undefined = { sum: 0n, prod: 1n, min: undefined, max: undefined }[operation];
    const add = ({ values, mask }: MaskedArray, at: number): void => {
      if (mask !== undefined && mask[at] !== 0) return;
      const value = BigInt(values[at] as number | bigint);
      if (total === undefined) total = value;
      else if (operation === 'sum') total += value;
      else if (operation === 'prod') total = BigInt.asIntN(64, total * value);
      else if (operation === 'min' ? value < total : value > total) total = value;
    };
    for (const carry of carries) add(carry, column);
    for (let i = 0; i < length; i++) {
      add(array, (outer * length + i) * inner + (column % inner));
      if (i >= first) write((outer * rows + i - first) * inner + (column % inner), total);
    }
  }
}

function writer({ dtype, values, mask }: MaskedArray & { mask: Uint8Array }) {
  return (at: number, total: bigint | undefined): void => {
    mask[at] = total === undefined ? 1 : 0;
    if (isBigInt(dtype)) (values as BigIntArray)[at] = total ?? 0n;
    else (values as NumberArray)[at] = Number(total ?? 0n);
  };
}
