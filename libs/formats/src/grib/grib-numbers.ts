import type { ByteCursor } from '../byte-cursor.ts';

/** An integer of `width` octets whose first bit is its sign (regulation 92.1.5 of both editions). */
export function signMagnitude(cursor: ByteCursor, width: 1 | 2 | 3 | 4): number {
  const value = cursor.uint(width);
  const sign = 2 ** (8 * width - 1);
  return value >= sign ? sign - value : value;
}

/** An unsigned integer of `width` octets; undefined when all bits are set, which means missing. */
export function optionalUint(cursor: ByteCursor, width: 1 | 2 | 3 | 4): number | undefined {
  const value = cursor.uint(width);
  return value === 2 ** (8 * width) - 1 ? undefined : value;
}

/**
 * A scale factor and a value: value × 10^-factor; undefined when one of them is missing. The division keeps decimals as
 * they were meant: 15 and 1 are 1.5 exactly.
 */
export function scaledValue(cursor: ByteCursor): number | undefined {
  const factor = optionalUint(cursor, 1);
  const value = optionalUint(cursor, 4);
  if (factor === undefined || value === undefined) return undefined;
  const exponent = factor >= 0x80 ? 0x80 - factor : factor;
  const number = value >= 0x80000000 ? 0x80000000 - value : value;
  return exponent >= 0 ? number / 10 ** exponent : number * 10 ** -exponent;
}

/** A number in IBM's hexadecimal floating point of four octets, as edition 1 has it (regulation 92.9.4). */
export function ibmFloat(cursor: ByteCursor): number {
  const bits = cursor.uint32();
  const fraction = (bits & 0xffffff) / 2 ** 24;
  const value = fraction * 16 ** (((bits >>> 24) & 0x7f) - 64);
  return bits >= 0x80000000 ? -value : value;
}
