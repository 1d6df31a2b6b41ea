import { isFloat, type MaskedArray } from '@hyperslab/array';

/** How many values are missing, and how many of the others are NaN. */
export function countValues(array: MaskedArray): { missing: number; nan: number } {
  const { mask } = array;
  let missing = 0;
  if (mask !== undefined) for (let i = 0; i < mask.length; i++) missing += mask[i];
  if (!isFloat(array.dtype)) return { missing, nan: 0 };
  const values = array.values as Float32Array | Float64Array;
  const nan = mask === undefined ? countNan(values) : countNanBeside(values, mask);
  return { missing, nan };
}

// Loops of their own, without a mask to look at: results have millions of values.
function countNan(values: Float32Array | Float64Array): number {
  let nan = 0;
  for (let i = 0; i < values.length; i++) nan += Number.isNaN(values[i]) ? 1 : 0;
  return nan;
}

function countNanBeside(values: Float32Array | Float64Array, mask: Uint8Array): number {
  let nan = 0;
  for (let i = 0; i < values.length; i++) nan += Number.isNaN(values[i]) && mask[i] !== 1 ? 1 : 0;
  return nan;
}
