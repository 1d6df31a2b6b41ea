import { simd } from './simd.ts';

/**
 * Runs each kernel once, on a few zeros: a thread that starts then has compiled them before its first tile. Answers how many there are: none
 * where kernels are off.
 */
export function warmKernels(): number {
  const ready = simd();
  if (ready === undefined) return 0;
  const { kernels, stage } = ready;
  const all = Object.values(kernels) as ((...parameters: number[]) => unknown)[];
  // Whatever a parameter means, it may be this number: the place of the first slot, a step within it, or how many elements of it.
  const number = stage.slot(0);
  for (const kernel of all) {
    kernels.clear(number, stage.slot(1) - number);
    kernel(...new Array<number>(kernel.length).fill(number));
  }
  return all.length;
}
