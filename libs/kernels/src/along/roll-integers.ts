import { type BigIntArray, elementCount, type MaskedArray } from '@hyperslab/array';
import { type Windows, windowOf } from './window.ts';

/** Sums and extremes of windows of 64-bit integers, element by element; sums wrap, as of arrays. */
export function rollExactly(
  operation: 'sum' | 'min' | 'max',
  array: MaskedArray,
  axis: number,
  windows: Windows,
  result: MaskedArray & { mask: Uint8Array },
): void {
  const inner = elementCount(array.shape.slice(axis + 1));
  const outer = elementCount(array.shape.slice(0, axis));
  const values = array.values as BigIntArray;
  let at = 0;
  for (let o = 0; o < outer; o++) {
    for (let place = 0; place < windows.count; place++) {
      const [low, high] = windowOf(windows, windows.first + place);
      for (let j = 0; j < inner; j++, at++) {
        let total: bigint | undefined;
        let count = 0;
        for (let i = low; i <= high; i++) {
          const from = (o * array.shape[axis] + i - windows.start) * inner + j;
          if (array.mask !== undefined && array.mask[from] !== 0) continue;
          count++;
          total = total === undefined ? values[from] : combined(operation, total, values[from]);
        }
        const isMissing = count < Math.max(1, windows.least);
        (result.values as BigIntArray)[at] = isMissing ? 0n : total!;
        result.mask[at] = isMissing ? 1 : 0;
      }
    }
  }
}

function combined(operation: 'sum' | 'min' | 'max', a: bigint, b: bigint): bigint {
  if (operation === 'sum') return a + b;
  return (operation === 'min') === a < b ? a : b;
}
