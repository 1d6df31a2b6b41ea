import type { Section } from './section.ts';
import { assertWidth, unpackBits } from './unpack-bits.ts';

/**
 * Integers of one width, one for each group, from an octet on. The caller holds `count` to the number of values. Throws
 * FORMAT_CORRUPT when the section ends before, FORMAT_UNSUPPORTED for more than 32 bits.
 */
export function unpackColumn(
  data: Section,
  octet: number,
  width: number,
  count: number,
  what: string,
): Uint32Array {
  assertWidth(width, what);
  data.requireBits(octet, width * count, what);
  const values = new Uint32Array(count);
  unpackBits(data.view, 8 * (octet - 1), width, count, values);
  return values;
}
