import type { NumberArray } from '@hyperslab/array';
import type { Accumulator } from '../reduce/accumulator.ts';
import type { Float } from './kernels.ts';
import { readySimd, type Simd } from './simd.ts';

/** Kernels, and where the counts of an accumulator are; undefined where these are not in the arena, or each cell has a total of its own. */
function ready({ total, missing, nan }: Accumulator, cells: number) {
  const simd = readySimd(cells);
  if (simd === undefined || typeof total !== 'number') return undefined;
  const place = (counts: Float64Array | undefined) => (counts === undefined ? 0 : placeOf(simd, counts));
  const [absent, skipped] = [place(missing), place(nan)];
  if (absent === undefined || skipped === undefined) return undefined;
  return { simd, total, absent, skipped };
}

function placeOf({ arena }: Simd, values: ArrayBufferView): number | undefined {
  return arena.holds(values) ? values.byteOffset : undefined;
}

/** Whether any cell counts no element; undefined where there is no kernel to tell. */
export function anyUncountedByKernel(accumulator: Accumulator, cells: number): boolean | undefined {
  const found = ready(accumulator, cells);
  if (found === undefined) return undefined;
  const { simd, total, absent, skipped } = found;
  return simd.kernels.anyUncounted(total, absent, skipped, cells) !== 0;
}

/**
 * Divides sums by how many elements each counts less `ddof`, NaN where there are no more than that, and takes the root, if wanted. False, and nothing
 * done, where there is no kernel for it.
 */
export function divideByKernel(
  accumulator: Accumulator,
  sums: Float64Array,
  ddof: number,
  root: boolean,
  dtype: Float,
  output: NumberArray,
): boolean {
  const found = ready(accumulator, sums.length);
  if (found === undefined) return false;
  const { simd, total, absent, skipped } = found;
  const [from, to] = [placeOf(simd, sums), placeOf(simd, output)];
  if (from === undefined || to === undefined) return false;
  const run = simd.kernels[`divideByCount_${dtype}`];
  run(from, total, absent, skipped, ddof, root ? 1 : 0, to, sums.length);
  return true;
}
