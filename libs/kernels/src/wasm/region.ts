import { itemSize, type NumericValues } from '@hyperslab/array';
import { type Allocator, ordinaryMemory } from '../allocator.ts';
import type { Arena } from './arena.ts';
import { type Simd, simd } from './simd.ts';

/** Of memory that is kept for an array, so much must be that array. */
const leastUsed = 0.9;

/**
 * Arrays with one lifetime in the arena of a thread, such as those of a tile from its bytes to its sums. What finds no room there is ordinary
 * memory. Once released they must not be used any more; what outlives them is copied before.
 */
export class Region implements Allocator, Disposable {
  readonly #simd: Simd | undefined;
  readonly #offsets = new Set<number>();
  readonly #released: (() => void)[] = [];

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

  /** The arena that it is a part of, if it is. */
  get arena(): Arena | undefined {
    return this.#simd?.arena;
  }

  /**
   * Leaves the memory of an array that was made here to the caller, who has its extent of the arena (`Arena.keep`) answered; undefined, and nothing
   * done, for other arrays and for those that are much less than the memory that was taken for them.
   */
  keep({ buffer, byteOffset, byteLength }: NumericValues): number | undefined {
    const arena = this.arena;
    if (arena === undefined || !this.#offsets.has(byteOffset)) return undefined;
    if (!arena.holds(new Uint8Array(buffer, 0, 0))) return undefined;
    if (byteLength < arena.lengthAt(byteOffset)! * leastUsed) return undefined;
    this.#offsets.delete(byteOffset);
    return arena.keep(byteOffset);
  }

  /** Has something done when all arrays are freed. */
  whenReleased(act: () => void): void {
    this.#released.push(act);
  }

  /** Frees all arrays; more may be made afterwards. */
  release(): void {
    for (const offset of this.#offsets) this.#simd!.arena.free(offset);
    this.#offsets.clear();
    for (const act of this.#released.splice(0)) act();
  }

  [Symbol.dispose](): void {
    this.release();
  }

  #take(bytes: number): number | undefined {
    const offset = this.#simd?.arena.take(bytes);
    if (offset !== undefined) this.#offsets.add(offset);
    return offset;
  }
}

/** A region of the arena of this thread; of ordinary memory where kernels with vectors are off. */
export function openRegion(): Region {
  return new Region(simd());
}
