import { readySimd } from './simd.ts';

/** Elements at a time, of arrays that do not lie in the arena. */
const block = 8192;
/** Distance of their planes: planes whose places differ by a power of two would push each other out of the cache. */
const planeStride = block + 64;
/** Planes of elements of 8 bytes take a little more than the first slot of the stage. */
const [planesSlot, resultSlot] = [0, 2];

/**
 * Brings together bytes that HDF5's shuffle filter put apart: byte b of element i is `bytes[b * count + i]`. False, and nothing done, where
 * there is no kernel for it: for other widths than 2, 4 and 8, for a few elements, or without vectors.
 */
export function unshuffleByKernel(
  bytes: Uint8Array,
  width: number,
  count: number,
  result: Uint8Array,
): boolean {
  if (width !== 2 && width !== 4 && width !== 8) return false;
  const simd = readySimd(count);
  if (simd === undefined) return false;
  const { stage, kernels, arena } = simd;
  const run = kernels[`unshuffle${width}`];
  const inPlace = arena.holds(bytes);
  const step = inPlace && arena.holds(result) ? count : block;
  for (let i = 0; i < count; i += step) {
    const some = Math.min(step, count - i);
    for (let plane = 0; plane < width && !inPlace; plane++)
      stage.copyIn(planesSlot, plane * planeStride, bytes, plane * count + i, some);
    const from = inPlace ? bytes.byteOffset + i : stage.slot(planesSlot);
    run(from, inPlace ? count : planeStride, some, stage.place(resultSlot, result, i * width));
    stage.take(resultSlot, result, i * width, some * width);
  }
  return true;
}
