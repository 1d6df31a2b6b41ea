import {
  allocateValues,
  isBigInt,
  type MaskedArray,
  type NumberArray,
  type NumericType,
} from '@hyperslab/array';
import fc from 'fast-check';
import { randomNumbers, randomValues } from '../wasm/random-values.ts';

/** Columns of any numbers along the middle of three dimensions, of which some may be missing. */
export function randomColumns(types: readonly NumericType[], leastLength = 1): fc.Arbitrary<MaskedArray> {
  return fc
    .record({
      dtype: fc.constantFrom(...types),
      shape: fc.tuple(
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: leastLength, max: 60 }),
        fc.integer({ min: 1, max: 20 }),
      ),
      seed: fc.nat(),
      isMasked: fc.boolean(),
      isCoarse: fc.boolean(),
    })
    .map(({ dtype, shape, seed, isMasked, isCoarse }) => {
      const next = randomNumbers(seed);
      const count = shape[0] * shape[1] * shape[2];
      // Coarse ones are often equal, zeros of both signs among them.
      const coarse = () => Math.round(4 * next() - 2);
      const values = isBigInt(dtype)
        ? randomIntegers(dtype, count, isCoarse ? () => BigInt(coarse()) : () => anyInteger(next))
        : randomValues(dtype, count, next, 0.2);
      if (isCoarse && !isBigInt(dtype)) for (let i = 0; i < count; i++) values[i] = coarse();
      const mask = isMasked ? Uint8Array.from({ length: count }, () => (next() < 0.2 ? 1 : 0)) : undefined;
      return { dtype, shape, values, mask };
    });
}

function randomIntegers(dtype: 'int64' | 'uint64', count: number, next: () => bigint): NumberArray {
  const values = allocateValues(dtype, count) as BigInt64Array;
  for (let i = 0; i < count; i++) values[i] = next();
  return values as never;
}

function anyInteger(next: () => number): bigint {
  return (BigInt(Math.floor(next() * 2 ** 32)) << 32n) + BigInt(Math.floor(next() * 2 ** 32));
}

/** A column of such an array, undefined where it is missing. */
export function columnOf(
  { shape, values, mask }: MaskedArray,
  outer: number,
  inner: number,
): (number | bigint | undefined)[] {
  return Array.from({ length: shape[1] }, (_, i) => {
    const at = (outer * shape[1] + i) * shape[2] + inner;
    return mask?.[at] === 1 ? undefined : (values as NumberArray)[at];
  });
}
