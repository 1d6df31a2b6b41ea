import { isFloat, type MaskedArray } from '@hyperslab/array';

/** How many values are missing, and how many of the others are NaN. */
export function countValues(array: MaskedArray): { missing: number; nan: number } {
  const { mask } = array;
  let missing = 0;
  if (mask !== undefined) for (let i = 0; i < mask.length; i++) missing += mask[i];
  if (!isFloat(array.dtype)) return { missing, nan: 0 };
  const values = array.values as Float32Array | Float64Array;
  // The engine's own search is several times faster than a loop, and mostly there is nothing to find.
  if (!values.includes(Number.NaN)) return { missing, nan: 0 };
  const nan = mask === undefined ? countNan(values) : countNanBeside(values, mask);
  return { missing, nan };
}

// Loops of their own, without a mask to look at, nor anything that is called: results have millions of values, and a compiler that has not yet
// seen many calls `Number.isNaN` and the getter of `length` for each.
function countNan(values: Float32Array | Float64Array): number {
  const { length } = values;
  let nan = 0;
  for (let i = 0; i < length; i++) nan += isNumber(values[i]) ? 0 : 1;
  return nan;
}

function countNanBeside(values: Float32Array | Float64Array, mask: Uint8Array): number {
  const { length } = values;
  let nan = 0;
  for (let i = 0; i < length; i++) nan += isNumber(values[i]) || mask[i] === 1 ? 0 : 1;
  return nan;
}

function isNumber(value: number): boolean {
  return value >= 0 || value < 0;
}
