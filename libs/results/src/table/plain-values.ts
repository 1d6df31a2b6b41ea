import { isBigInt, isFloat, type MaskedArray } from '@hyperslab/array';

/** A value as JSON and CSV have it. */
export type PlainValue = number | string | null;

/**
 * Values of an array for JSON, flat in row-major order: null where missing and for NaN, ±Infinity and integers past 2^53
 * as strings, a char as a string of one character.
 */
export function plainValues(array: MaskedArray): PlainValue[] {
  const read = valueReader(array);
  return Array.from({ length: array.values.length }, (_, i) => read(i));
}

/** Reads one value of an array, as `plainValues` has it. */
export function valueReader({ dtype, values, mask }: MaskedArray): (index: number) => PlainValue {
  const convert = converter(dtype);
  return (i) => (mask?.[i] === 1 ? null : convert(values[i] as never));
}

function converter(dtype: string): (value: never) => PlainValue {
  if (dtype === 'string') return (value: string) => value;
  if (dtype === 'char') return (value: number) => (value === 0 ? '' : String.fromCharCode(value));
  if (isBigInt(dtype)) return bigintValue as (value: never) => PlainValue;
  if (isFloat(dtype)) return floatValue as (value: never) => PlainValue;
  return (value: number) => value;
}

function bigintValue(value: bigint): PlainValue {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

function floatValue(value: number): PlainValue {
  if (Number.isNaN(value)) return null;
  return Number.isFinite(value) ? value : String(value);
}
