import { isFloat, type MaskedArray } from '@hyperslab/array';

/** How many values are missing, and how many of the others are NaN. */
export function countValues(array: MaskedArray): { missing: number; nan: number } {
  const { mask } = array;
  let missing = 0;
  if (mask !== undefined) for (let i = 0; i < mask.length; i++) missing += mask[i];
  if (!isFloat(array.dtype)) return { missing, nan: 0 };
  const values = array.values as Float32Array | Float64Array;
  let nan = 0;
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i]) && mask?.[i] !== 1) nan++;
  }
  return { missing, nan };
}
