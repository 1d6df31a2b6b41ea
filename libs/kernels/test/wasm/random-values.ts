import { isFloat, itemSize, type NumberArray, type NumericType, viewValues } from '@hyperslab/array';
import type { Region } from '../../src/wasm/region.ts';

/** Numbers in [0, 1) that a seed tells (mulberry32): a property shrinks to a seed and a length, not to thousands of values. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What rounding and comparing may get wrong: denormal numbers of both types, neighbours of 1, what overflows float32. */
const special = [
  Number.NaN,
  Infinity,
  -Infinity,
  0,
  -0,
  5e-324,
  -1e-40,
  1e-45,
  1 + 2 ** -52,
  3.5e38,
  1e308,
  -1e308,
];

/**
 * Numbers of a type, each with a chance to be a special one; of an integer type, with one to be its least or greatest.
 */
export function randomValues(
  dtype: NumericType,
  count: number,
  next: () => number,
  chance: number,
): NumberArray {
  const values = viewValues(dtype, new ArrayBuffer(count * itemSize(dtype)), 0, count) as NumberArray;
  for (let i = 0; i < count; i++) {
    if (!isFloat(dtype))
      values[i] = next() < chance ? 2 ** 31 * (next() < 0.5 ? 1 : 0) - 1 : next() * 2 ** 33;
    else if (next() < chance) values[i] = special[Math.floor(next() * special.length)];
    else values[i] = (next() - 0.5) * 10 ** Math.floor(next() * 8);
  }
  return values;
}

/** A mask with runs of missing values. */
export function randomMask(count: number, next: () => number): Uint8Array {
  const mask = new Uint8Array(count);
  for (let i = 0; i < count; ) {
    const run = 1 + Math.floor(next() * 40);
    mask.fill(next() < 0.4 ? 1 : 0, i, i + run);
    i += run;
  }
  return mask;
}

/** Copies of arrays in the arena, which keep their offset from a multiple of 16 bytes; `undefined` stays. */
export function inArena(region: Region, array: NumberArray): NumberArray {
  const copy = region.array(dtypeOf(array), array.length) as NumberArray;
  copy.set(array);
  return copy;
}

function dtypeOf(array: NumberArray): string {
  return array.constructor.name.replace(/^Big|Array$/g, '').toLowerCase();
}
