import type { Accumulator } from '../reduce/accumulator.ts';
import { readySimd } from './simd.ts';

/**
 * Merges mean and squares of `count` cells from `at` on into those from `cell` on of another accumulator, as `mergeMoments` of `reduce/combine.ts` does. False,
 * and nothing done, where there is no kernel for it.
 */
export function mergeByKernel(
  into: Accumulator,
  from: Accumulator,
  at: number,
  cell: number,
  count: number,
): boolean {
  const simd = readySimd(count);
  const { total } = from;
  if (simd === undefined || typeof total !== 'number') return false;
  const arrays = [into, from].flatMap(({ missing, nan, means, squares }) => [missing, nan, means, squares]);
  arrays.push(into.merged);
  if (!arrays.every((array) => array === undefined || simd.arena.holds(array))) return false;
  const place = (array: Float64Array | undefined, first: number) =>
    array === undefined ? 0 : array.byteOffset + 8 * first;
  simd.kernels.mergeMoments(
    total,
    place(from.missing, at),
    place(from.nan, at),
    place(from.means, at),
    place(from.squares, at),
    count,
    place(into.missing, cell),
    place(into.nan, cell),
    place(into.merged, cell),
    place(into.means, cell),
    place(into.squares, cell),
  );
  return true;
}
