import { isFloat, type NumberArray } from '@hyperslab/array';
import type { NumberType } from './kernels.ts';
import { spreadCounts } from './row-counts.ts';
import { readySimd } from './simd.ts';
import { cellSlot, maskSlot, xSlot } from './slots.ts';

/** An extreme loop of `reduce/loops.ts` whose comparison is bound. */
export type ExtremeLoop = (
  x: NumberArray,
  at: number,
  length: number,
  extremes: NumberArray,
  cell: number,
  nan: Float64Array,
  mask: Uint8Array | undefined,
  missing: Float64Array,
) => void;

/** Extremes of a row of cells. */
export function spreadExtreme(dtype: NumberType, which: 'Min' | 'Max', plain: ExtremeLoop): ExtremeLoop {
  const name = `spread${which}_${dtype}` as const;
  return (x, at, length, extremes, cell, nan, mask, missing) => {
    const simd = readySimd(length);
    if (simd === undefined) {
      plain(x, at, length, extremes, cell, nan, mask, missing);
      return;
    }
    const { stage, kernels } = simd;
    const block = stage.blockOf(length, x, extremes, mask);
    for (let i = 0; i < length; i += block) {
      const count = Math.min(block, length - i);
      const from = stage.bring(xSlot, x, at + i, count);
      const masked = mask === undefined ? 0 : stage.bring(maskSlot, mask, at + i, count);
      const to = stage.bring(cellSlot, extremes, cell + i, count);
      const anyNan = kernels[name](from, masked, count, to);
      stage.take(cellSlot, extremes, cell + i, count);
      const counted = anyNan !== 0 && isFloat(dtype) ? dtype : undefined;
      spreadCounts(simd, counted, from, masked, count, cell + i, nan, missing);
    }
  };
}

/** The extreme of one cell. */
export function gatherExtreme(dtype: NumberType, which: 'Min' | 'Max', plain: ExtremeLoop): ExtremeLoop {
  const name = `gather${which}_${dtype}` as const;
  return (x, at, length, extremes, cell, nan, mask, missing) => {
    const simd = readySimd(length);
    if (simd === undefined) {
      plain(x, at, length, extremes, cell, nan, mask, missing);
      return;
    }
    const { stage, kernels } = simd;
    const block = stage.blockOf(length, x, mask);
    const extreme = stage.view(cellSlot, dtype, 1) as NumberArray;
    extreme[0] = extremes[cell];
    let [absent, skipped] = [0, 0];
    for (let i = 0; i < length; i += block) {
      const count = Math.min(block, length - i);
      const from = stage.bring(xSlot, x, at + i, count);
      const masked = mask === undefined ? 0 : stage.bring(maskSlot, mask, at + i, count);
      const anyNan = kernels[name](from, masked, count, extreme.byteOffset);
      if (masked !== 0) absent += kernels.countMissing(masked, count);
      if (anyNan !== 0 && isFloat(dtype)) skipped += kernels[`countNan_${dtype}`](from, masked, count);
    }
    extremes[cell] = extreme[0];
    if (absent > 0) missing[cell] += absent;
    if (skipped > 0) nan[cell] += skipped;
  };
}
