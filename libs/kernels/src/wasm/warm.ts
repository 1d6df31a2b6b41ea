import type { Kernels } from './kernels.ts';
import { simd } from './simd.ts';
import { pageBytes, webAssembly } from './web-assembly.ts';

/** Enough for a few elements of every operand. */
const pages = 16;
/** Whatever a parameter means, it may be this number: a place, a step, or how many elements. */
const number = 64;

/**
 * Runs each kernel once, on a few zeros: a thread that starts then has compiled them before its first tile. They have a memory of their own for it:
 * in the arena others may have something. Answers how many there are: none where kernels are off.
 */
export function warmKernels(): number {
  const ready = simd();
  if (ready === undefined) return 0;
  const memory = new webAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const { exports } = new webAssembly.Instance(ready.module, { env: { memory } });
  const kernels = exports as Kernels;
  const all = Object.values(kernels) as ((...parameters: number[]) => unknown)[];
  for (const kernel of all) {
    kernels.clear(number, pageBytes);
    kernel(...new Array<number>(kernel.length).fill(number));
  }
  return all.length;
}
