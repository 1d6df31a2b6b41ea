import { allocateValues, type MaskedArray, type NumericValues } from '@hyperslab/array';
import type { RowLayout } from './apply-rows.ts';

/** Puts together what was made of strips of targets. */
export class WholeOfStrips {
  readonly #layout: RowLayout;
  readonly #targets: number;
  #whole: MaskedArray | undefined;
  #at = 0;

  constructor(layout: RowLayout, targets: number) {
    this.#layout = layout;
    this.#targets = targets;
  }

  /** Adds the next targets, so many. */
  add({ dtype, values, mask }: MaskedArray, count: number): void {
    const { outer, inner } = this.#layout;
    const elements = outer * this.#targets * inner;
    this.#whole ??= { dtype, shape: [], values: allocateValues(dtype, elements) };
    this.#put(values as NumericValues, this.#whole.values as NumericValues, count);
    if (mask !== undefined) {
      this.#whole.mask ??= new Uint8Array(elements);
      this.#put(mask, this.#whole.mask, count);
    }
    this.#at += count;
  }

  finish(shape: number[]): MaskedArray {
    return { ...this.#whole!, shape };
  }

  #put(from: NumericValues, to: NumericValues, count: number): void {
    const { outer, inner } = this.#layout;
    const length = count * inner;
    for (let o = 0; o < outer; o++)
      (to as Float64Array).set(
        (from as Float64Array).subarray(o * length, (o + 1) * length),
        (o * this.#targets + this.#at) * inner,
      );
  }
}
