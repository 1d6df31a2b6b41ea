import type { NumberArray } from '@hyperslab/array';
import type { Kernels } from './kernels.ts';
import { readySimd } from './simd.ts';
import { cellSlot, xSlot } from './slots.ts';

type Scaling = Extract<keyof Kernels, `scale_${string}`>;

/**
 * Writes `value * factor + offset` of each element, rounded after each step to the type of the output, float32 or float64. False, and
 * nothing done, where there is no kernel for it.
 */
export function scaleByKernel(
  values: NumberArray,
  from: string,
  to: 'float32' | 'float64',
  factor: number,
  offset: number,
  output: NumberArray,
): boolean {
  const simd = readySimd(values.length);
  const run = simd?.kernels[`scale_${from}_${to}` as Scaling];
  if (simd === undefined || run === undefined) return false;
  const { stage } = simd;
  const block = stage.blockOf(values.length, values, output);
  for (let i = 0; i < values.length; i += block) {
    const count = Math.min(block, values.length - i);
    run(stage.bring(xSlot, values, i, count), count, factor, offset, stage.place(cellSlot, output, i));
    stage.take(cellSlot, output, i, count);
  }
  return true;
}
