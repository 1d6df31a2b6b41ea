import type { MaskedArray } from '@hyperslab/array';

/** Values of an array of numbers, null for what is missing. */
export function plainValues({ values, mask }: MaskedArray): (number | null)[] {
  return Array.from(values as Float64Array, (value, i) => (mask?.[i] ? null : value));
}
