import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  allocateValues,
  type BigIntArray,
  isBigInt,
  type MaskedArray,
  type NumberArray,
  type NumericType,
} from '@hyperslab/array';
import { repository } from '@hyperslab/testing';

export type PlainValue = number | string | null;

/** What numpy made: see fixtures/kernels/make_numpy_results.py. */
export interface NumpyResults {
  inputs: Record<NumericType, PlainValue[]>;
  binary: [name: string, a: NumericType, b: NumericType, dtype: string, result: PlainValue[]][];
  unary: [name: string, a: NumericType, dtype: string, result: PlainValue[]][];
  power: [exponent: number, a: NumericType, dtype: string, result: PlainValue[]][];
  /** With Python numbers, as Python writes them; without a type where numpy refuses. */
  literals: [
    name: string,
    a: NumericType,
    literal: string,
    side: 'left' | 'right',
    dtype: string | null,
    result: PlainValue[],
  ][];
  reductions: {
    dtype: NumericType;
    shape: number[];
    values: PlainValue[];
    mask: number[];
    cases: [axes: number[], masked: boolean, operation: 'mean', dtype: string, result: PlainValue[]][];
  }[];
}

export const numpyResults: NumpyResults = JSON.parse(
  readFileSync(join(repository, 'fixtures/kernels/numpy-results.json'), 'utf8'),
);

/** An array of values as the fixture writes them. */
export function arrayOf(
  dtype: NumericType,
  values: readonly PlainValue[],
  shape = [values.length],
): MaskedArray {
  const array = allocateValues(dtype, values.length);
  values.forEach((value, i) => {
    if (isBigInt(dtype)) (array as BigIntArray)[i] = BigInt(value ?? 0);
    else (array as NumberArray)[i] = Number(value ?? 0);
  });
  return { dtype, shape, values: array };
}

/** Why a result is not what numpy has; undefined when it is: integers exactly, floats to a few units in the last place. */
export function difference(
  actual: MaskedArray,
  expected: readonly PlainValue[],
  relative: number,
): string | undefined {
  for (const [i, value] of expected.entries()) {
    const missing = (actual.mask?.[i] ?? 0) !== 0;
    if (missing !== (value === null)) return `at ${i}: missing is ${missing}, numpy has ${value}`;
    if (value === null) continue;
    const got = actual.values[i] as number | bigint;
    if (
      typeof got === 'bigint' ? got === BigInt(value) : Object.is(got, Number(value)) || got === Number(value)
    )
      continue;
    if (typeof got === 'number' && Math.abs(got - Number(value)) <= relative * Math.abs(Number(value)))
      continue;
    return `at ${i}: ${got}, numpy has ${value}`;
  }
  return undefined;
}
