import { itemSize, type NumericValues } from '@hyperslab/array';
import { type Allocator, ordinaryMemory } from '../allocator.ts';
import { type Simd, simd } from './simd.ts';

/**
 * Arrays with one lifetime in the arena of a thread, such as those of a tile from its bytes to its sums. What finds no room there is ordinary
 * memory. Once released they must not be used any more; what outlives them is copied before.
 */
export class Region implements Allocator, Disposable {
  readonly #simd: Simd | undefined;
  readonly #offsets: number[] = [];

  /** Without kernels all arrays are ordinary ones. */
  constructor(ready: Simd | undefined) {
    this.#simd = ready;
  }

  array(dtype: string, count: number): NumericValues {
    const offset = this.#take(count * itemSize(dtype));
    return offset === undefined
      ? ordinaryMemory.array(dtype, count)
      : this.#simd!.arena.view(dtype, offset, count);
  }

  zeros(dtype: string, count: number): NumericValues {
    const bytes = count * itemSize(dtype);
    const offset = this.#take(bytes);
    if (offset === undefined) return ordinaryMemory.zeros(dtype, count);
    this.#simd!.kernels.clear(offset, bytes);
    return this.#simd!.arena.view(dtype, offset, count);
  }

  /** Frees all arrays; more may be made afterwards. */
  release(): void {
    for (const offset of this.#offsets.splice(0)) this.#simd!.arena.free(offset);
  }

  [Symbol.dispose](): void {
    this.release();
  }

  #take(bytes: number): number | undefined {
    const offset = this.#simd?.arena.take(bytes);
    if (offset !== undefined) this.#offsets.push(offset);
    return offset;
  }
}

/** A region of the arena of this thread; of ordinary memory where kernels with vectors are off. */
export function openRegion(): Region {
  return new Region(simd());
}
