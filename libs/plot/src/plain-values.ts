import type { MaskedArray } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';

/** Values as numbers, NaN where they are missing. Throws NOT_COMPUTABLE for text. */
export function plainValues({ dtype, values, mask }: MaskedArray): Float64Array {
  if (Array.isArray(values) || dtype === 'char')
    throw new HyperslabError(
      'NOT_COMPUTABLE',
      `plot: values of type ${dtype} can't be drawn; expected numbers`,
    );
  const plain = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = Number(values[i]);
    plain[i] = mask?.[i] === 1 || !Number.isFinite(value) ? Number.NaN : value;
  }
  return plain;
}

/** Smallest and largest of the values that are there; undefined when none is. */
export function valueRange(values: Float64Array): [number, number] | undefined {
  let [smallest, largest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < smallest) smallest = value;
    if (value > largest) largest = value;
  }
  return smallest <= largest ? [smallest, largest] : undefined;
}
