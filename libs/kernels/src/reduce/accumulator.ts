import {
  type BigIntArray,
  elementCount,
  isBigInt,
  isFloat,
  type NumberArray,
  type NumericType,
  type NumericValues,
} from '@hyperslab/array';
import { type Allocator, ordinaryMemory } from '../allocator.ts';
import { integerLimits, isUnsigned } from '../promotion.ts';
import { totalAt } from '../reductions/reduction-kind.ts';

/** Reductions. `std` and `var` are of the population (ddof 0), as numpy and xarray have it by default. */
export const reductionNames = ['mean', 'sum', 'min', 'max', 'std', 'var', 'count'] as const;
export type Reduction = (typeof reductionNames)[number];

/** True for the name of a reduction. */
export function isReduction(name: string): name is Reduction {
  return (reductionNames as readonly string[]).includes(name);
}

/**
 * Type of a reduction's result, as in numpy: sums of integers in 64 bits, mean, std and var of integers float64, floating
 * point keeps its type; count is int64.
 */
export function reductionType(operation: Reduction, dtype: NumericType): NumericType {
  if (operation === 'count') return 'int64';
  if (operation === 'min' || operation === 'max' || isFloat(dtype)) return dtype;
  if (operation === 'sum') return isUnsigned(dtype) ? 'uint64' : 'int64';
  return 'float64';
}

/**
 * A reduction under way. Its cells, of `shape`, are the dimensions that stay. Every cell is made of `total` elements, or each of as
 * many as an array says; of these, `missing` and `nan` count those that are left out. Floating point is accumulated in float64.
 */
export interface Accumulator {
  operation: Reduction;
  /** Type of the elements. */
  dtype: NumericType;
  shape: number[];
  total: number | Float64Array;
  missing?: Float64Array;
  nan?: Float64Array;
  /** For sum and mean. For a sum of 64-bit integers the sum itself, wrapping; else see `carried`. */
  sums?: Float64Array | BigIntArray;
  /**
   * For sums of shorter integers, whose float64 sums are exact up to 2^53 only: what was carried over before, and how
   * many elements a cell may have got since then.
   */
  carried?: { sums: BigIntArray; pending: number };
  /** For std and var: mean, sum of squared differences from it, and how many elements they are of. */
  means?: Float64Array;
  squares?: Float64Array;
  merged?: Float64Array;
  /** For min and max. */
  extremes?: NumberArray | BigIntArray;
  /** Where its arrays are. */
  memory: Allocator;
}

/**
 * An accumulator of nothing yet, whose cells will get `total` elements each, missing ones included. A region as its
 * memory must stay for as long as the accumulator, and what was finished of it, is used; cells in the arena are added to where they are.
 */
export function createAccumulator(
  operation: Reduction,
  dtype: NumericType,
  shape: readonly number[],
  total: number | Float64Array,
  memory: Allocator = ordinaryMemory,
): Accumulator {
  const cells = elementCount(shape);
  const accumulator: Accumulator = { operation, dtype, shape: [...shape], total, memory };
  const float64 = () => memory.zeros('float64', cells) as Float64Array;
  if (isFloat(dtype)) accumulator.nan = float64();
  if (operation === 'mean') accumulator.sums = float64();
  if (operation === 'sum') createSums(accumulator, cells);
  if (operation === 'min' || operation === 'max')
    accumulator.extremes = createExtremes(operation, dtype, memory.zeros(dtype, cells));
  if (operation === 'std' || operation === 'var') {
    accumulator.means = float64();
    accumulator.squares = float64();
    accumulator.merged = float64();
  }
  return accumulator;
}

function createSums(accumulator: Accumulator, cells: number): void {
  const { dtype, memory } = accumulator;
  if (isBigInt(dtype)) {
    accumulator.sums = memory.zeros(dtype, cells) as BigIntArray;
    return;
  }
  accumulator.sums = memory.zeros('float64', cells) as Float64Array;
  if (isFloat(dtype)) return;
  const sums = memory.zeros(reductionType('sum', dtype), cells) as BigIntArray;
  accumulator.carried = { sums, pending: 0 };
}

function createExtremes(
  operation: 'min' | 'max',
  dtype: NumericType,
  extremes: NumericValues,
): NumberArray | BigIntArray {
  if (isFloat(dtype)) return (extremes as NumberArray).fill(operation === 'min' ? Infinity : -Infinity);
  const { min, max } = integerLimits(dtype);
  const worst = operation === 'min' ? max : min;
  if (isBigInt(dtype)) return (extremes as BigIntArray).fill(worst);
  return (extremes as NumberArray).fill(Number(worst));
}

/** How many elements of a cell count: neither missing nor NaN. */
export function countAt({ total, missing, nan }: Accumulator, cell: number): number {
  return (
    totalAt(total, cell) - (missing === undefined ? 0 : missing[cell]) - (nan === undefined ? 0 : nan[cell])
  );
}

/** Moves float64 sums of integers into exact 64-bit ones, before more elements could make them inexact. */
export function carrySums(accumulator: Accumulator): void {
  const { carried, sums } = accumulator;
  if (carried === undefined || carried.pending === 0) return;
  for (let cell = 0; cell < carried.sums.length; cell++) {
    carried.sums[cell] += BigInt((sums as Float64Array)[cell]);
  }
  (sums as Float64Array).fill(0);
  carried.pending = 0;
}

/** How many elements of an integer type can be summed exactly in float64. */
export function exactSummands(dtype: NumericType): number {
  const { min, max } = integerLimits(dtype);
  return Math.floor(2 ** 53 / Math.max(Number(-min), Number(max)));
}
