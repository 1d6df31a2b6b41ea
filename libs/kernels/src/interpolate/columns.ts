import {
  allocateValues,
  elementCount,
  isBigInt,
  type MaskedArray,
  type NumberArray,
  type NumericType,
} from '@hyperslab/array';
import { hearCancel } from '../hear-cancel.ts';
import { interpolatedType } from './interpolate.ts';

export type ColumnMethod = 'linear' | 'log' | 'nearest';

/**
 * Values along one axis at heights of which every element has its own: `heights` has the shape of `array`, and the result
 * has `targets` in the place of the axis. Between the first two neighbours along the axis that have the target between them; a
 * target outside of a column is missing, and so is one next to what is missing in either, or to a height that is infinite. `log`
 * is linear in the logarithm of heights; those that have none are missing. Both arrays are of numbers that fit float64.
 */
export function interpolateColumns(
  array: MaskedArray,
  heights: MaskedArray,
  axis: number,
  targets: Float64Array,
  method: ColumnMethod,
): MaskedArray {
  const { shape } = array;
  const levels = shape[axis];
  const outer = elementCount(shape.slice(0, axis));
  const inner = elementCount(shape.slice(axis + 1));
  const dtype = interpolatedType(array.dtype as NumericType, method === 'nearest');
  const values = allocateValues(dtype, outer * targets.length * inner) as NumberArray;
  const mask = new Uint8Array(values.length).fill(1);
  const source = (
    method !== 'nearest' && isBigInt(array.dtype) ? asFloat64(array) : array.values
  ) as NumberArray;
  const columns = asFloat64(heights);
  const scale = method === 'log' ? Math.log : (height: number) => height;
  const scaled = columns.map((height) => (Number.isFinite(scale(height)) ? scale(height) : Number.NaN));
  for (let o = 0; o < outer; o++) {
    for (let t = 0; t < targets.length; t++) {
      hearCancel();
      const target = method === 'log' ? Math.log(targets[t]) : targets[t];
      for (let i = 0; i < inner; i++) {
        const start = o * levels * inner + i;
        const to = (o * targets.length + t) * inner + i;
        for (let level = 0; level < levels; level++) {
          const at = start + level * inner;
          const here = scaled[at];
          const isLast = level + 1 === levels;
          const next = isLast ? Number.NaN : scaled[at + inner];
          let part: number;
          if (here === target) part = 0;
          else if ((here < target && target < next) || (here > target && target > next)) {
            part = (target - here) / (next - here);
            // Of two as near the lower.
            if (method === 'nearest') part = part < 0.5 || (part === 0.5 && here < next) ? 0 : 1;
          } else continue;
          if (isMissing(array, at, part < 1) || isMissing(array, at + inner, part > 0)) break;
          // Products with 0 would let infinity and NaN of the other level in.
          if (part === 0) values[to] = source[at];
          else if (part === 1) values[to] = source[at + inner];
          else values[to] = source[at] * (1 - part) + source[at + inner] * part;
          mask[to] = 0;
          break;
        }
      }
    }
  }
  return { dtype, shape: shape.with(axis, targets.length), values, mask };
}

function isMissing({ mask }: MaskedArray, at: number, counts: boolean): boolean {
  return counts && mask !== undefined && mask[at] !== 0;
}

/** NaN, which is between nothing, where they are missing. */
function asFloat64({ values, mask }: MaskedArray): Float64Array {
  const numbers = Float64Array.from(values as NumberArray, Number);
  if (mask === undefined) return numbers;
  for (let i = 0; i < numbers.length; i++) if (mask[i] !== 0) numbers[i] = Number.NaN;
  return numbers;
}
