import type { MaskedArray } from '@hyperslab/array';

/** Over the values that are neither missing nor NaN nor infinite, in float64. */
export function statistics({ dtype, values, mask }: MaskedArray) {
  let finite = 0;
  let infinite = 0;
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  if (dtype === 'string' || dtype === 'char') return { finite, infinite, min, max, mean: Number.NaN };
  for (let i = 0; i < values.length; i++) {
    const value = Number(values[i]);
    if (mask?.[i] === 1 || Number.isNaN(value)) continue;
    if (!Number.isFinite(value)) {
      infinite++;
      continue;
    }
    finite++;
    sum += value;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return { finite, infinite, min, max, mean: sum / finite };
}
