import type { MaskedArray } from '@hyperslab/array';

/** What is compared of an array that two contestants computed. */
export interface Checksum {
  /** Values that are neither missing nor NaN. */
  count: number;
  /** Their mean, and that of their sizes, added up in float64. */
  mean: number;
  magnitude: number;
}

/** Means may differ by so much of the size of the values: several roundings of float32. */
const tolerance = 1e-5;

/** Checksum of an array of floating-point numbers. */
export function checksumOf({ values, mask }: MaskedArray): Checksum {
  const numbers = values as Float32Array | Float64Array;
  let [count, sum, sizes] = [0, 0, 0];
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers[i];
    if (Number.isNaN(value) || mask?.[i] === 1) continue;
    count++;
    sum += value;
    sizes += Math.abs(value);
  }
  return { count, mean: sum / count, magnitude: sizes / count };
}

/** How results differ from ours, in words; undefined when they agree. */
export function difference(ours: readonly Checksum[], theirs: readonly Checksum[]): string | undefined {
  if (ours.length !== theirs.length) return `${theirs.length} arrays where ours are ${ours.length}`;
  for (const [at, own] of ours.entries()) {
    const other = theirs[at];
    const array = ours.length > 1 ? `array ${at}: ` : '';
    if (own.count !== other.count) return `${array}${other.count} values where ours are ${own.count}`;
    // Not "greater than": NaN must differ.
    if (!(Math.abs(own.mean - other.mean) <= tolerance * own.magnitude))
      return `${array}a mean of ${other.mean} where ours is ${own.mean}`;
  }
  return undefined;
}
