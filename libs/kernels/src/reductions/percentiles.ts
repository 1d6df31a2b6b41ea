import type { MaskedArray, NumericType } from '@hyperslab/array';
import { convert } from '../convert.ts';
import { hearCancel } from '../hear-cancel.ts';
import { type ReductionParameters, totalAt } from './reduction-kind.ts';

/** The parameter `percentiles` of reductions to percentiles: one, by default the median, or a list, for which a dimension is added. */
export function percentilesOf(parameters: ReductionParameters): { list: number[]; extents: number[] } {
  const percentiles = (parameters.percentiles ?? 50) as number | number[];
  if (typeof percentiles === 'number') return { list: [percentiles], extents: [] };
  return { list: percentiles, extents: [percentiles.length] };
}

/**
 * The result of percentiles of cells. `percentilesAt` answers those of a cell; undefined when it has no values, which is
 * NaN where `nan` is 1, else missing.
 */
export function percentileResult(
  dtype: NumericType,
  shape: readonly number[],
  parameters: ReductionParameters,
  nan: Uint8Array,
  percentilesAt: (cell: number) => readonly number[] | undefined,
): MaskedArray {
  const { list, extents } = percentilesOf(parameters);
  const values = new Float64Array(nan.length * list.length);
  let mask: Uint8Array | undefined;
  for (let cell = 0; cell < nan.length; cell++) {
    hearCancel();
    const first = cell * list.length;
    const found = percentilesAt(cell);
    if (found !== undefined) values.set(found, first);
    else if (nan[cell] === 1) values.fill(Number.NaN, first, first + list.length);
    else {
      mask ??= new Uint8Array(values.length);
      mask.fill(1, first, first + list.length);
    }
  }
  return { dtype, shape: [...shape, ...extents], values: convert(values, 'float64', dtype), mask };
}

/** How many elements the cell of most is made of. */
export function largestTotal(total: number | Float64Array, cells: number): number {
  let most = 0;
  for (let cell = 0; cell < (typeof total === 'number' ? 1 : cells); cell++)
    most = Math.max(most, totalAt(total, cell));
  return most;
}
