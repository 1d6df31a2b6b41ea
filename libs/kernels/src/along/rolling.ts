import { elementCount, isBigInt, type MaskedArray, type NumericType } from '@hyperslab/array';
import { type Allocator, ordinaryMemory } from '../allocator.ts';
import { isUnsigned } from '../promotion.ts';
import { copyFold, createFolds, type FoldKind, type Folds, foldColumns, joinFolds } from './folds.ts';
import { rollExactly } from './roll-integers.ts';
import { mostColumns, type Strip, type StripResult, storeStrip, visitStrips } from './strips.ts';
import { type Windows, windowOf } from './window.ts';
import { rollMedians } from './window-median.ts';

/** What can be computed of moving windows. */
export const rollingNames = ['mean', 'sum', 'min', 'max', 'std', 'var', 'median', 'count'] as const;

export type Rolling = (typeof rollingNames)[number];

/** Type of what is computed of windows: that of the reduction of the same name. */
export function rollingType(operation: Rolling, dtype: NumericType): NumericType {
  if (operation === 'count') return 'int64';
  if (operation === 'min' || operation === 'max' || dtype === 'float32' || dtype === 'float64') return dtype;
  if (operation !== 'sum') return 'float64';
  return isUnsigned(dtype) ? 'uint64' : 'int64';
}

const kinds: Record<Exclude<Rolling, 'median'>, FoldKind> = {
  mean: 'sum',
  sum: 'sum',
  count: 'sum',
  min: 'min',
  max: 'max',
  std: 'moments',
  var: 'moments',
};

/**
 * A reduction of the window around each element along a dimension. Missing and NaN are left out; where fewer than
 * `windows.least` elements are left, the result is missing. It takes as long for long windows as for short ones, and
 * medians little longer.
 */
export function rolling(
  operation: Rolling,
  array: MaskedArray,
  axis: number,
  windows: Windows,
  memory: Allocator = ordinaryMemory,
): MaskedArray {
  const dtype = rollingType(operation, array.dtype as NumericType);
  const shape = array.shape.with(axis, windows.count);
  const count = elementCount(shape);
  const mask = memory.zeros('uint8', count) as Uint8Array;
  const masked = { dtype, shape, values: memory.array(dtype, count), mask };
  if (count === 0) return masked;
  // Sums of 64-bit integers are exact, which float64 is not.
  if (isBigInt(array.dtype) && ['sum', 'min', 'max'].includes(operation)) {
    rollExactly(operation as 'sum', array, axis, windows, masked);
    return withoutIdleMask(masked);
  }
  const least = operation === 'count' ? 0 : Math.max(1, windows.least);
  const roll =
    operation === 'median'
      ? rollMedians
      : folding(operation, mostColumns(array, axis), array.shape[axis], windows);
  visitStrips(array, axis, (strip) => storeStrip(roll(strip, windows), strip, masked, axis, least));
  return withoutIdleMask(masked);
}

function withoutIdleMask(array: MaskedArray): MaskedArray {
  return array.mask?.includes(1) ? array : { ...array, mask: undefined };
}

function folding(operation: Exclude<Rolling, 'median'>, columns: number, rows: number, { count }: Windows) {
  const kind = kinds[operation];
  const [forwards, backwards] = [createFolds(columns * rows, kind), createFolds(columns * rows, kind)];
  const result = createFolds(columns * count, kind);
  return (strip: Strip, windows: Windows): StripResult => {
    const { values, length, width } = strip;
    const size = windows.before + windows.after + 1;
    const index = (i: number) => windows.start + i;
    foldColumns(forwards, kind, values, length, width, 1, (i) => index(i) % size === 0);
    foldColumns(backwards, kind, values, length, width, -1, (i) => (index(i) + 1) % size === 0);
    for (let place = 0; place < windows.count; place++) {
      const [low, high] = windowOf(windows, windows.first + place);
      const to = place * width;
      const from = (low - windows.start) * width;
      const until = (high - windows.start) * width;
      // A window within a block is one that an end of the dimension cuts, or all of the block.
      if (Math.floor(low / size) !== Math.floor(high / size))
        joinFolds(kind, result, to, backwards, from, forwards, until, width);
      else if (low % size === 0) copyFold(result, to, forwards, until, width);
      else copyFold(result, to, backwards, from, width);
    }
    return finished(operation, result, windows.count * width);
  };
}

function finished(operation: Rolling, { counts, values, squares }: Folds, length: number): StripResult {
  if (operation === 'count') return { values: counts, counts };
  const from = operation === 'var' || operation === 'std' ? squares : values;
  if (operation === 'sum' || operation === 'min' || operation === 'max') return { values: from, counts };
  for (let i = 0; i < length; i++) from[i] /= counts[i];
  if (operation === 'std') for (let i = 0; i < length; i++) from[i] = Math.sqrt(from[i]);
  return { values: from, counts };
}
