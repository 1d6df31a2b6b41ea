import { isBigInt, isFloat, isNumeric } from '@hyperslab/array';
import type { IndexedVariable } from '@hyperslab/proto/index';

const ranges: Readonly<Record<string, [least: bigint, most: bigint]>> = {
  int8: [-(2n ** 7n), 2n ** 7n - 1n],
  uint8: [0n, 2n ** 8n - 1n],
  char: [0n, 2n ** 8n - 1n],
  int16: [-(2n ** 15n), 2n ** 15n - 1n],
  uint16: [0n, 2n ** 16n - 1n],
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
};

/** What chunks that were never written hold, of the text that a DMR++ has for it; undefined when it is no value of the type. */
export function fillOf(
  text: string | undefined,
  dtype: string,
): Pick<IndexedVariable, 'fillValue' | 'fillInteger'> | undefined {
  const trimmed = text?.trim() ?? '';
  if (isNumeric(dtype) && isFloat(dtype)) {
    const number = floatOf(trimmed);
    if (number === undefined) return undefined;
    return { fillValue: dtype === 'float32' ? Math.fround(number) : number };
  }
  const range = ranges[dtype];
  if (range === undefined || !/^[+-]?\d{1,20}$/.test(trimmed)) return undefined;
  const integer = BigInt(trimmed.replace('+', ''));
  if (integer < range[0] || integer > range[1]) return undefined;
  return isNumeric(dtype) && isBigInt(dtype)
    ? { fillInteger: String(integer) }
    : { fillValue: Number(integer) };
}

/** A number as C++ prints it. */
function floatOf(text: string): number | undefined {
  if (/^[+-]?nan$/i.test(text)) return Number.NaN;
  if (/^[+-]?inf(inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}
