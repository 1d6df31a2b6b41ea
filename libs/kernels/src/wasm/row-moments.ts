import type { loops } from '../reduce/loops.ts';
import type { Float } from './kernels.ts';
import { readySimd } from './simd.ts';
import { maskSlot, xSlot } from './slots.ts';

type Loops = typeof loops;

/**
 * Mean and squares of a row of cells that get one element each; with cells outside of the arena the plain loop does it, and of what were integers of
 * 64 bits, which have no counts of NaN.
 */
export function spreadMoments(dtype: Float, plain: Loops['spreadMoments']): Loops['spreadMoments'] {
  const name = `spreadMoments_${dtype}` as const;
  return (x, at, length, merged, means, squares, cell, nan, mask, missing) => {
    const simd = readySimd(length);
    const cells = mask === undefined ? [merged, means, squares, nan] : [merged, means, squares, nan, missing];
    if (simd === undefined || !cells.every((each) => each !== undefined && simd.arena.holds(each))) {
      plain(x, at, length, merged, means, squares, cell, nan, mask, missing);
      return;
    }
    const { stage, kernels } = simd;
    const block = stage.blockOf(length, x, mask);
    for (let i = 0; i < length; i += block) {
      const count = Math.min(block, length - i);
      const place = (array: Float64Array) => array.byteOffset + 8 * (cell + i);
      kernels[name](
        stage.bring(xSlot, x, at + i, count),
        mask === undefined ? 0 : stage.bring(maskSlot, mask, at + i, count),
        count,
        place(merged),
        place(means),
        place(squares),
        place(nan),
        mask === undefined ? 0 : place(missing),
      );
    }
  };
}
