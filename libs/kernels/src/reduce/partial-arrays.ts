import { elementCount, type MaskedArray, type NumericType } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import { type Accumulator, carrySums, countAt, createAccumulator, type Reduction } from './accumulator.ts';

/** Of no elements: stands for an array that a partial result does not have. */
const absent: MaskedArray = { dtype: 'float64', shape: [0], values: new Float64Array(0) };

/** A partial result as arrays that can travel: the count of elements, counts of those left out, then its state. */
export function partialToArrays(accumulator: Accumulator): MaskedArray[] {
  carrySums(accumulator);
  const { shape, dtype, total, missing, nan, sums, carried, means, squares, extremes } = accumulator;
  const wrap = (values: MaskedArray['values'] | undefined, type: NumericType): MaskedArray =>
    values === undefined ? absent : { dtype: type, shape: [...shape], values };
  const counts = [
    totals(total, shape),
    wrap(missing, 'float64'),
    wrap(nan?.some((count) => count > 0) ? nan : undefined, 'float64'),
  ];
  if (means !== undefined) return [...counts, wrap(means, 'float64'), wrap(squares, 'float64')];
  if (extremes !== undefined) return [...counts, wrap(extremes, dtype)];
  if (sums === undefined) return counts;
  const exact = carried?.sums ?? sums;
  return [...counts, wrap(exact, typeOfSums(exact))];
}

function totals(total: number | Float64Array, shape: readonly number[]): MaskedArray {
  if (typeof total === 'number') return { dtype: 'float64', shape: [], values: Float64Array.of(total) };
  return { dtype: 'float64', shape: [...shape], values: total };
}

function typeOfSums(sums: MaskedArray['values']): NumericType {
  if (sums instanceof BigInt64Array) return 'int64';
  return sums instanceof BigUint64Array ? 'uint64' : 'float64';
}

/**
 * A partial result over cells of `shape` from copies of its arrays: a block is read by who does its task once more, too.
 * Throws FORMAT_CORRUPT when they are not of one.
 */
export function partialFromArrays(
  operation: Reduction,
  dtype: NumericType,
  shape: readonly number[],
  arrays: readonly MaskedArray[],
): Accumulator {
  const [total, ...rest] = arrays;
  const accumulator = createAccumulator(operation, dtype, shape, totalOf(operation, total, shape));
  const { sums, carried, means, squares, extremes } = accumulator;
  const state = [means, squares, extremes, carried?.sums ?? sums].filter((values) => values !== undefined);
  const cells = elementCount(shape);
  const fits = (array: MaskedArray, values: MaskedArray['values']) =>
    array.values.constructor === values.constructor && array.values.length === values.length;
  const counts = rest.slice(0, 2).map(({ values }) => {
    if (!(values instanceof Float64Array) || (values.length !== 0 && values.length !== cells))
      throw corrupt(operation);
    return values.length === 0 && cells !== 0 ? undefined : values.slice();
  });
  if (rest.length !== 2 + state.length || !state.every((values, i) => fits(rest[i + 2], values))) {
    throw corrupt(operation);
  }
  accumulator.missing = counts[0];
  accumulator.nan = counts[1] ?? accumulator.nan;
  state.forEach((values, i) => {
    (values as Float64Array).set(rest[i + 2].values as Float64Array);
  });
  for (let cell = 0; cell < cells && accumulator.merged !== undefined; cell++) {
    accumulator.merged[cell] = countAt(accumulator, cell);
  }
  return accumulator;
}

function totalOf(
  operation: Reduction,
  total: MaskedArray | undefined,
  shape: readonly number[],
): number | Float64Array {
  if (!(total?.values instanceof Float64Array)) throw corrupt(operation);
  if (total.shape.length === 0 && total.values.length === 1) return total.values[0];
  if (total.values.length !== elementCount(shape)) throw corrupt(operation);
  return total.values;
}

function corrupt(operation: Reduction): HyperslabError {
  return new HyperslabError(
    'FORMAT_CORRUPT',
    `block is no partial result of "${operation}"; compute the expression again`,
  );
}
