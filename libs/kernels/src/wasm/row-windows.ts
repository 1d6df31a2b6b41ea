import type { NumberArray } from '@hyperslab/array';
import type { windowLoops } from '../reduce/window-loops.ts';
import type { Float } from './kernels.ts';
import { readySimd } from './simd.ts';
import { cellSlot, xSlot } from './slots.ts';

type WindowSum = (typeof windowLoops)['windowSum'];

/** Sums of windows behind each other, each to a cell of its own. */
export function windowSum(dtype: Float, plain: WindowSum): WindowSum {
  const name = `windowSum_${dtype}` as const;
  return (x, at, windows, length, sums, cell, nan) => {
    const simd = readySimd(windows * length);
    if (simd === undefined) {
      plain(x, at, windows, length, sums, cell, nan);
      return;
    }
    const { stage, kernels } = simd;
    const block = Math.floor(stage.blockOf(windows * length, x, sums) / length);
    for (let i = 0; i < windows; i += block) {
      const count = Math.min(block, windows - i);
      const to = stage.bring(cellSlot, sums, cell + i, count);
      const from = stage.bring(xSlot, x, at + i * length, count * length);
      const anyNan = kernels[name](from, count, length, to);
      stage.take(cellSlot, sums, cell + i, count);
      if (anyNan !== 0 && nan !== undefined) countNan(x, at + i * length, count, length, nan, cell + i);
    }
  };
}

function countNan(
  x: NumberArray,
  at: number,
  windows: number,
  length: number,
  nan: Float64Array,
  cell: number,
): void {
  for (let window = 0, i = at; window < windows; window++)
    for (const end = i + length; i < end; i++) if (Number.isNaN(x[i])) nan[cell + window]++;
}
