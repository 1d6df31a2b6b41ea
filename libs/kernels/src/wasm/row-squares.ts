import type { loops } from '../reduce/loops.ts';
import type { Float } from './kernels.ts';
import { readySimd } from './simd.ts';
import { cellSlot, maskSlot, meanSlot, xSlot } from './slots.ts';

type Loops = typeof loops;

/** Squared differences from means of a row of cells. */
export function spreadSquares(dtype: Float, plain: Loops['spreadSquares']): Loops['spreadSquares'] {
  const name = `spreadSquares_${dtype}` as const;
  return (x, at, length, squares, cell, means, mask) => {
    const simd = readySimd(length);
    if (simd === undefined) {
      plain(x, at, length, squares, cell, means, mask);
      return;
    }
    const { stage, kernels } = simd;
    const block = stage.blockOf(length, x, squares, means);
    for (let i = 0; i < length; i += block) {
      const count = Math.min(block, length - i);
      const from = stage.bring(xSlot, x, at + i, count);
      const masked = mask === undefined ? 0 : stage.bring(maskSlot, mask, at + i, count);
      const to = stage.bring(cellSlot, squares, cell + i, count);
      const mean = stage.bring(meanSlot, means, cell + i, count);
      kernels[name](from, masked, count, to, mean);
      stage.take(cellSlot, squares, cell + i, count);
    }
  };
}

/** Squared differences from the mean of one cell. */
export function gatherSquares(dtype: Float, plain: Loops['gatherSquares']): Loops['gatherSquares'] {
  const name = `gatherSquares_${dtype}` as const;
  return (x, at, length, squares, cell, means, mask) => {
    const simd = readySimd(length);
    if (simd === undefined) {
      plain(x, at, length, squares, cell, means, mask);
      return;
    }
    const { stage, kernels } = simd;
    const block = stage.blockOf(length, x, mask);
    const total = stage.view(cellSlot, 'float64', 1) as Float64Array;
    total[0] = 0;
    for (let i = 0; i < length; i += block) {
      const count = Math.min(block, length - i);
      const from = stage.bring(xSlot, x, at + i, count);
      const masked = mask === undefined ? 0 : stage.bring(maskSlot, mask, at + i, count);
      kernels[name](from, masked, count, total.byteOffset, means[cell]);
    }
    squares[cell] += total[0];
  };
}
