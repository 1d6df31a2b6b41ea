import {
  type BigIntArray,
  elementCount,
  type MaskedArray,
  type NumberArray,
  type NumericValues,
} from '@hyperslab/array';
import { convert } from '../convert.ts';
import { anyUncountedByKernel, divideByKernel } from '../wasm/finish.ts';
import { type Accumulator, carrySums, countAt, reductionType } from './accumulator.ts';

/**
 * The values of a reduction. A cell of nothing but missing elements is missing; one of NaN, or of NaN and missing
 * elements, is NaN. A count is never missing. They lie where the accumulator does.
 *
 * @param ddof std and var are divided by the number of elements less this; of no more elements than this they are NaN
 */
export function finish(accumulator: Accumulator, ddof = 0): MaskedArray {
  const { operation, dtype, shape } = accumulator;
  const result = reductionType(operation, dtype);
  const cells = elementCount(shape);
  if (operation === 'count') return { dtype: result, shape: [...shape], values: counts(accumulator, cells) };
  const values = finalValues(accumulator, cells, ddof);
  if (anyUncountedByKernel(accumulator, cells) === false) return { dtype: result, shape: [...shape], values };
  let mask: Uint8Array | undefined;
  for (let cell = 0; cell < cells; cell++) {
    if (countAt(accumulator, cell) > 0) continue;
    if (accumulator.nan !== undefined && accumulator.nan[cell] > 0)
      (values as NumberArray)[cell] = Number.NaN;
    else {
      mask ??= new Uint8Array(cells);
      mask[cell] = 1;
    }
  }
  return { dtype: result, shape: [...shape], values, mask };
}

function counts(accumulator: Accumulator, cells: number): BigInt64Array {
  const values = new BigInt64Array(cells);
  for (let cell = 0; cell < cells; cell++) values[cell] = BigInt(countAt(accumulator, cell));
  return values;
}

function finalValues(accumulator: Accumulator, cells: number, ddof: number): NumericValues {
  const { operation, dtype, sums, extremes, squares, carried, memory } = accumulator;
  const result = reductionType(operation, dtype);
  if (extremes !== undefined) return extremes;
  if (operation === 'sum') {
    carrySums(accumulator);
    if (carried !== undefined) return carried.sums;
    return convert(
      sums as BigIntArray | Float64Array,
      sums instanceof Float64Array ? 'float64' : dtype,
      result,
    );
  }
  const values = memory.array(result, cells) as NumberArray;
  const divided = (operation === 'mean' ? sums : squares) as Float64Array;
  const less = operation === 'mean' ? 0 : ddof;
  if (divideByKernel(accumulator, divided, less, operation === 'std', result as 'float32', values))
    return values;
  for (let cell = 0; cell < cells; cell++) {
    const count = countAt(accumulator, cell);
    const quotient = count > less ? divided[cell] / (count - less) : Number.NaN;
    values[cell] = operation === 'std' ? Math.sqrt(quotient) : quotient;
  }
  return values;
}
