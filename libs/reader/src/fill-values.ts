import {
  allocateValues,
  type BigIntArray,
  isBigInt,
  type NumberArray,
  type NumericValues,
} from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import type { Packing } from '@hyperslab/proto/array';

/** Stored values of a chunk that was never written: what its format states, else zeros. */
export function unwrittenValues(dtype: string, count: number, packing: Packing): NumericValues {
  const { unwrittenValue, unwrittenInteger } = packing;
  return filledValues(dtype, count, unwrittenInteger ?? unwrittenValue ?? 0);
}

/**
 * Stored values that stand for missing data. Throws STORED_ALIKE_NEEDED when the packing has no number that means
 * "missing": then missing data can't be said in stored values.
 */
export function missingStoredValues(
  dtype: string,
  count: number,
  packing: Packing | undefined,
  variable: string,
): NumericValues {
  const missing = packing?.missingIntegers[0] ?? packing?.missingValues[0];
  if (missing === undefined) {
    throw new HyperslabError(
      'STORED_ALIKE_NEEDED',
      `"${variable}": a piece is missing, and no stored number means missing; read computed values instead of stored ones`,
      { variable },
    );
  }
  return filledValues(dtype, count, missing);
}

function filledValues(dtype: string, count: number, value: number | string): NumericValues {
  const values = allocateValues(dtype, count);
  if (isBigInt(dtype)) (values as BigIntArray).fill(BigInt(value));
  else (values as NumberArray).fill(Number(value));
  return values;
}
